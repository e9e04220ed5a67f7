package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.HashWalk;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.ValueEncoding;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.packed.Listpack;

/**
 * Hashes. Deadlines of fields have no place in RDB version 10 and are left out, with the fields that are past them.
 *
 * <pre>
 *  HASH           count, fields and values as strings
 *  HASH_LISTPACK  a listpack of fields and values as a string
 * </pre>
 */
final class HashForms {
    private static final int DIGITS = 24;

    private HashForms() {}

    static int type(Slot slot, long entry) {
        return slot.encoding(entry) == ValueEncoding.LISTPACK
                ? RdbType.HASH_LISTPACK
                : RdbType.HASH;
    }

    static void write(RdbWriter out, Slot slot, long entry, long nowMs) {
        ByteSpan text = new ByteSpan();
        if (slot.encoding(entry) == ValueEncoding.LISTPACK) {
            long listpack = Root.address(slot.root(entry));
            out.writeString(text.set(listpack, Listpack.totalBytes(listpack)));
            return;
        }
        HashWalk walk = new HashWalk(slot, entry, nowMs);
        out.writeLength(walk.count());
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            walk.forEach(name -> {
                out.writeString(FieldText.bytes(name, text, digits));
                out.writeString(FieldText.bytes(FieldText.valueOfName(name), text, digits));
            });
        }
    }

    static long read(RdbReader in, int type, ValueTarget target) {
        Slot slot = target.slot();
        long entry = Hashes.create(slot, target.key(), target.nowMs());
        try (TextPairs pairs = new TextPairs((field, value) -> {
            boolean isNew = Hashes.set(slot, entry, field, value, target.nowMs());
            require(isNew, "a field twice");
        })) {
            ByteSpan text = new ByteSpan();
            switch (type) {
                case RdbType.HASH -> {
                    for (long left = 2L * in.readCount(); left > 0; left--) {
                        pairs.visit(in.readString(text));
                    }
                }
                case RdbType.HASH_ZIPMAP -> PackedText.ofZipmap(in.readString(text), pairs);
                case RdbType.HASH_ZIPLIST -> PackedText.ofZiplist(in.readString(text), pairs);
                default -> PackedText.ofListpack(in.readString(text), pairs);
            }
            pairs.requireWhole();
        }
        require(Hashes.size(slot, entry) > 0, "a hash without fields");
        return entry;
    }
}
