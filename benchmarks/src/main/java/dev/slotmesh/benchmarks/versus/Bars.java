package dev.slotmesh.benchmarks.versus;

import java.util.Locale;

/** What was asked for beside what was measured. */
final class Bars {
    private final TextTable table = new TextTable("bar", "figure", "met?");
    private int missed;

    /** A figure that should be {@code limit} or less. */
    void atMost(String what, double limit, double figure, String unit) {
        add(what + " <= " + shown(limit) + unit, shown(figure) + unit, figure <= limit);
    }

    /** A figure that should be below {@code limit}. */
    void below(String what, double limit, double figure, String unit) {
        add(what + " < " + shown(limit) + unit, shown(figure) + unit, figure < limit);
    }

    /** A figure that should be {@code limit} or more. */
    void atLeast(String what, double limit, double figure, String unit) {
        add(what + " >= " + shown(limit) + unit, shown(figure) + unit, figure >= limit);
    }

    private void add(String bar, String figure, boolean met) {
        table.row(bar, figure, met ? "yes" : "NO");
        missed += met ? 0 : 1;
    }

    private static String shown(double figure) {
        return figure >= 10 ? String.format(Locale.ROOT, "%.0f", figure) : Decimals.two(figure);
    }

    /** How many bars were missed. */
    int missed() {
        return missed;
    }

    @Override
    public String toString() {
        return table.toString();
    }
}
