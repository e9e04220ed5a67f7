package dev.slotmesh.server.reshard;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * By how much primaries are off their shares, at most, in percent of the share; who has something and no share is off by 100.
 *
 * @param before as they are
 * @param after with the plan carried out
 */
record Deviation(double before, double after) {
    private static final double PERCENT = 100;

    /** @param figures of each slot; all 1 for the slots themselves */
    static Deviation of(List<Holding> holdings, long[] figures, Plan plan) {
        double weights = holdings.stream().mapToDouble(Holding::weight).sum();
        double total = holdings.stream()
                .mapToDouble(holding -> Figures.sum(figures, holding.slots()))
                .sum();
        double before = 0;
        double after = 0;
        for (Holding holding : holdings) {
            double share = total * holding.weight() / weights;
            before = Math.max(before, percent(Figures.sum(figures, holding.slots()), share));
            after = Math.max(
                    after, percent(Figures.sum(figures, slotsAfter(holding, plan)), share));
        }
        return new Deviation(before, after);
    }

    private static BitSet slotsAfter(Holding holding, Plan plan) {
        BitSet slots = (BitSet) holding.slots().clone();
        for (Move move : plan.moves()) {
            if (move.sourceId().equals(holding.id())) {
                slots.andNot(move.slots());
            } else if (move.targetId().equals(holding.id())) {
                slots.or(move.slots());
            }
        }
        return slots;
    }

    private static double percent(double has, double share) {
        if (share == 0) {
            return has == 0 ? 0 : PERCENT;
        }
        return Math.abs(has - share) / share * PERCENT;
    }

    /** In a sentence; what is left above the threshold lies in slots that are too great to be moved. */
    String sentence(Metric metric, double thresholdPercent) {
        String now =
                String.format(Locale.ROOT, "Furthest off its share of %s: %.1f%%", metric, before);
        String figures = before == after
                ? now
                : String.format(Locale.ROOT, "%s now, %.1f%% then", now, after);
        return after > thresholdPercent && metric != Metric.SLOTS
                ? figures + "; single slots hold too much to come closer."
                : figures + ".";
    }
}
