package dev.slotmesh.resp;

import io.netty.buffer.ByteBuf;

/**
 * Decimal numbers as Redis reads counts and lengths: an optional minus sign and digits with no
 * leading zero. No plus sign, no space, no "-0".
 */
final class LengthText {
    /**
     * Answer for text that is no such number or does not fit 64 bits. Itself beyond every limit on
     * a count or length.
     */
    static final long INVALID = Long.MAX_VALUE;

    private static final int MAX_DIGITS = 19;

    /** Masks for words read with the line's first byte lowest. */
    private static final long BYTE = 0xFF;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private LengthText() {}

    /** The count in a word that begins {@code *n CR}, 0..9, or -1 for any other word. */
    static int oneDigitCount(long word) {
        if ((word & 0xFF00FF) != ('\r' << 16 | '*')) {
            return -1;
        }
        int digit = (int) (word >>> 8 & BYTE) - '0';
        return digit <= 9 ? digit : -1;
    }

    /**
     * The length in a word that begins {@code $n CR} or {@code $nn CR}, 0..99, or a negative number
     * for any other word.
     */
    static int oneOrTwoDigits(long word) {
        int digit = (int) (word >>> 8 & BYTE) - '0';
        if ((word & 0xFF00FF) == ('\r' << 16 | '$')) {
            return digit <= 9 ? digit : -1;
        }
        int low = (int) (word >>> 16 & BYTE) - '0';
        boolean two = (word & 0xFF0000FFL) == ((long) '\r' << 24 | '$')
                && digit >= 1
                && digit <= 9
                && low >= 0
                && low <= 9;
        return two ? 10 * digit + low : -1;
    }

    /**
     * The length in a word that begins {@code $}, three to six digits without leading zero, CR; -1
     * for any other word.
     */
    static int threeToSixDigits(long word) {
        long differences = word ^ ONES * '\r';
        long returns = differences - ONES & ~differences & HIGH_BITS;
        int digits = (Long.numberOfTrailingZeros(returns) >>> 3) - 1;
        if ((word & BYTE) != '$' || digits < 3 || digits > 6 || (word >>> 8 & BYTE) == '0') {
            return -1;
        }
        int value = 0;
        for (int i = 1; i <= digits; i++) {
            int digit = (int) (word >>> 8 * i & BYTE) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }

    /** The bytes {@code from..end-1}, at most seven, as the lowest of a word, the rest 0. */
    static long tail(ByteBuf in, int from, int end) {
        if (from <= in.capacity() - Long.BYTES) {
            return end <= from ? 0 : in.getLongLE(from) & -1L >>> 8 * (Long.BYTES - (end - from));
        }
        long word = 0;
        for (int i = end - 1; i >= from; i--) {
            word = word << 8 | in.getByte(i) & BYTE;
        }
        return word;
    }

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
        // The smallest long has no positive counterpart.
        return value == Long.MIN_VALUE ? INVALID : -value;
    }
}
