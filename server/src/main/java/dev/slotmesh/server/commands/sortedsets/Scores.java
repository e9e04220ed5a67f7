package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalDouble;

import java.nio.charset.StandardCharsets;

/**
 * Scores as C's {@code strtod} reads them: decimal or hexadecimal with optional fraction and exponent, or infinity, in any
 * case. Plain decimals are read without garbage.
 */
public final class Scores {
    private static final int LONGEST_ODD_TEXT = 4096;

    private Scores() {}

    /**
     * A score, increment or weight: the whole argument, which is neither too large nor, but for 0 itself, too small for a
     * double. NaN for everything else.
     */
    public static double strict(ByteSpan text) {
        double number = DecimalDouble.parse(text);
        if (Double.isNaN(number)) {
            number = odd(text, 0);
        }
        if (Double.isInfinite(number)) {
            return isInfinity(text) ? number : Double.NaN;
        }
        return number == 0 && !isZero(text) ? Double.NaN : number;
    }

    /**
     * The end of a range from index {@code from} of the argument on: spaces may come before, nothing is 0, a zero byte ends
     * it, too large is infinite. NaN for everything else.
     */
    static double loose(ByteSpan argument, int from) {
        int end = from;
        while (end < argument.length() && argument.byteAt(end) != 0) {
            end++;
        }
        if (end == from) {
            return 0;
        }
        int start = from;
        while (start < end && isSpace(argument.byteAt(start))) {
            start++;
        }
        ByteSpan text = new ByteSpan().set(argument).slice(start, end - start);
        double number = DecimalDouble.parse(text);
        return Double.isNaN(number) ? odd(text, 0) : number;
    }

    /** What is not a plain decimal: infinity or hexadecimal. */
    private static double odd(ByteSpan span, int from) {
        if (span.length() == 0 || span.length() > LONGEST_ODD_TEXT) {
            return Double.NaN;
        }
        String text = new String(span.toByteArray(), StandardCharsets.ISO_8859_1).substring(from);
        boolean negative = text.charAt(0) == '-';
        String unsigned = negative || text.charAt(0) == '+' ? text.substring(1) : text;
        double number = unsigned.equalsIgnoreCase("inf") || unsigned.equalsIgnoreCase("infinity")
                ? Double.POSITIVE_INFINITY
                : hexadecimal(unsigned);
        return negative ? -number : number;
    }

    private static double hexadecimal(String text) {
        if (!text.regionMatches(true, 0, "0x", 0, 2)) {
            return Double.NaN;
        }
        int wholeEnd = afterHexDigits(text, 2);
        int end = wholeEnd;
        int digits = wholeEnd - 2;
        if (end < text.length() && text.charAt(end) == '.') {
            end = afterHexDigits(text, end + 1);
            digits += end - wholeEnd - 1;
        }
        if (digits == 0) {
            return Double.NaN;
        }
        if (end == text.length()) {
            return Double.parseDouble(text + "p0");
        }
        return isBinaryExponent(text, end) ? Double.parseDouble(text) : Double.NaN;
    }

    private static int afterHexDigits(String text, int from) {
        int at = from;
        while (at < text.length()
                && text.charAt(at) < 128
                && Character.digit(text.charAt(at), 16) >= 0) {
            at++;
        }
        return at;
    }

    private static boolean isBinaryExponent(String text, int at) {
        if (Character.toLowerCase(text.charAt(at)) != 'p') {
            return false;
        }
        int digits = at + 1;
        if (digits < text.length() && (text.charAt(digits) == '-' || text.charAt(digits) == '+')) {
            digits++;
        }
        if (digits == text.length()) {
            return false;
        }
        for (int i = digits; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isInfinity(ByteSpan text) {
        int first = text.byteAt(0);
        int letter = first == '-' || first == '+' ? text.byteAt(1) : first;
        return letter == 'i' || letter == 'I';
    }

    /** Whether a number that was read as 0 has no other digit than 0 before its exponent. */
    private static boolean isZero(ByteSpan text) {
        boolean hexadecimal = false;
        for (int i = 0; i < text.length(); i++) {
            int character = text.byteAt(i) | 0x20;
            if (character == 'x') {
                hexadecimal = true;
            } else if (character == 'p' || (character == 'e' && !hexadecimal)) {
                return true;
            } else if (Character.digit(character, 16) > 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(int character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }
}
