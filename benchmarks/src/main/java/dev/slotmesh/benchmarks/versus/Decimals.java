package dev.slotmesh.benchmarks.versus;

import java.util.Locale;

/** Figures as text, the same in every locale. */
final class Decimals {
    private Decimals() {}

    static String two(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }

    /** With separators between thousands. */
    static String whole(double figure) {
        return String.format(Locale.ROOT, "%,.0f", figure);
    }

    /** The median with the extremes behind it. */
    static String range(Samples ratios) {
        return two(ratios.median()) + " (" + two(ratios.least()) + " to " + two(ratios.most())
                + ")";
    }
}
