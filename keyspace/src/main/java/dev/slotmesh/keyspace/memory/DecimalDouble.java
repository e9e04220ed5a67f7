package dev.slotmesh.keyspace.memory;

import java.math.BigInteger;

/**
 * Reads decimal numbers as doubles, rounded to the nearest, ties to even, without garbage in all but the rarest cases.
 *
 * <p>Up to 19 digits are taken as an integer w and the number is w * 10^q. With w below 2^53 and q within 22 one operation on
 * doubles is exact. Else w is multiplied by the first 128 bits of 10^q; where the error of those cannot change the result
 * (always, but for one number in some billions) it is rounded from there, as Lemire's "Number Parsing at a Gigabyte per
 * Second" (2021) shows; where it could, and for longer texts, the runtime's own parser is asked.
 */
public final class DecimalDouble {
    private static final int MOST_DIGITS = 19;
    private static final int EXACT_POWER = 22;
    private static final long EXACT_INTEGER = 1L << 53;
    private static final int LOWEST_POWER = -342;
    private static final int HIGHEST_POWER = 308;
    private static final int LOWEST_ROUNDED_UP = -27;
    private static final int LARGEST_EXPONENT = 100_000;
    private static final double[] EXACT_POWERS = exactPowers();
    private static final long[] POWERS = powers();

    private DecimalDouble() {}

    /**
     * The number that a span spells: optional sign, digits with an optional point among, before or behind them, and an
     * optional exponent ({@code e}, optional sign, digits). NaN for anything else. A number too large is infinite, one
     * too small is 0 or subnormal.
     */
    public static double parse(ByteSpan text) {
        long at = text.address();
        long end = at + text.length();
        if (at == end) {
            return Double.NaN;
        }
        int sign = NativeMemory.readByte(at);
        if (sign == '-' || sign == '+') {
            at++;
        }
        long digits = 0;
        int significant = 0;
        int exponent = 0;
        boolean any = false;
        boolean point = false;
        boolean cut = false;
        for (; at < end; at++) {
            int digit = NativeMemory.readByte(at) - '0';
            if (digit == '.' - '0' && !point) {
                point = true;
                continue;
            }
            if (digit < 0 || digit > 9) {
                break;
            }
            any = true;
            if (significant < MOST_DIGITS) {
                digits = digits * 10 + digit;
                significant += digits == 0 ? 0 : 1;
                exponent -= point ? 1 : 0;
            } else {
                cut |= digit != 0;
                exponent += point ? 0 : 1;
            }
        }
        if (!any) {
            return Double.NaN;
        }
        if (at < end) {
            int written = exponent(at, end);
            if (written == Integer.MIN_VALUE) {
                return Double.NaN;
            }
            exponent += written;
        }
        double value = cut ? Double.NaN : nearest(digits, exponent);
        if (Double.isNaN(value)) {
            return Double.parseDouble(latin1(text));
        }
        return sign == '-' ? -value : value;
    }

    /** The exponent written from its letter to the end, within some hundred thousand; the lowest integer if it is none. */
    private static int exponent(long from, long end) {
        long at = from + 1;
        if ((NativeMemory.readByte(from) | 0x20) != 'e' || at == end) {
            return Integer.MIN_VALUE;
        }
        int sign = NativeMemory.readByte(at);
        if (sign == '-' || sign == '+') {
            at++;
        }
        if (at == end) {
            return Integer.MIN_VALUE;
        }
        int value = 0;
        for (; at < end; at++) {
            int digit = NativeMemory.readByte(at) - '0';
            if (digit < 0 || digit > 9) {
                return Integer.MIN_VALUE;
            }
            value = Math.min(LARGEST_EXPONENT, value * 10 + digit);
        }
        return sign == '-' ? -value : value;
    }

    /** The double nearest to {@code digits * 10^exponent}, or NaN when that takes more precision than there is here. */
    private static double nearest(long digits, int exponent) {
        if (digits == 0 || exponent < LOWEST_POWER) {
            return 0;
        }
        if (exponent > HIGHEST_POWER) {
            return Double.POSITIVE_INFINITY;
        }
        if (digits > 0 && digits <= EXACT_INTEGER && Math.abs(exponent) <= EXACT_POWER) {
            return exponent < 0
                    ? digits / EXACT_POWERS[-exponent]
                    : digits * EXACT_POWERS[exponent];
        }
        int shift = Long.numberOfLeadingZeros(digits);
        long left = digits << shift;
        int index = 2 * (exponent - LOWEST_POWER);
        long high = multiplyHigh(left, POWERS[index]);
        long low = left * POWERS[index];
        if ((high & 0x1FF) == 0x1FF) {
            long more = multiplyHigh(left, POWERS[index + 1]);
            low += more;
            high += Long.compareUnsigned(low, more) < 0 ? 1 : 0;
            if (low == -1) {
                return Double.NaN;
            }
        }
        return assemble(high, low, shift, exponent);
    }

    /** Rounds the 128 bits of a product whose exponent follows from the power of ten and the shift. */
    private static double assemble(long high, long low, int shift, int exponent) {
        int top = (int) (high >>> 63);
        long mantissa = high >>> top + 9;
        // floor(log2(10^exponent)), by a multiplication that is exact in this range.
        int power = (int) ((217706L * exponent >> 16) + 1023 + 63 + top - shift);
        if (power <= 0) {
            return Double.NaN;
        }
        boolean maybeTie = Long.compareUnsigned(low, 1) <= 0
                && exponent >= -4
                && exponent <= 23
                && (mantissa & 3) == 1
                && mantissa << top + 9 == high;
        if (maybeTie) {
            mantissa &= ~1L;
        }
        mantissa = (mantissa + (mantissa & 1)) >>> 1;
        if (mantissa == EXACT_INTEGER) {
            mantissa >>>= 1;
            power++;
        }
        if (power >= 0x7FF) {
            return Double.POSITIVE_INFINITY;
        }
        return Double.longBitsToDouble((long) power << 52 | mantissa & EXACT_INTEGER / 2 - 1);
    }

    private static long multiplyHigh(long x, long y) {
        return Math.multiplyHigh(x, y) + ((x >> 63) & y) + ((y >> 63) & x);
    }

    private static double[] exactPowers() {
        double[] powers = new double[EXACT_POWER + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }

    /** For each power of ten its first 128 bits, high word first: cut, but for small negative powers the next above. */
    private static long[] powers() {
        long[] words = new long[2 * (HIGHEST_POWER - LOWEST_POWER + 1)];
        for (int q = LOWEST_POWER; q <= HIGHEST_POWER; q++) {
            BigInteger bits = BigInteger.TEN.pow(Math.abs(q));
            if (q >= 0) {
                int excess = bits.bitLength() - 128;
                bits = excess >= 0 ? bits.shiftRight(excess) : bits.shiftLeft(-excess);
            } else {
                int scale = bits.bitLength() + 127;
                bits = BigInteger.ONE.shiftLeft(scale).divide(bits);
                bits = q >= LOWEST_ROUNDED_UP ? bits.add(BigInteger.ONE) : bits;
            }
            words[2 * (q - LOWEST_POWER)] = bits.shiftRight(64).longValue();
            words[2 * (q - LOWEST_POWER) + 1] = bits.longValue();
        }
        return words;
    }

    private static String latin1(ByteSpan text) {
        return new String(text.toByteArray(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
