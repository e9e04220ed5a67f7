package dev.slotmesh.resp;

/** The texts that RESP3 admits for numbers in replies. */
final class NumberText {
    private NumberText() {}

    /** An optional sign and at least one digit, nothing else. */
    static boolean isInteger(String text) {
        int start = afterSign(text, 0);
        return start < text.length() && afterDigits(text, start) == text.length();
    }

    /**
     * An optional sign, then digits with an optional fraction and exponent; or inf, -inf, nan (and
     * -nan, which C prints for some NaNs).
     */
    static boolean isDouble(String text) {
        int start = afterSign(text, 0);
        String unsigned = text.substring(start);
        if (unsigned.equals("inf") || unsigned.equals("nan")) {
            return true;
        }
        int at = afterDigits(text, start);
        int digits = at - start;
        if (at < text.length() && text.charAt(at) == '.') {
            int fraction = at + 1;
            at = afterDigits(text, fraction);
            digits += at - fraction;
        }
        if (digits == 0) {
            return false;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int exponent = afterSign(text, at + 1);
            at = afterDigits(text, exponent);
            if (at == exponent) {
                return false;
            }
        }
        return at == text.length();
    }

    /** The value of a text that {@link #isDouble} admits. */
    static double doubleValue(String text) {
        if (text.endsWith("nan")) {
            return Double.NaN;
        }
        if (text.endsWith("inf")) {
            return text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return Double.parseDouble(text);
    }

    private static int afterSign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')
                ? at + 1
                : at;
    }

    private static int afterDigits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
