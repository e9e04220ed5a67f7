package dev.slotmesh.server.config;

import java.util.Locale;
import java.util.Optional;

/** Sizes in bytes as an operator writes them. */
public final class MemorySize {
    private static final int LONGEST_NUMBER = 20;
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    private MemorySize() {}

    /**
     * Digits and a unit in either case, of which either may be missing (no digits mean 0); empty when it is anything else or
     * does not fit in 64 bits. From 2^63 on the result is negative: the size as an unsigned number.
     */
    public static Optional<Long> parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits > LONGEST_NUMBER) {
            return Optional.empty();
        }
        Optional<Long> unit = unit(text.substring(digits).toLowerCase(Locale.ROOT));
        if (unit.isEmpty()) {
            return Optional.empty();
        }
        try {
            long number = digits == 0 ? 0 : Long.parseUnsignedLong(text.substring(0, digits));
            if (Math.multiplyHigh(number, unit.get()) != 0 && unit.get() != 1) {
                return Optional.empty();
            }
            return Optional.of(number * unit.get());
        } catch (NumberFormatException tooBig) {
            return Optional.empty();
        }
    }

    /** The shortest form of the kind {@code 64mb} that means exactly this. */
    static String format(long bytes) {
        if (bytes != 0 && bytes % GIB == 0) {
            return bytes / GIB + "gb";
        }
        if (bytes != 0 && bytes % MIB == 0) {
            return bytes / MIB + "mb";
        }
        if (bytes != 0 && bytes % KIB == 0) {
            return bytes / KIB + "kb";
        }
        return Long.toString(bytes);
    }

    private static Optional<Long> unit(String suffix) {
        return switch (suffix) {
            case "", "b" -> Optional.of(1L);
            case "k" -> Optional.of(1_000L);
            case "kb" -> Optional.of(KIB);
            case "m" -> Optional.of(1_000_000L);
            case "mb" -> Optional.of(MIB);
            case "g" -> Optional.of(1_000_000_000L);
            case "gb" -> Optional.of(GIB);
            default -> Optional.empty();
        };
    }
}
