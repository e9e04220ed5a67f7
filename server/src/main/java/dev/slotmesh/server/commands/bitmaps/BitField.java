package dev.slotmesh.server.commands.bitmaps;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * An integer of 1 to 64 bits (63 when unsigned) somewhere in a value, its highest bit first.
 *
 * @param signed whether it is in two's complement
 * @param bits its width
 * @param offset where its highest bit is, 0 or more
 */
record BitField(boolean signed, int bits, long offset) {

    /** What becomes of a number that does not fit. */
    enum Overflow {
        WRAP,
        SAT,
        FAIL
    }

    /** The last of its bits. */
    long lastBit() {
        return offset + bits - 1;
    }

    /** Its number; bits past the value's end are 0. */
    long read(ByteSpan value) {
        long number = 0;
        int firstByte = (int) (offset >>> 3);
        int missing = bits;
        int skip = (int) (offset & 7);
        for (int at = firstByte; missing > 0; at++) {
            int taken = Math.min(missing, Byte.SIZE - skip);
            int whole = at < value.length() ? value.byteAt(at) : 0;
            int part = whole >>> (Byte.SIZE - skip - taken) & (1 << taken) - 1;
            number = number << taken | part;
            missing -= taken;
            skip = 0;
        }
        return signed ? signExtended(number) : number;
    }

    /** Stores a number's lowest {@link #bits()} bits; all of its place is inside the value. */
    void write(ByteSpan value, long number) {
        int at = (int) (offset >>> 3);
        int missing = bits;
        int skip = (int) (offset & 7);
        while (missing > 0) {
            int taken = Math.min(missing, Byte.SIZE - skip);
            int shift = Byte.SIZE - skip - taken;
            int mask = (1 << taken) - 1;
            int part = (int) (number >>> (missing - taken)) & mask;
            value.setByte(at, value.byteAt(at) & ~(mask << shift) | part << shift);
            missing -= taken;
            skip = 0;
            at++;
        }
    }

    /**
     * Whether and where {@code current + delta} leaves the range: below (-1), above (1) or not (0).
     *
     * <p>As in Redis 7.0 a number so far below a signed field that its distance from the highest leaves 64 bits counts as
     * above: SET with OVERFLOW SAT stores the highest then, and a replica must store the same.
     *
     * @param current any number for a signed field; for an unsigned one a negative number counts as beyond 2^63
     */
    int overflow(long current, long delta) {
        long sum = current + delta;
        if (signed ? bits < Long.SIZE && current < highest() - Long.MAX_VALUE : current < 0) {
            return 1;
        }
        if (((current ^ sum) & (delta ^ sum)) < 0) {
            return delta > 0 ? 1 : -1;
        }
        return sum > highest() ? 1 : sum < lowest() ? -1 : 0;
    }

    /** {@code current + delta} within the range, after an overflow to {@code side} (-1, 0, 1). */
    long fitted(long current, long delta, int side, Overflow policy) {
        if (side == 0) {
            return current + delta;
        }
        if (policy == Overflow.SAT) {
            return side > 0 ? highest() : lowest();
        }
        long low = (current + delta) & -1L >>> (Long.SIZE - bits);
        return signed ? signExtended(low) : low;
    }

    private long highest() {
        int valueBits = signed ? bits - 1 : bits;
        return (1L << valueBits) - 1;
    }

    private long lowest() {
        return signed ? -1L << (bits - 1) : 0;
    }

    private long signExtended(long number) {
        int unused = Long.SIZE - bits;
        return number << unused >> unused;
    }
}
