package dev.slotmesh.server.reshard;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/** Plans that give every primary its share of the slots, by weight, with the fewest slots moved. */
final class EvenPlanner {
    private static final double PERCENT = 100;

    private EvenPlanner() {}

    /**
     * Nothing when no primary is off its share by more than the threshold; else every primary gets its exact share, rounded
     * down or up. Who is rounded up is chosen so that the fewest slots move.
     *
     * @param holdings with a sum of weights above 0
     * @param thresholdPercent of a primary's share
     */
    static Plan plan(List<Holding> holdings, double thresholdPercent) {
        int total = holdings.stream().mapToInt(Holding::slotCount).sum();
        double weights = holdings.stream().mapToDouble(Holding::weight).sum();
        double[] exact = holdings.stream()
                .mapToDouble(holding -> total * holding.weight() / weights)
                .toArray();
        if (!isAnyOff(holdings, exact, thresholdPercent)) {
            return Plan.NOTHING;
        }
        int[] surplus = surplus(holdings, exact, total);
        return match(holdings, surplus);
    }

    private static boolean isAnyOff(List<Holding> holdings, double[] exact, double percent) {
        return IntStream.range(0, exact.length)
                .anyMatch(at -> Math.abs(holdings.get(at).slotCount() - exact[at])
                        > exact[at] * percent / PERCENT);
    }

    /** How many slots each has too many; negative for those that lack some. The sum is 0. */
    private static int[] surplus(List<Holding> holdings, double[] exact, int total) {
        int[] surplus = new int[exact.length];
        int left = total;
        for (int at = 0; at < exact.length; at++) {
            int share = (int) exact[at];
            surplus[at] = holdings.get(at).slotCount() - share;
            left -= share;
        }
        // One more for a primary that has it already is one move less.
        List<Integer> roundedUp = IntStream.range(0, exact.length)
                .filter(at -> holdings.get(at).weight() > 0)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(at -> exact[at] > (int) exact[at] ? 0 : 1)
                        .thenComparingInt(at -> surplus[at] > 0 ? 0 : 1)
                        .thenComparingDouble(at -> (int) exact[at] - exact[at]))
                .limit(left)
                .toList();
        roundedUp.forEach(at -> surplus[at]--);
        return surplus;
    }

    /** The greatest surplus goes to who lacks most, and so on, so that few pairs have to do with each other. */
    private static Plan match(List<Holding> holdings, int[] surplus) {
        Deque<Integer> takers = new ArrayDeque<>(IntStream.range(0, surplus.length)
                .filter(at -> surplus[at] < 0)
                .boxed()
                .sorted(Comparator.comparingInt(at -> surplus[at]))
                .toList());
        List<Integer> givers = IntStream.range(0, surplus.length)
                .filter(at -> surplus[at] > 0)
                .boxed()
                .sorted(Comparator.comparingInt(at -> -surplus[at]))
                .toList();
        Plan.Draft draft = new Plan.Draft();
        for (int giver : givers) {
            Holding source = holdings.get(giver);
            BitSet given = SlotRuns.choose(source.slots(), surplus[giver]);
            while (!given.isEmpty()) {
                int taker = takers.element();
                BitSet part =
                        SlotRuns.choose(given, Math.min(given.cardinality(), -surplus[taker]));
                draft.add(source.id(), holdings.get(taker).id(), part);
                given.andNot(part);
                surplus[taker] += part.cardinality();
                if (surplus[taker] == 0) {
                    takers.remove();
                }
            }
        }
        return draft.plan();
    }
}
