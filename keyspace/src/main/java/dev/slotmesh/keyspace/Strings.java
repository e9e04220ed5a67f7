package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * The writes of the string and bitmap commands that change a value in place, and reads of single bits. Each needs the
 * slot's lock and expects that the key is absent or a string (the command has answered WRONGTYPE otherwise). Deadlines are
 * kept; offsets and lengths that the client gave have been checked against the limits before.
 */
public final class Strings {
    /** Longest string, bytes: 512 MiB. */
    public static final int LONGEST = 512 * 1024 * 1024;

    private static final int GENEROUS = 1024 * 1024;

    private Strings() {}

    /** Whether {@code current + delta} leaves 64 bits: INCR and its kin refuse then. */
    public static boolean overflows(long current, long delta) {
        long sum = current + delta;
        return ((current ^ sum) & (delta ^ sum)) < 0;
    }

    /**
     * Stores an integer as its decimal form, encoding int, keeping the deadline.
     *
     * @return the entry
     */
    public static long putLong(Slot slot, ByteSpan key, long value, long nowMs) {
        return StringEntries.putLong(slot, key, value, nowMs);
    }

    /**
     * Appends to a string, creating it when absent (then with the encoding SET would give; else raw).
     *
     * @param suffix may lie in this keyspace
     * @return the length afterwards
     * @throws IllegalArgumentException when that would be more than {@link #LONGEST}
     */
    public static int append(Slot slot, ByteSpan key, ByteSpan suffix, long nowMs) {
        long entry = slot.find(key, nowMs);
        if (entry == Slot.ABSENT) {
            slot.putString(key, suffix, Slot.NO_EXPIRY, nowMs);
            return suffix.length();
        }
        int before = slot.stringLength(entry);
        requireLength((long) before + suffix.length());
        long extended = StringEntries.extend(slot, entry, before + suffix.length());
        slot.stringValue(extended, new ByteSpan()).copyFrom(suffix, before);
        if (extended != entry) {
            slot.entries().free(entry);
        }
        return before + suffix.length();
    }

    /**
     * Makes a string at least {@code minLength} bytes long, 1 to {@link #LONGEST}, padding with zero bytes, creating it
     * when absent, encoding raw; and points {@code into} at the whole value for writing: SETRANGE, SETBIT, BITFIELD.
     *
     * @return the entry
     * @throws IllegalArgumentException when {@code minLength} is out of range
     */
    public static long grow(Slot slot, ByteSpan key, int minLength, long nowMs, ByteSpan into) {
        requireLength(minLength);
        long entry = slot.find(key, nowMs);
        int before = entry == Slot.ABSENT ? 0 : slot.stringLength(entry);
        long grown;
        if (entry == Slot.ABSENT) {
            grown = StringEntries.createRaw(slot, key, minLength, nowMs);
        } else {
            grown = StringEntries.extend(slot, entry, minLength);
            if (grown != entry) {
                slot.entries().free(entry);
            }
        }
        slot.stringValue(grown, into);
        if (minLength > before) {
            into.zero(before, minLength - before);
        }
        return grown;
    }

    /**
     * Overwrites a string from {@code offset} with {@code bytes} (at least one), padding with zeros: SETRANGE.
     *
     * @param bytes do not lie in the value itself
     * @return the length afterwards
     * @throws IllegalArgumentException when that would be more than {@link #LONGEST}
     */
    public static int setRange(Slot slot, ByteSpan key, int offset, ByteSpan bytes, long nowMs) {
        requireLength((long) offset + bytes.length());
        ByteSpan value = new ByteSpan();
        grow(slot, key, offset + bytes.length(), nowMs, value);
        value.copyFrom(bytes, offset);
        return value.length();
    }

    /** The bit at {@code bitOffset} (0 is the highest of byte 0), 0 or 1; 0 past the end. */
    public static int getBit(ByteSpan value, long bitOffset) {
        long index = bitOffset >>> 3;
        return index >= value.length()
                ? 0
                : value.byteAt((int) index) >>> (7 - (int) (bitOffset & 7)) & 1;
    }

    /**
     * Sets the bit at {@code bitOffset}, 0 to 8 * {@link #LONGEST} - 1, growing the string to hold it.
     *
     * @param bit 0 or 1
     * @return the bit before, 0 or 1
     */
    public static int setBit(Slot slot, ByteSpan key, long bitOffset, int bit, long nowMs) {
        requireLength((bitOffset >>> 3) + 1);
        int index = (int) (bitOffset >>> 3);
        ByteSpan value = new ByteSpan();
        grow(slot, key, index + 1, nowMs, value);
        int shift = 7 - (int) (bitOffset & 7);
        int before = value.byteAt(index);
        value.setByte(index, before & ~(1 << shift) | (bit & 1) << shift);
        return before >>> shift & 1;
    }

    /** Ones in bytes {@code from} to {@code to}, both included and inside the value; 0 when {@code from > to}. */
    public static long bitCount(ByteSpan value, int from, int to) {
        long ones = 0;
        int index = from;
        for (; index + 7 <= to; index += 8) {
            ones += Long.bitCount(value.longAt(index));
        }
        for (; index <= to; index++) {
            ones += Integer.bitCount(value.byteAt(index));
        }
        return ones;
    }

    /**
     * Position of the first {@code bit} (0 or 1) in bytes {@code from} to {@code to}, both included and inside the value;
     * counted from bit 0 of the value; -1 when there is none.
     */
    public static long bitPosition(ByteSpan value, int bit, int from, int to) {
        long skip = bit == 0 ? -1L : 0L;
        int index = from;
        while (index + 7 <= to && value.longAt(index) == skip) {
            index += 8;
        }
        for (; index <= to; index++) {
            int wanted = bit == 0 ? ~value.byteAt(index) & 0xFF : value.byteAt(index);
            if (wanted != 0) {
                return index * 8L + Integer.numberOfLeadingZeros(wanted) - 24;
            }
        }
        return -1;
    }

    /** Bytes to reserve for a string that grew to {@code length}: double, or an eighth more for long ones. */
    static int capacityFor(int length) {
        long spare = Math.max(Math.min(length, GENEROUS), length / 8);
        return (int) Math.min(LONGEST, length + spare);
    }

    private static void requireLength(long length) {
        if (length < 0 || length > LONGEST) {
            throw new IllegalArgumentException("a string of " + length + " bytes");
        }
    }
}
