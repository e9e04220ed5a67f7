package dev.slotmesh.resp;

import java.math.BigInteger;

/**
 * The first 17 decimal digits of a double, rounded, by one multiplication of 64 by 128 bits instead of exact arithmetic. What
 * the cut-off bits of the power of ten could change is recognised and left to the caller.
 */
final class DoubleDigits {
    /** Instead of digits: so near to the middle between two results that it takes exact arithmetic. */
    static final long UNDECIDED = -1;

    private static final int DIGITS_BEHIND_FIRST = 16;
    private static final int LOWEST_POWER = DIGITS_BEHIND_FIRST - 309;
    private static final int HIGHEST_POWER = DIGITS_BEHIND_FIRST + 325;
    private static final int POWER_BITS = 128;

    /** For each power of ten its first 128 bits, high word first. */
    private static final long[] BITS = new long[2 * (HIGHEST_POWER - LOWEST_POWER + 1)];

    /** For each power of ten the exponent of two that its 128 bits are to be multiplied with. */
    private static final int[] EXPONENTS = new int[HIGHEST_POWER - LOWEST_POWER + 1];

    static {
        for (int power = LOWEST_POWER; power <= HIGHEST_POWER; power++) {
            fill(power);
        }
    }

    private DoubleDigits() {}

    /** The decimal exponent of a positive finite double, or one less: good for {@link #of}. */
    static int exponent(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int binary = bits >>> 52 == 0
                ? -1011 - Long.numberOfLeadingZeros(bits)
                : (int) (bits >>> 52) - 1023;
        // floor(binary * log10(2)), exact in this range.
        return (int) (binary * 315_653L >> 20);
    }

    /**
     * {@code value * 10^(16 - exponent)}, rounded half up: 17 digits if the exponent is the value's, 18 if it is one more.
     * {@link #UNDECIDED} when it is too near to the middle between two.
     */
    static long of(double value, int exponent) {
        long bits = Double.doubleToRawLongBits(value);
        long mantissa = bits & (1L << 52) - 1;
        int binary = (int) (bits >>> 52);
        if (binary == 0) {
            binary = 1;
        } else {
            mantissa |= 1L << 52;
        }
        int zeros = Long.numberOfLeadingZeros(mantissa);
        long left = mantissa << zeros;
        int index = DIGITS_BEHIND_FIRST - exponent - LOWEST_POWER;
        long high = multiplyHigh(left, BITS[2 * index]);
        long low = left * BITS[2 * index];
        long more = multiplyHigh(left, BITS[2 * index + 1]);
        low += more;
        if (Long.compareUnsigned(low, more) < 0) {
            high++;
        }
        int cut = -(binary - 1075 - zeros + EXPONENTS[index] + 64) - 64;
        long half = 1L << cut - 1;
        long fraction = high & (half << 1) - 1;
        // The product is cut off, so the true one may be a few units of the low word higher.
        if ((fraction == half && low == 0) || (fraction == half - 1 && low < 0 && low >= -4)) {
            return UNDECIDED;
        }
        return (high >>> cut) + (fraction >= half ? 1 : 0);
    }

    private static void fill(int power) {
        BigInteger ten = BigInteger.TEN.pow(Math.abs(power));
        int length = ten.bitLength();
        int shift = power >= 0 ? POWER_BITS - length : length + POWER_BITS - 1;
        BigInteger bits;
        if (power >= 0) {
            bits = shift >= 0 ? ten.shiftLeft(shift) : ten.shiftRight(-shift);
        } else {
            bits = BigInteger.ONE.shiftLeft(shift).divide(ten);
        }
        int index = power - LOWEST_POWER;
        BITS[2 * index] = bits.shiftRight(64).longValue();
        BITS[2 * index + 1] = bits.longValue();
        EXPONENTS[index] = -shift;
    }

    private static long multiplyHigh(long x, long y) {
        return Math.multiplyHigh(x, y) + ((x >> 63) & y) + ((y >> 63) & x);
    }
}
