package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;

/** The values of keys, type by type. All need the slot's lock. */
public final class RdbValues {
    private RdbValues() {}

    /** The byte before an entry's value that tells its form. */
    public static int type(Slot slot, long entry) {
        return switch (slot.type(entry)) {
            case STRING -> RdbType.STRING;
            case LIST -> RdbType.LIST_QUICKLIST_2;
            case SET -> SetForms.type(slot, entry);
            case ZSET -> SortedSetForms.type(slot, entry);
            case HASH -> HashForms.type(slot, entry);
            case STREAM -> RdbType.STREAM_LISTPACKS_2;
        };
    }

    /**
     * Writes an entry's value in the form that {@link #type} tells.
     *
     * @param nowMs milliseconds since 1970: parts whose time has passed are left out
     */
    public static void write(RdbWriter out, Slot slot, long entry, long nowMs) {
        switch (slot.type(entry)) {
            case STRING -> out.writeString(slot.stringValue(entry, out.scratch()));
            case LIST -> ListForms.write(out, slot, entry);
            case SET -> SetForms.write(out, slot, entry);
            case ZSET -> SortedSetForms.write(out, slot, entry);
            case HASH -> HashForms.write(out, slot, entry, nowMs);
            case STREAM -> StreamForms.write(out, slot, entry);
        }
    }

    /**
     * Reads a value and stores it under a key that is absent, without a deadline, in the encoding that the keyspace's limits
     * ask for.
     *
     * @param type as {@link #type} gave it, or one that another version wrote: {@link RdbType#of}
     * @param key outside the keyspace
     * @return the entry
     * @throws RdbFormatException when the bytes are wrong; the key is absent then
     */
    public static long read(RdbReader in, int type, Slot slot, ByteSpan key, long nowMs) {
        return read(in, type, new ValueTarget(slot, key, nowMs));
    }

    static long read(RdbReader in, int type, ValueTarget target) {
        boolean whole = false;
        try {
            long entry = readForm(in, type, target);
            whole = true;
            return entry;
        } finally {
            if (!whole) {
                target.slot().remove(target.key(), target.nowMs());
            }
        }
    }

    private static long readForm(RdbReader in, int type, ValueTarget target) {
        return switch (type) {
            case RdbType.STRING -> readString(in, target);
            case RdbType.LIST,
                    RdbType.LIST_ZIPLIST,
                    RdbType.LIST_QUICKLIST,
                    RdbType.LIST_QUICKLIST_2 -> ListForms.read(in, type, target);
            case RdbType.SET, RdbType.SET_INTSET, RdbType.SET_LISTPACK ->
                SetForms.read(in, type, target);
            case RdbType.ZSET, RdbType.ZSET_2, RdbType.ZSET_ZIPLIST, RdbType.ZSET_LISTPACK ->
                SortedSetForms.read(in, type, target);
            case RdbType.HASH, RdbType.HASH_ZIPMAP, RdbType.HASH_ZIPLIST, RdbType.HASH_LISTPACK ->
                HashForms.read(in, type, target);
            case RdbType.HASH_METADATA_PRE_GA,
                    RdbType.HASH_LISTPACK_EX_PRE_GA,
                    RdbType.HASH_METADATA,
                    RdbType.HASH_LISTPACK_EX,
                    RdbType.HASH_VALKEY -> TimedHashForms.read(in, type, target);
            case RdbType.STREAM_LISTPACKS, RdbType.STREAM_LISTPACKS_2, RdbType.STREAM_LISTPACKS_3 ->
                StreamReading.read(in, type, target);
            default -> throw new RdbFormatException("an unknown type");
        };
    }

    /** Stores a string, in the place of what the key held. */
    static long readString(RdbReader in, ValueTarget target) {
        ByteSpan value = in.readString(new ByteSpan());
        return target.slot().putString(target.key(), value, Slot.NO_EXPIRY, target.nowMs());
    }
}
