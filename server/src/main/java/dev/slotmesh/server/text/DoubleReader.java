package dev.slotmesh.server.text;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalDouble;

import java.nio.charset.StandardCharsets;

/** Floating point numbers as C's strtod reads them: decimal or hexadecimal, with fraction and exponent, or an infinity. */
public final class DoubleReader {
    private static final int LONGEST_HEXADECIMAL = 256;

    private DoubleReader() {}

    /**
     * The number that the whole of a text spells, nothing before or behind it; NaN when it spells none, spells "nan", or one
     * too large for a double or so small that only 0 is left.
     */
    public static double read(ByteSpan text) {
        double number = DecimalDouble.parse(text);
        if (Double.isNaN(number)) {
            return readUnusual(text);
        }
        boolean outOfRange = Double.isInfinite(number) || (number == 0 && !isZero(text));
        return outOfRange ? Double.NaN : number;
    }

    /** Whether the digits of a decimal number, before its exponent, are all 0. */
    private static boolean isZero(ByteSpan text) {
        for (int i = 0; i < text.length(); i++) {
            int character = text.byteAt(i);
            if (character >= '1' && character <= '9') {
                return false;
            }
            if ((character | 0x20) == 'e') {
                return true;
            }
        }
        return true;
    }

    private static double readUnusual(ByteSpan text) {
        if (text.length() < 3 || text.length() > LONGEST_HEXADECIMAL) {
            return Double.NaN;
        }
        String spelt = new String(text.toByteArray(), StandardCharsets.ISO_8859_1);
        boolean negative = spelt.charAt(0) == '-';
        String unsigned = negative || spelt.charAt(0) == '+' ? spelt.substring(1) : spelt;
        double number = Double.NaN;
        if (unsigned.equalsIgnoreCase("inf") || unsigned.equalsIgnoreCase("infinity")) {
            number = Double.POSITIVE_INFINITY;
        } else if (unsigned.regionMatches(true, 0, "0x", 0, 2)) {
            number = readHexadecimal(unsigned);
        }
        return negative ? -number : number;
    }

    private static double readHexadecimal(String text) {
        if (!text.matches("0[xX](\\p{XDigit}+\\.?\\p{XDigit}*|\\.\\p{XDigit}+)([pP][+-]?\\d+)?")) {
            return Double.NaN;
        }
        int exponentAt = text.toLowerCase(java.util.Locale.ROOT).indexOf('p');
        String digits = exponentAt < 0 ? text : text.substring(0, exponentAt);
        double number = Double.parseDouble(exponentAt < 0 ? text + "p0" : text);
        boolean isZero =
                digits.substring(2).chars().allMatch(digit -> digit == '0' || digit == '.');
        return Double.isInfinite(number) || (number == 0 && !isZero) ? Double.NaN : number;
    }
}
