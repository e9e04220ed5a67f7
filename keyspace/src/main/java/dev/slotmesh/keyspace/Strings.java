package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * The writes of the string and bitmap commands that change a value in place. Each needs the slot's lock and expects that
 * the key is absent or a string (the command has answered WRONGTYPE otherwise). Deadlines are kept.
 */
public final class Strings {
    /** Longest string, bytes: 512 MiB. Callers refuse more before they come here. */
    public static final int LONGEST = 512 * 1024 * 1024;

    private Strings() {}

    /**
     * Whether {@code current + delta} leaves 64 bits: INCR and its kin refuse then.
     */
    public static boolean overflows(long current, long delta) {
        return ((current ^ (current + delta)) & (delta ^ (current + delta))) < 0;
    }

    /**
     * Stores an integer as its decimal form, encoding int, keeping the deadline.
     *
     * @return the entry
     */
    public static long putLong(Slot slot, ByteSpan key, long value, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends to a string, creating it when absent (then with the encoding SET would give; else raw).
     *
     * @return the length afterwards
     * @throws IllegalArgumentException when that would be more than {@link #LONGEST}
     */
    public static int append(Slot slot, ByteSpan key, ByteSpan suffix, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes a string at least {@code minLength} bytes long, 1 to {@link #LONGEST}, padding with zero bytes, creating it
     * when absent, encoding raw; and points {@code into} at the whole value for writing: SETRANGE, SETBIT, BITFIELD.
     *
     * @return the entry
     */
    public static long grow(Slot slot, ByteSpan key, int minLength, long nowMs, ByteSpan into) {
        throw new UnsupportedOperationException();
    }

    /**
     * Overwrites a string from {@code offset} with {@code bytes} (at least one), padding with zeros: SETRANGE.
     *
     * @return the length afterwards
     */
    public static int setRange(Slot slot, ByteSpan key, int offset, ByteSpan bytes, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** The bit at {@code bitOffset} (0 is the highest of byte 0), 0 or 1; 0 past the end. */
    public static int getBit(ByteSpan value, long bitOffset) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sets the bit at {@code bitOffset}, 0 to 8 * {@link #LONGEST} - 1, growing the string to hold it.
     *
     * @return the bit before, 0 or 1
     */
    public static int setBit(Slot slot, ByteSpan key, long bitOffset, int bit, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** Ones in bytes {@code from} to {@code to}, both included and inside the value. */
    public static long bitCount(ByteSpan value, int from, int to) {
        throw new UnsupportedOperationException();
    }

    /** Position of the first {@code bit} in bytes {@code from} to {@code to}, both included, or -1. */
    public static long bitPosition(ByteSpan value, int bit, int from, int to) {
        throw new UnsupportedOperationException();
    }
}
