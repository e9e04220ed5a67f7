package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;
import static dev.slotmesh.keyspace.rdb.RdbFormatException.requireElements;

import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.HashWalk;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.ValueEncoding;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.packed.Listpack;

/**
 * Hashes. Deadlines of fields have no place in the values of RDB version 10 and are left out, with the fields that are past
 * them; a file has them in {@link TimedFields}.
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
        if (type != RdbType.HASH_LISTPACK) {
            return readFields(in, type, target);
        }
        ByteSpan listpack = in.readString(new ByteSpan());
        require(Listpack.isValid(listpack.address(), listpack.length()), "a broken listpack");
        Slot slot = target.slot();
        int most = slot.database().keyspace().encodingLimits().hashEntries();
        if (!PackedText.isPairs(listpack, most)) {
            return readPacked(listpack, target);
        }
        // As it is, even with values longer than the limit: Redis looks at their number only.
        long entry = slot.create(target.key(), KeyType.HASH, Slot.NO_EXPIRY, target.nowMs());
        long copy = Listpack.copy(listpack.address(), slot.stripe());
        slot.root(entry, ValueEncoding.LISTPACK, Root.of(slot.stripe(), copy));
        return entry;
    }

    private static long readPacked(ByteSpan listpack, ValueTarget target) {
        long entry = Hashes.create(target.slot(), target.key(), target.nowMs());
        try (TextPairs pairs = fields(target, entry)) {
            PackedText.ofListpack(listpack, pairs);
            pairs.requireWhole();
        }
        requireElements(Hashes.size(target.slot(), entry) > 0, "a hash without fields");
        return entry;
    }

    private static long readFields(RdbReader in, int type, ValueTarget target) {
        Slot slot = target.slot();
        long entry = Hashes.create(slot, target.key(), target.nowMs());
        try (TextPairs pairs = fields(target, entry)) {
            ByteSpan text = new ByteSpan();
            switch (type) {
                case RdbType.HASH -> {
                    for (long left = 2L * in.readCount(); left > 0; left--) {
                        pairs.visit(in.readString(text));
                    }
                }
                case RdbType.HASH_ZIPMAP -> PackedText.ofZipmap(in.readString(text), pairs);
                default -> PackedText.ofZiplist(in.readString(text), pairs);
            }
            pairs.requireWhole();
        }
        requireElements(Hashes.size(slot, entry) > 0, "a hash without fields");
        return entry;
    }

    /** Sets fields that must be new, with their deadlines. */
    private static TextPairs fields(ValueTarget target, long entry) {
        return new TextPairs((field, value) -> {
            boolean isNew =
                    Hashes.set(target.slot(), entry, field, value, TimedHashForms.ALL_ALIVE);
            require(isNew, "a field twice");
            long deadline = target.deadlines().getAsLong();
            if (deadline != FieldDeadlines.NONE) {
                FieldDeadlines.set(target.slot(), entry, field, deadline);
            }
        });
    }
}
