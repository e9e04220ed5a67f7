package dev.slotmesh.server.text;

import java.math.BigInteger;

/**
 * The parts of an unsigned number written as C reads it: {@code digits * 10^exponent}, or {@code digits * 2^exponent} when
 * hexadecimal. The exponent stays within a few billion, whatever was written.
 *
 * @param isNumber false when the text is something else
 */
record FloatText(boolean isNumber, boolean hexadecimal, BigInteger digits, long exponent) {
    private static final FloatText NONE = new FloatText(false, false, BigInteger.ZERO, 0);
    private static final long LARGEST_EXPONENT = 1_000_000_000;

    static FloatText of(String text) {
        boolean hexadecimal = text.length() > 2 && text.regionMatches(true, 0, "0x", 0, 2);
        int radix = hexadecimal ? 16 : 10;
        int at = hexadecimal ? 2 : 0;
        int wholeEnd = afterDigits(text, at, radix);
        int fractionEnd = wholeEnd;
        String digits = text.substring(at, wholeEnd);
        if (wholeEnd < text.length() && text.charAt(wholeEnd) == '.') {
            fractionEnd = afterDigits(text, wholeEnd + 1, radix);
            digits += text.substring(wholeEnd + 1, fractionEnd);
        }
        if (digits.isEmpty()) {
            return NONE;
        }
        long fractionDigits = Math.max(0, fractionEnd - wholeEnd - 1);
        long written = 0;
        if (fractionEnd < text.length()) {
            char mark = hexadecimal ? 'p' : 'e';
            if (Character.toLowerCase(text.charAt(fractionEnd)) != mark
                    || !isExponent(text, fractionEnd + 1)) {
                return NONE;
            }
            written = exponent(text, fractionEnd + 1);
        }
        long exponent = written - (hexadecimal ? 4 * fractionDigits : fractionDigits);
        return new FloatText(true, hexadecimal, new BigInteger(digits, radix), exponent);
    }

    private static boolean isExponent(String text, int from) {
        int start = afterSign(text, from);
        return start < text.length() && afterDigits(text, start, 10) == text.length();
    }

    private static long exponent(String text, int from) {
        long value = 0;
        for (int i = afterSign(text, from); i < text.length(); i++) {
            value = Math.min(LARGEST_EXPONENT, value * 10 + (text.charAt(i) - '0'));
        }
        return text.charAt(from) == '-' ? -value : value;
    }

    private static int afterSign(String text, int at) {
        boolean signed = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
        return signed ? at + 1 : at;
    }

    private static int afterDigits(String text, int from, int radix) {
        int at = from;
        while (at < text.length()
                && text.charAt(at) < 128
                && Character.digit(text.charAt(at), radix) >= 0) {
            at++;
        }
        return at;
    }
}
