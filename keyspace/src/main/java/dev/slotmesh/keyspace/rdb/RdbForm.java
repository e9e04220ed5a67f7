package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.AccessPolicy;
import dev.slotmesh.keyspace.HashWalk;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.NativeBuffer;

/**
 * Keys as RDB files of version 10 have them:
 *
 * <pre>
 *  library   F5 source text as a string
 *  database  FE number | FB keys expiring | key ..
 *  key       {@link TimedFields}, if any | FC deadline u64 (low bits first, ms since 1970), if any
 *            | F8 idle seconds or F9 counter u8, if wanted | type | key as a string | value
 * </pre>
 *
 * Keys past their deadline are written like others: who loads them decides.
 */
public final class RdbForm implements SnapshotForm {
    private static final int FIRST_BYTES = 1 << 10;

    private final boolean compressing;
    private final boolean withAccess;

    /**
     * @param compressing whether strings of more than 20 bytes are compressed when that makes them shorter
     * @param withAccess whether the access of each key is written, as Redis does when its eviction goes by it
     */
    public RdbForm(boolean compressing, boolean withAccess) {
        this.compressing = compressing;
        this.withAccess = withAccess;
    }

    @Override
    public boolean isCompressing() {
        return compressing;
    }

    @Override
    public void libraries(RdbWriter out, Libraries libraries) {
        try (NativeBuffer text = new NativeBuffer(FIRST_BYTES)) {
            for (byte[] source : libraries.sources()) {
                out.writeByte(RdbOpcode.FUNCTION);
                out.writeString(text.put(source));
            }
        }
    }

    @Override
    public void announce(RdbWriter out, int number, long keys, long expiring) {
        select(out, number);
        out.writeByte(RdbOpcode.RESIZE_DB);
        out.writeLength(keys);
        out.writeLength(expiring);
    }

    @Override
    public void select(RdbWriter out, int number) {
        out.writeByte(RdbOpcode.SELECT_DB);
        out.writeLength(number);
    }

    @Override
    public void write(RdbWriter out, Slot slot, long entry, long cutMs) {
        if (isEmptyHash(slot, entry, cutMs)) {
            return;
        }
        if (slot.type(entry) == KeyType.HASH) {
            TimedFields.write(out, slot, entry, cutMs);
        }
        long deadline = slot.expireAt(entry);
        if (deadline != Slot.NO_EXPIRY) {
            out.writeByte(RdbOpcode.EXPIRE_TIME_MS);
            out.writeLong(deadline);
        }
        if (withAccess) {
            writeAccess(out, slot, entry, cutMs);
        }
        out.writeByte(RdbValues.type(slot, entry));
        out.writeString(slot.key(entry, out.scratch()));
        RdbValues.write(out, slot, entry, cutMs);
    }

    /** All fields past their time, and not yet met: a hash without fields has no place in a file. */
    private static boolean isEmptyHash(Slot slot, long entry, long cutMs) {
        return slot.type(entry) == KeyType.HASH && new HashWalk(slot, entry, cutMs).count() == 0;
    }

    private static void writeAccess(RdbWriter out, Slot slot, long entry, long cutMs) {
        if (slot.database().keyspace().accessPolicy() == AccessPolicy.LRU) {
            out.writeByte(RdbOpcode.IDLE);
            out.writeLength(slot.idleSeconds(entry, cutMs));
        } else {
            out.writeByte(RdbOpcode.FREQ);
            out.writeByte(slot.accessFrequency(entry, cutMs));
        }
    }
}
