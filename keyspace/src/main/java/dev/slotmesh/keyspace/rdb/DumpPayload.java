package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

/**
 * One value as DUMP gives and RESTORE takes it:
 *
 * <pre>
 *  | type | value | RDB version u16 | {@link Crc64} of all before u64 |     low bits first
 * </pre>
 */
public final class DumpPayload {
    /** The RDB version of what is written; what is read may be older. */
    public static final int VERSION = 10;

    private static final int FOOTER_BYTES = Short.BYTES + Long.BYTES;

    private DumpPayload() {}

    /**
     * Writes an entry's value. Needs the slot's lock.
     *
     * @param compressing whether long strings are compressed
     */
    public static void write(RdbSink sink, Slot slot, long entry, boolean compressing, long nowMs) {
        try (RdbWriter out = new RdbWriter(sink, compressing)) {
            out.writeByte(RdbValues.type(slot, entry));
            RdbValues.write(out, slot, entry, nowMs);
            out.writeShort(VERSION);
            out.writeLong(out.checksum());
            out.flush();
        }
    }

    /** Bytes that the value alone would take in a file. Needs the slot's lock. */
    public static long valueBytes(Slot slot, long entry, boolean compressing, long nowMs) {
        try (RdbWriter out = new RdbWriter(bytes -> {}, compressing)) {
            RdbValues.write(out, slot, entry, nowMs);
            return out.writtenBytes();
        }
    }

    /** Whether the version is one that can be read and the checksum is right. */
    public static boolean isIntact(ByteSpan payload) {
        int footer = payload.length() - FOOTER_BYTES;
        if (footer < 0) {
            return false;
        }
        int version = payload.byteAt(footer) | payload.byteAt(footer + 1) << Byte.SIZE;
        int summed = footer + Short.BYTES;
        return version <= VERSION
                && payload.longAt(summed) == Crc64.of(Crc64.START, payload.address(), summed);
    }

    /**
     * Stores the value of an intact payload under a key, replacing what it held, without a deadline. Needs the slot's lock.
     *
     * @param payload outside the keyspace, as {@code key}
     * @return the entry
     * @throws RdbFormatException when the value is wrong; nothing has changed then
     */
    public static long restore(ByteSpan payload, Slot slot, ByteSpan key, long nowMs) {
        ByteSpan value = new ByteSpan().set(payload);
        value.slice(0, payload.length() - FOOTER_BYTES);
        try (RdbReader in = new RdbReader(RdbSource.of(value))) {
            int type = RdbType.of(in.readByte(), VERSION);
            if (type == RdbType.STRING) {
                return RdbValues.readString(in, new ValueTarget(slot, key, nowMs));
            }
            // Put together aside: what the key held is replaced by a whole value or not at all.
            try (NativeBuffer aside = new NativeBuffer(key.length() + 1)) {
                absentKey(slot, key, aside);
                long entry = RdbValues.read(in, type, slot, aside.span(), nowMs);
                return slot.moveTo(entry, slot, key);
            }
        }
    }

    /** Fills {@code into} with a key that is absent and begins as another one. */
    static void absentKey(Slot slot, ByteSpan key, NativeBuffer into) {
        into.put(key);
        try (NativeBuffer mark = new NativeBuffer(1)) {
            ByteSpan zero = mark.zeros(1);
            do {
                into.append(zero);
            } while (slot.contains(into.span()));
        }
    }
}
