package dev.slotmesh.keyspace.packed;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalDouble;
import dev.slotmesh.keyspace.memory.NativeBuffer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Scores in a listpack as Redis 7.0 writes them: a whole number within half the range of 64 bits as an integer (so -0
 * becomes 0), any other as C's {@code %.17g} prints it.
 */
public final class ScoreText {
    /** Beyond this Redis does not take a double for an integer: half of 2^63 - 1 as a double. */
    private static final double INTEGER_LIMIT = 0x1p62;

    private static final int DIGITS = 17;
    private static final int LOWEST_PLAIN_EXPONENT = -4;
    private static final int LONGEST = 24;
    /** Whole numbers from here on have more digits than are printed. */
    private static final double FIRST_IN_POWERS = 1e17;

    private static final MathContext ROUNDING = new MathContext(DIGITS, RoundingMode.HALF_EVEN);

    private ScoreText() {}

    /**
     * Adds a score before the element at a position, or before the end.
     *
     * @param score not NaN
     * @return the listpack's address from now on
     */
    public static long insert(ArenaStripe stripe, long listpack, int position, double score) {
        if (isInteger(score)) {
            return Listpack.insert(stripe, listpack, position, (long) score);
        }
        try (NativeBuffer text = new NativeBuffer(LONGEST)) {
            return Listpack.insert(stripe, listpack, position, text.put(of(score)));
        }
    }

    /**
     * The score at an element of a listpack.
     *
     * @param entry address of the element
     */
    public static double read(long entry) {
        if (ListpackEntry.isInteger(entry)) {
            return ListpackEntry.integer(entry);
        }
        ByteSpan text = ListpackEntry.string(entry, new ByteSpan());
        double number = DecimalDouble.parse(text);
        if (Double.isNaN(number)) {
            return text.byteAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return number;
    }

    private static boolean isInteger(double score) {
        return score >= -INTEGER_LIMIT && score <= INTEGER_LIMIT && score == (long) score;
    }

    /** A score, which is not NaN, as C's {@code %.17g} prints it: {@code 3}, {@code -0}, {@code 1e+100}, {@code inf}. */
    public static String of(double score) {
        if (Double.isInfinite(score)) {
            return score > 0 ? "inf" : "-inf";
        }
        if (score == (long) score && Math.abs(score) < FIRST_IN_POWERS) {
            return score == 0 && 1 / score < 0 ? "-0" : Long.toString((long) score);
        }
        BigDecimal rounded = new BigDecimal(score).round(ROUNDING).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= LOWEST_PLAIN_EXPONENT && exponent < DIGITS) {
            return rounded.toPlainString();
        }
        String digits = rounded.unscaledValue().abs().toString();
        return (score < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
