package dev.slotmesh.resp;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Doubles as Redis 7.0 prints them in replies: C's {@code %.17g}, with inf, -inf and nan.
 *
 * <p>The conversion is exact and the same on every JDK. {@code Double.toString} would be neither:
 * it gives the shortest text that reads back (0.1), where Redis gives 0.10000000000000001, and its
 * choice of digits changed with JDK 19.
 */
public final class DoubleText {
    private static final int SIGNIFICANT_DIGITS = 17;
    private static final MathContext ROUNDING =
            new MathContext(SIGNIFICANT_DIGITS, RoundingMode.HALF_EVEN);

    /** Whole numbers below this have at most 16 digits and are printed as they are. */
    private static final double PLAIN_LIMIT = 1e16;

    private DoubleText() {}

    /** The text of this number; NaN of either sign is "nan". */
    public static String of(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        if (Math.abs(value) < PLAIN_LIMIT && value == (long) value) {
            return Long.toString((long) value);
        }
        BigDecimal rounded = new BigDecimal(Math.abs(value)).round(ROUNDING);
        int exponent = rounded.precision() - rounded.scale() - 1;
        String digits = withoutTrailingZeros(rounded.unscaledValue().toString());
        StringBuilder text = new StringBuilder(32);
        if (value < 0) {
            text.append('-');
        }
        if (exponent < -4 || exponent >= SIGNIFICANT_DIGITS) {
            scientific(text, digits, exponent);
        } else {
            positional(text, digits, exponent);
        }
        return text.toString();
    }

    private static String withoutTrailingZeros(String digits) {
        int end = digits.length();
        while (end > 1 && digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, end);
    }

    private static void scientific(StringBuilder text, String digits, int exponent) {
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        if (Math.abs(exponent) < 10) {
            text.append('0');
        }
        text.append(Math.abs(exponent));
    }

    private static void positional(StringBuilder text, String digits, int exponent) {
        if (exponent < 0) {
            text.append("0.");
            text.append("0".repeat(-exponent - 1));
            text.append(digits);
            return;
        }
        int whole = exponent + 1;
        if (digits.length() <= whole) {
            text.append(digits);
            text.append("0".repeat(whole - digits.length()));
        } else {
            text.append(digits, 0, whole).append('.').append(digits, whole, digits.length());
        }
    }
}
