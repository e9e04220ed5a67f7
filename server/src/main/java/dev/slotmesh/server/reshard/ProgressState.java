package dev.slotmesh.server.reshard;

import java.util.Locale;
import java.util.Optional;

/**
 * How far the moving is at a moment, and how that is written.
 *
 * @param bytes moved so far, when that is known
 * @param nanos since the beginning
 */
record ProgressState(Amount slots, Amount keys, Optional<Long> bytes, long nanos) {
    private static final int BAR_WIDTH = 24;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PERCENT = 100;

    /** So many of so many. */
    record Amount(long done, long total) {
        double part() {
            return total == 0 ? 0 : (double) done / total;
        }
    }

    /** With a bar before the figures. */
    String bar() {
        int full = (int) (part() * BAR_WIDTH);
        return "[" + "#".repeat(full) + ".".repeat(BAR_WIDTH - full) + "] " + line();
    }

    /** {@code 45%  615 of 1,365 slots, 45,000 of 99,999 keys, 12,345 keys/s, 4 s left}. */
    String line() {
        String percent = String.format(Locale.ROOT, "%3d%%", (int) (part() * PERCENT));
        return percent + "  " + Amounts.count(slots.done()) + " of " + Amounts.count(slots.total())
                + " slots, "
                + Amounts.count(keys.done()) + " of " + Amounts.count(keys.total()) + " keys"
                + rate() + left();
    }

    /** Keys are what takes the time, where there are any. */
    private double part() {
        if (keys.total() == 0) {
            return slots.part();
        }
        return slots.done() == slots.total() ? 1 : Math.min(keys.part(), 1);
    }

    private double seconds() {
        return nanos / NANOS_PER_SECOND;
    }

    private String rate() {
        if (nanos <= 0 || keys.done() == 0) {
            return "";
        }
        String ofKeys = ", " + Amounts.count(Math.round(keys.done() / seconds())) + " keys/s";
        return bytes.isPresent() && bytes.get() > 0
                ? ofKeys + ", " + Amounts.bytes(Math.round(bytes.get() / seconds())) + "/s"
                : ofKeys;
    }

    private String left() {
        double part = part();
        if (part <= 0 || part >= 1) {
            return "";
        }
        return ", " + Amounts.duration(seconds() * (1 - part) / part) + " left";
    }
}
