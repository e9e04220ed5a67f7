package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;
import static dev.slotmesh.keyspace.rdb.RdbFormatException.requireElements;

import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;

/**
 * Hashes with deadlines of fields, as Redis 7.4 and Valkey 9 write them; only read here, as version 10 has no such types:
 * see {@link TimedFields}. Deadlines are milliseconds since 1970.
 *
 * <pre>
 *  HASH_METADATA           earliest deadline u64, count, each: deadline (0 none, 1 the earliest, ..), field, value
 *  HASH_METADATA_PRE_GA    count, each: deadline (0 none), field, value
 *  HASH_LISTPACK_EX        earliest deadline u64, a listpack of fields, values and deadlines (0 none) as a string
 *  HASH_LISTPACK_EX_PRE_GA the listpack alone
 *  HASH_VALKEY             count, each: field, value, deadline u64 (-1 none)
 * </pre>
 */
final class TimedHashForms {
    private static final int FIRST_BYTES = 64;
    private static final int DIGITS = 24;
    /** A time at which no field is past its deadline: so a field that comes twice is found. */
    static final long ALL_ALIVE = 0;

    private final Slot slot;
    private final long entry;

    private TimedHashForms(ValueTarget target) {
        this.slot = target.slot();
        this.entry = Hashes.create(slot, target.key(), target.nowMs());
    }

    static long read(RdbReader in, int type, ValueTarget target) {
        TimedHashForms forms = new TimedHashForms(target);
        switch (type) {
            case RdbType.HASH_METADATA -> forms.readFields(in, in.readLong());
            case RdbType.HASH_METADATA_PRE_GA -> forms.readFields(in, 1);
            case RdbType.HASH_VALKEY -> forms.readValkey(in);
            default -> {
                if (type == RdbType.HASH_LISTPACK_EX) {
                    in.readLong();
                }
                forms.readListpack(in.readString(new ByteSpan()));
            }
        }
        requireElements(Hashes.size(forms.slot, forms.entry) > 0, "a hash without fields");
        return forms.entry;
    }

    private void readFields(RdbReader in, long earliest) {
        ByteSpan text = new ByteSpan();
        try (NativeBuffer field = new NativeBuffer(FIRST_BYTES)) {
            for (int left = in.readCount(); left > 0; left--) {
                long later = in.readNumber();
                field.put(in.readString(text));
                long deadline = later == 0 ? 0 : earliest + later - 1;
                set(field.span(), in.readString(text), later == 0, deadline);
            }
        }
    }

    private void readValkey(RdbReader in) {
        ByteSpan text = new ByteSpan();
        try (NativeBuffer field = new NativeBuffer(FIRST_BYTES);
                NativeBuffer value = new NativeBuffer(FIRST_BYTES)) {
            for (int left = in.readCount(); left > 0; left--) {
                field.put(in.readString(text));
                value.put(in.readString(text));
                long deadline = in.readLong();
                set(field.span(), value.span(), deadline == FieldDeadlines.NONE, deadline);
            }
        }
    }

    private void readListpack(ByteSpan bytes) {
        long listpack = bytes.address();
        require(Listpack.isValid(listpack, bytes.length()), "a broken listpack");
        require(Listpack.count(listpack) % 3 == 0, "a field without a deadline");
        ByteSpan field = new ByteSpan();
        ByteSpan value = new ByteSpan();
        ByteSpan text = new ByteSpan();
        try (NativeBuffer fieldDigits = new NativeBuffer(DIGITS);
                NativeBuffer valueDigits = new NativeBuffer(DIGITS);
                NativeBuffer digits = new NativeBuffer(DIGITS)) {
            int at = Listpack.first(listpack);
            while (at != Listpack.NONE) {
                int second = Listpack.next(listpack, at);
                int third = Listpack.next(listpack, second);
                ListpackEntry.text(listpack + at, field, fieldDigits);
                ListpackEntry.text(listpack + second, value, valueDigits);
                ListpackEntry.text(listpack + third, text, digits);
                require(text.isLong(), "a deadline that is no number");
                long deadline = text.parseLong();
                set(field, value, deadline == 0, deadline);
                at = Listpack.next(listpack, third);
            }
        }
    }

    private void set(ByteSpan field, ByteSpan value, boolean forEver, long deadline) {
        boolean isNew = Hashes.set(slot, entry, field, value, ALL_ALIVE);
        require(isNew, "a field twice");
        if (!forEver) {
            require(deadline > 0 && deadline <= TimedFields.LATEST, "a deadline out of range");
            FieldDeadlines.set(slot, entry, field, deadline);
        }
    }
}
