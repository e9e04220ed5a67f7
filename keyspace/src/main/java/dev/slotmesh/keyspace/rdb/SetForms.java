package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;
import static dev.slotmesh.keyspace.rdb.RdbFormatException.requireElements;

import dev.slotmesh.keyspace.Sets;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.ValueEncoding;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.packed.Intset;

/**
 * Sets.
 *
 * <pre>
 *  SET           count, members as strings
 *  SET_INTSET    an intset as a string
 *  SET_LISTPACK  a listpack as a string (since version 11)
 * </pre>
 */
final class SetForms {
    private static final int DIGITS = 24;

    private SetForms() {}

    static int type(Slot slot, long entry) {
        return slot.encoding(entry) == ValueEncoding.INTSET ? RdbType.SET_INTSET : RdbType.SET;
    }

    static void write(RdbWriter out, Slot slot, long entry) {
        if (slot.encoding(entry) == ValueEncoding.INTSET) {
            out.writeString(Sets.intset(slot, entry, new ByteSpan()));
        } else {
            out.writeLength(Sets.size(slot, entry));
            Sets.forEach(slot, entry, out::writeString);
        }
    }

    static long read(RdbReader in, int type, ValueTarget target) {
        return switch (type) {
            case RdbType.SET_INTSET -> readIntset(in, target);
            case RdbType.SET_LISTPACK -> readListpack(in, target);
            default -> readMembers(in, target);
        };
    }

    private static long readListpack(RdbReader in, ValueTarget target) {
        Slot slot = target.slot();
        long[] entry = {Slot.ABSENT};
        PackedText.ofListpack(in.readString(new ByteSpan()), member -> {
            if (entry[0] == Slot.ABSENT) {
                entry[0] = Sets.create(slot, target.key(), member, target.nowMs());
            }
            boolean isNew = Sets.add(slot, entry[0], member);
            require(isNew, "a member twice");
        });
        requireElements(entry[0] != Slot.ABSENT, "a set without members");
        return entry[0];
    }

    private static long readMembers(RdbReader in, ValueTarget target) {
        Slot slot = target.slot();
        ByteSpan member = new ByteSpan();
        int count = in.readCount();
        requireElements(count > 0, "a set without members");
        in.readString(member);
        long entry = Sets.create(slot, target.key(), member, target.nowMs());
        Sets.add(slot, entry, member);
        for (int left = count - 1; left > 0; left--) {
            boolean isNew = Sets.add(slot, entry, in.readString(member));
            require(isNew, "a member twice");
        }
        return entry;
    }

    private static long readIntset(RdbReader in, ValueTarget target) {
        Slot slot = target.slot();
        ByteSpan bytes = in.readString(new ByteSpan());
        require(Intset.isValid(bytes), "a broken intset");
        int limit = slot.database().keyspace().encodingLimits().intsetEntries();
        int count = Intset.count(bytes.address());
        if (count <= limit) {
            return Sets.load(slot, target.key(), bytes, target.nowMs());
        }
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            long first = Intset.get(bytes.address(), 0);
            long entry = Sets.create(slot, target.key(), digits.putLong(first), target.nowMs());
            for (int i = 0; i < count; i++) {
                Sets.add(slot, entry, digits.putLong(Intset.get(bytes.address(), i)));
            }
            return entry;
        }
    }
}
