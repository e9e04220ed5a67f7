package dev.slotmesh.resp;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Doubles as Redis 7.0 prints them in replies: C's {@code %.17g}, with inf, -inf and nan.
 *
 * <p>The conversion is exact and the same on every JDK. {@code Double.toString} would be neither:
 * it gives the shortest text that reads back (0.1), where Redis gives 0.10000000000000001, and its
 * choice of digits changed with JDK 19.
 */
public final class DoubleText {
    /** Longest text, that of -1.7976931348623157e+308. */
    static final int LONGEST = 24;

    private static final int SIGNIFICANT_DIGITS = 17;
    private static final long MOST_DIGITS = 100_000_000_000_000_000L;
    private static final int LOWEST_PLAIN_EXPONENT = -4;
    private static final MathContext ROUNDING =
            new MathContext(SIGNIFICANT_DIGITS, RoundingMode.HALF_EVEN);

    /** Whole numbers below this have at most 16 digits and are printed as they are. */
    private static final double PLAIN_LIMIT = 1e16;

    private static final byte[] NAN = {'n', 'a', 'n'};
    private static final byte[] INFINITY = {'i', 'n', 'f'};

    private DoubleText() {}

    /** The text of this number; NaN of either sign is "nan". */
    public static String of(double value) {
        byte[] text = new byte[LONGEST];
        return new String(text, 0, write(value, text, 0), StandardCharsets.ISO_8859_1);
    }

    /**
     * Writes the text of this number. Allocates nothing but for one number in some billions.
     *
     * @param into with room for {@link #LONGEST} bytes from {@code offset} on
     * @return the index after the text
     */
    static int write(double value, byte[] into, int offset) {
        if (Double.isNaN(value)) {
            return copy(NAN, into, offset);
        }
        int at = offset;
        if (Double.doubleToRawLongBits(value) < 0) {
            into[at++] = '-';
        }
        double positive = Math.abs(value);
        if (positive == Double.POSITIVE_INFINITY) {
            return copy(INFINITY, into, at);
        }
        if (positive < PLAIN_LIMIT && positive == (long) positive) {
            return whole((long) positive, into, at);
        }
        int exponent = DoubleDigits.exponent(positive);
        long digits = DoubleDigits.of(positive, exponent);
        if (digits >= MOST_DIGITS) {
            exponent++;
            digits = DoubleDigits.of(positive, exponent);
            if (digits == MOST_DIGITS) {
                // Rounded up to the next power of ten.
                exponent++;
                digits /= 10;
            }
        }
        if (digits == DoubleDigits.UNDECIDED) {
            BigDecimal rounded = new BigDecimal(positive).round(ROUNDING);
            exponent = rounded.precision() - rounded.scale() - 1;
            digits = rounded.unscaledValue().longValueExact();
        }
        return decimal(withoutTrailingZeros(digits), exponent, into, at);
    }

    private static long withoutTrailingZeros(long digits) {
        long rest = digits;
        while (rest % 10 == 0) {
            rest /= 10;
        }
        return rest;
    }

    private static int decimal(long digits, int exponent, byte[] into, int offset) {
        boolean scientific = exponent < LOWEST_PLAIN_EXPONENT || exponent >= SIGNIFICANT_DIGITS;
        int at = offset;
        if (!scientific && exponent < 0) {
            into[at++] = '0';
            into[at++] = '.';
            for (int i = exponent + 1; i < 0; i++) {
                into[at++] = '0';
            }
            return whole(digits, into, at);
        }
        int before = scientific ? 1 : exponent + 1;
        int end = whole(digits, into, at);
        int count = end - at;
        if (count > before) {
            System.arraycopy(into, at + before, into, at + before + 1, count - before);
            into[at + before] = '.';
            end++;
        }
        for (; count < before; count++) {
            into[end++] = '0';
        }
        return scientific ? exponent(exponent, into, end) : end;
    }

    private static int exponent(int exponent, byte[] into, int offset) {
        int at = offset;
        into[at++] = 'e';
        into[at++] = (byte) (exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        if (size < 10) {
            into[at++] = '0';
        }
        return whole(size, into, at);
    }

    /** Writes a number that is not negative. */
    private static int whole(long number, byte[] into, int offset) {
        int length = 1;
        for (long rest = number / 10; rest != 0; rest /= 10) {
            length++;
        }
        long rest = number;
        for (int i = offset + length - 1; i >= offset; i--) {
            long next = rest / 10;
            into[i] = (byte) ('0' + (rest - 10 * next));
            rest = next;
        }
        return offset + length;
    }

    private static int copy(byte[] text, byte[] into, int offset) {
        System.arraycopy(text, 0, into, offset, text.length);
        return offset + text.length;
    }
}
