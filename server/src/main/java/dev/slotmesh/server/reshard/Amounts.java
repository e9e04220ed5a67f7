package dev.slotmesh.server.reshard;

import java.util.Locale;

/** Amounts as people read them. */
final class Amounts {
    private static final double STEP = 1000;
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final long SECONDS_PER_MINUTE = 60;

    private Amounts() {}

    /** {@code 12,345}. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 12.3 MB}, in powers of 1,000. */
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= STEP && unit + 1 < UNITS.length) {
            amount /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
    }

    /** {@code 9 s}, {@code 3 min 20 s}. */
    static String duration(double seconds) {
        long whole = (long) Math.ceil(seconds);
        return whole < SECONDS_PER_MINUTE
                ? whole + " s"
                : whole / SECONDS_PER_MINUTE + " min " + whole % SECONDS_PER_MINUTE + " s";
    }
}
