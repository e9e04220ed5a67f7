package dev.slotmesh.server.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A number of the x87 extended format that C calls long double on x86-64: a 64-bit mantissa and a 15-bit exponent.
 *
 * <p>INCRBYFLOAT is defined by it, and replicas get its printed results, so that a double would drift away from real
 * nodes in the last digits. Numbers are exact decimals rounded to the format after each step; slow beside a double (about
 * a microsecond), in return identical on every JDK and every processor.
 *
 * @param sign -1, 0 or 1
 * @param value the exact value when {@code finite}, otherwise meaningless
 * @param finite false for the infinity of that sign, or for no number (sign 0)
 */
public record LongDouble(int sign, BigDecimal value, boolean finite) {
    /** Longest text that {@link #parse} takes, bytes. */
    public static final int LONGEST_TEXT = 5 * 1024 - 1;

    public static final LongDouble ZERO = new LongDouble(0, BigDecimal.ZERO, true);

    private static final LongDouble NOT_A_NUMBER = new LongDouble(0, BigDecimal.ZERO, false);
    private static final int MANTISSA_BITS = 64;
    private static final int PRINTED_DECIMALS = 17;

    /** Weight of the lowest bit of the smallest number, as a power of two. */
    private static final int LOWEST_BIT = -16445;

    /** The first power of two that is too large. */
    private static final int OVERFLOW_BIT = 16384;

    /** Decimal exponents beyond this (of the first digit) are out of range whatever the digits. */
    private static final int DECIMAL_RANGE = 5000;

    /** Binary exponents beyond this are out of range whatever the (at most 5 Ki) digits. */
    private static final int BINARY_RANGE = 40_000;

    /**
     * The number that a text means to C's strtold and Redis: decimal or hexadecimal with optional fraction and exponent,
     * or infinity; nothing before or behind it.
     *
     * @return empty when it is none, or is too large or too small for the format
     */
    public static Optional<LongDouble> parse(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > LONGEST_TEXT) {
            return Optional.empty();
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        boolean negative = text.charAt(0) == '-';
        String unsigned = text.substring(start);
        if (unsigned.equalsIgnoreCase("inf") || unsigned.equalsIgnoreCase("infinity")) {
            return Optional.of(infinity(negative ? -1 : 1));
        }
        FloatText parts = FloatText.of(unsigned);
        if (!parts.isNumber()) {
            return Optional.empty();
        }
        return parts.digits().signum() == 0
                ? Optional.of(ZERO)
                : ranged(parts)
                        .map(exact -> round(negative ? exact.negate() : exact))
                        .filter(number -> number.finite && number.sign != 0);
    }

    /** The exact value, unless it is so far out of range that computing it would be costly. */
    private static Optional<BigDecimal> ranged(FloatText parts) {
        BigDecimal digits = new BigDecimal(parts.digits());
        if (!parts.hexadecimal()) {
            long leading = parts.exponent() + digits.precision();
            return Math.abs(leading) > DECIMAL_RANGE
                    ? Optional.empty()
                    : Optional.of(digits.scaleByPowerOfTen((int) parts.exponent()));
        }
        if (Math.abs(parts.exponent()) > BINARY_RANGE) {
            return Optional.empty();
        }
        return Optional.of(timesPowerOfTwo(parts.digits(), (int) parts.exponent()));
    }

    private static LongDouble infinity(int sign) {
        return new LongDouble(sign, BigDecimal.ZERO, false);
    }

    /** The nearest number of the format, the even one of two equally near. */
    private static LongDouble round(BigDecimal exact) {
        if (exact.signum() == 0) {
            return ZERO;
        }
        BigInteger numerator = exact.unscaledValue().abs();
        BigInteger denominator = BigInteger.ONE;
        if (exact.scale() > 0) {
            denominator = BigInteger.TEN.pow(exact.scale());
        } else {
            numerator = numerator.multiply(BigInteger.TEN.pow(-exact.scale()));
        }
        int lowest = numerator.bitLength() - denominator.bitLength() - MANTISSA_BITS;
        BigInteger mantissa = quotient(numerator, denominator, Math.max(lowest, LOWEST_BIT));
        if (mantissa.bitLength() > MANTISSA_BITS) {
            lowest++;
            mantissa = quotient(numerator, denominator, Math.max(lowest, LOWEST_BIT));
        }
        int weight = Math.max(lowest, LOWEST_BIT);
        if (mantissa.bitLength() + weight > OVERFLOW_BIT) {
            return infinity(exact.signum());
        }
        BigDecimal rounded = timesPowerOfTwo(mantissa, weight);
        int sign = rounded.signum() == 0 ? 0 : exact.signum();
        return new LongDouble(sign, sign < 0 ? rounded.negate() : rounded, true);
    }

    /** {@code numerator / (denominator * 2^weight)} to the nearest integer, half to even. */
    private static BigInteger quotient(BigInteger numerator, BigInteger denominator, int weight) {
        BigInteger dividend = weight < 0 ? numerator.shiftLeft(-weight) : numerator;
        BigInteger divisor = weight > 0 ? denominator.shiftLeft(weight) : denominator;
        BigInteger[] parts = dividend.divideAndRemainder(divisor);
        int half = parts[1].shiftLeft(1).compareTo(divisor);
        boolean up = half > 0 || (half == 0 && parts[0].testBit(0));
        return up ? parts[0].add(BigInteger.ONE) : parts[0];
    }

    private static BigDecimal timesPowerOfTwo(BigInteger factor, int power) {
        return power >= 0
                ? new BigDecimal(factor.shiftLeft(power))
                : new BigDecimal(factor.multiply(BigInteger.valueOf(5).pow(-power)), -power);
    }

    /** Whether it is neither infinite nor no number. */
    public boolean isFinite() {
        return finite;
    }

    /** The sum, rounded to the format: an infinity when it is too large, and no number for opposite infinities. */
    public LongDouble plus(LongDouble other) {
        if (finite && other.finite) {
            return round(value.add(other.value));
        }
        if (finite) {
            return other;
        }
        return other.finite || sign == other.sign ? this : NOT_A_NUMBER;
    }

    /** A finite number with up to 17 decimals, without trailing zeros and never as "-0". */
    public String text() {
        BigDecimal printed = value.setScale(PRINTED_DECIMALS, RoundingMode.HALF_EVEN);
        return printed.signum() == 0 ? "0" : printed.stripTrailingZeros().toPlainString();
    }
}
