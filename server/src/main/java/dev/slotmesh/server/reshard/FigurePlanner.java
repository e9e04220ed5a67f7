package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Plans that bring every primary's sum of a figure (keys, bytes, processor time of its slots) to its share by weight, within a
 * threshold, with few slots moved: always from the one with most too much to the one that lacks most, the greatest slot that fits
 * both. A slot is moved at most once, and nobody with a weight loses the last one.
 *
 * <p>To find the fewest slots exactly is a knapsack problem for each pair; taking the greatest that fits is at most a few slots
 * off, since slots are many and most of them small against a share.
 */
final class FigurePlanner {
    private static final double PERCENT = 100;

    private final long[] figures;
    private final List<Side> sides = new ArrayList<>();
    private final Plan.Draft draft = new Plan.Draft();

    /** One primary while the plan is made. */
    private static final class Side {
        final Holding holding;
        final double share;
        /** Own slots that may still be given, by figure. */
        final TreeMap<Long, BitSet> givable = new TreeMap<>();

        double sum;
        int slotCount;

        Side(Holding holding, double share) {
            this.holding = holding;
            this.share = share;
            this.slotCount = holding.slotCount();
        }

        double surplus() {
            return sum - share;
        }

        boolean mayGive() {
            return !givable.isEmpty() && (slotCount > 1 || holding.weight() == 0);
        }

        boolean isWithin(double percent) {
            return Math.abs(surplus()) <= share * percent / PERCENT;
        }
    }

    private FigurePlanner(List<Holding> holdings, long[] figures) {
        this.figures = figures;
        double weights = holdings.stream().mapToDouble(Holding::weight).sum();
        double total = 0;
        for (Holding holding : holdings) {
            total += holding.slots().stream().mapToDouble(slot -> figures[slot]).sum();
        }
        for (Holding holding : holdings) {
            Side side = new Side(holding, total * holding.weight() / weights);
            holding.slots().stream().forEach(slot -> {
                side.sum += figures[slot];
                side.givable
                        .computeIfAbsent(figures[slot], figure -> new BitSet(SlotRuns.SLOT_COUNT))
                        .set(slot);
            });
            sides.add(side);
        }
    }

    /**
     * Makes a plan.
     *
     * @param holdings with a sum of weights above 0
     * @param figures of each of the 16,384 slots, 0 or more; those of other slots are not looked at
     * @param thresholdPercent of a primary's share, by which it may be off in the end
     */
    static Plan plan(List<Holding> holdings, long[] figures, double thresholdPercent) {
        FigurePlanner planner = new FigurePlanner(holdings, figures);
        planner.drain();
        planner.balance(thresholdPercent);
        return planner.draft.plan();
    }

    /** Primaries without weight give all they have, the greatest slots first, to whoever lacks most by then. */
    private void drain() {
        List<Side> takers =
                sides.stream().filter(side -> side.holding.weight() > 0).toList();
        for (Side side : sides) {
            while (side.holding.weight() == 0 && side.mayGive()) {
                Side taker = takers.stream()
                        .min(Comparator.comparingDouble(Side::surplus)
                                .thenComparingInt(other -> other.slotCount))
                        .orElseThrow();
                give(side, taker, side.givable.lastEntry());
            }
        }
    }

    private void balance(double percent) {
        while (sides.stream().anyMatch(side -> !side.isWithin(percent))) {
            Side taker = sides.stream()
                    .filter(side -> side.holding.weight() > 0)
                    .min(Comparator.comparingDouble(Side::surplus))
                    .orElseThrow();
            List<Side> givers = sides.stream()
                    .filter(side -> side.surplus() > 0 && side.mayGive())
                    .sorted(Comparator.comparingDouble(side -> -side.surplus()))
                    .toList();
            boolean hasMoved = false;
            for (Side giver : givers) {
                Optional<Map.Entry<Long, BitSet>> fitting = fitting(giver, taker);
                if (fitting.isPresent()) {
                    give(giver, taker, fitting.get());
                    hasMoved = true;
                    break;
                }
            }
            if (!hasMoved) {
                return;
            }
        }
    }

    /** The greatest slots that leave the giver with its share and do not give the taker more than its own; else the smallest. */
    private static Optional<Map.Entry<Long, BitSet>> fitting(Side giver, Side taker) {
        double surplus = giver.surplus();
        double lack = -taker.surplus();
        Map.Entry<Long, BitSet> below = giver.givable.floorEntry((long) Math.min(surplus, lack));
        if (below != null && below.getKey() > 0) {
            return Optional.of(below);
        }
        Map.Entry<Long, BitSet> above =
                giver.givable.higherEntry((long) Math.max(0, Math.min(surplus, lack)));
        boolean isBetter = above != null
                && Math.max(Math.abs(surplus - above.getKey()), Math.abs(lack - above.getKey()))
                        < Math.max(surplus, lack);
        return isBetter ? Optional.of(above) : Optional.empty();
    }

    private void give(Side giver, Side taker, Map.Entry<Long, BitSet> entry) {
        BitSet slots = entry.getValue();
        int slot = slots.nextSetBit(0);
        slots.clear(slot);
        if (slots.isEmpty()) {
            giver.givable.remove(entry.getKey());
        }
        giver.sum -= figures[slot];
        taker.sum += figures[slot];
        giver.slotCount--;
        taker.slotCount++;
        draft.add(giver.holding.id(), taker.holding.id(), slot);
    }
}
