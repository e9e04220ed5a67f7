package dev.slotmesh.resp;

import io.netty.buffer.ByteBuf;

/**
 * Decimal numbers as Redis reads counts and lengths: an optional minus sign and digits with no leading zero. No plus sign, no
 * space, no "-0".
 */
final class LengthText {
    /** Answer for text that is no such number or does not fit 64 bits. Itself never a valid count or length. */
    static final long INVALID = Long.MIN_VALUE;

    private static final int MAX_DIGITS = 19;

    private LengthText() {}

    /** The number in the bytes {@code from..end-1}, or INVALID. */
    static long parse(ByteBuf in, int from, int end) {
        if (from >= end) {
            return INVALID;
        }
        boolean negative = in.getByte(from) == '-';
        int first = negative ? from + 1 : from;
        int digits = end - first;
        if (digits < 1 || digits > MAX_DIGITS) {
            return INVALID;
        }
        if (in.getByte(first) == '0') {
            return digits == 1 && !negative ? 0 : INVALID;
        }
        long value = 0;
        for (int i = first; i < end; i++) {
            int digit = in.getByte(i) - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                return INVALID;
            }
            value = value * 10 - digit;
        }
        if (negative) {
            return value;
        }
        return value == Long.MIN_VALUE ? INVALID : -value;
    }
}
