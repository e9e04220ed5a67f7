package dev.slotmesh.server.commands.bitmaps;

import dev.slotmesh.keyspace.Strings;
import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * The bits {@code first} to {@code last} of a value, both included, counted from the highest bit of byte 0. Whole bytes are
 * worked through by words, only the ragged ends bit by bit.
 *
 * @param first 0 or more; above {@code last} when the range is empty
 * @param last less than eight times the value's length
 */
record BitRange(long first, long last) {

    /**
     * The range between two positions, each counted from the end when negative, cut to the value.
     *
     * @param unitBits 8 when the positions are bytes, 1 when they are bits
     */
    static BitRange between(long start, long end, ByteSpan value, int unitBits) {
        long units = value.length() * (long) Byte.SIZE / unitBits;
        long from = Math.max(0, start < 0 ? start + units : start);
        long to = Math.min(units - 1, Math.max(0, end < 0 ? end + units : end));
        return from > to
                ? new BitRange(0, -1)
                : new BitRange(from * unitBits, to * unitBits + unitBits - 1);
    }

    boolean isEmpty() {
        return first > last;
    }

    /** Ones in the range. */
    long count(ByteSpan value) {
        if (isEmpty()) {
            return 0;
        }
        int from = (int) (first >>> 3);
        int to = (int) (last >>> 3);
        int before = value.byteAt(from) & ~(0xFF >>> (first & 7));
        int behind = value.byteAt(to) & (0x7F >>> (last & 7));
        return Strings.bitCount(value, from, to)
                - Integer.bitCount(before)
                - Integer.bitCount(behind);
    }

    /** Position in the value of the first {@code bit} in the range, or -1. */
    long find(ByteSpan value, int bit) {
        long wholeFrom = Math.min(last + 1, (first + 7) & ~7L);
        long wholeEnd = Math.max(wholeFrom, (last + 1) & ~7L);
        long found = findSingly(value, bit, first, wholeFrom);
        if (found < 0 && wholeFrom < wholeEnd) {
            found = Strings.bitPosition(
                    value, bit, (int) (wholeFrom >>> 3), (int) (wholeEnd >>> 3) - 1);
        }
        return found < 0 ? findSingly(value, bit, wholeEnd, last + 1) : found;
    }

    private static long findSingly(ByteSpan value, int bit, long from, long end) {
        for (long at = from; at < end; at++) {
            if (Strings.getBit(value, at) == bit) {
                return at;
            }
        }
        return -1;
    }
}
