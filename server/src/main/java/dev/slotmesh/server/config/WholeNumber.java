package dev.slotmesh.server.config;

import java.util.Optional;

/**
 * Whole decimal numbers in the strict form Redis takes: an optional minus, no plus, no leading zero, no blank, and within 64
 * bits.
 */
final class WholeNumber {
    private static final int LONGEST = 20;

    private WholeNumber() {}

    static Optional<Long> parse(String text) {
        int length = text.length();
        boolean negative = length > 0 && text.charAt(0) == '-';
        int first = negative ? 1 : 0;
        if (length == first || length > LONGEST) {
            return Optional.empty();
        }
        if (text.charAt(first) == '0') {
            return length == 1 ? Optional.of(0L) : Optional.empty();
        }
        long value = 0;
        for (int at = first; at < length; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                return Optional.empty();
            }
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            return Optional.empty();
        }
        return Optional.of(negative ? value : -value);
    }
}
