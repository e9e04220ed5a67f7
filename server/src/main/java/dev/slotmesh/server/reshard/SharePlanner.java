package dev.slotmesh.server.reshard;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Plans for slots that one primary is to get: a number of them, or certain ones. */
final class SharePlanner {
    private SharePlanner() {}

    /**
     * A number of slots, of which each source gives as many as is its part of the slots of all sources, rounded down or up.
     *
     * @param count 0 to the number of slots of all sources
     */
    static Plan byCount(List<Holding> sources, String targetId, int count) {
        int total = sources.stream().mapToInt(Holding::slotCount).sum();
        if (count > total) {
            throw new IllegalArgumentException("too few slots: " + total);
        }
        int[] quotas = new int[sources.size()];
        long[] remainders = new long[sources.size()];
        int left = count;
        for (int at = 0; at < quotas.length && total > 0; at++) {
            long product = (long) sources.get(at).slotCount() * count;
            quotas[at] = (int) (product / total);
            remainders[at] = product % total;
            left -= quotas[at];
        }
        // At most one more for each: there are fewer left than sources with a remainder.
        IntStream.range(0, quotas.length)
                .boxed()
                .sorted(Comparator.comparingLong(at -> -remainders[at]))
                .limit(left)
                .forEach(at -> quotas[at]++);
        Plan.Draft draft = new Plan.Draft();
        for (int at = 0; at < quotas.length; at++) {
            Holding source = sources.get(at);
            draft.add(source.id(), targetId, SlotRuns.choose(source.slots(), quotas[at]));
        }
        return draft.plan();
    }

    /** Certain slots, of whichever sources own them; those that none of them owns are left out. */
    static Plan bySlots(List<Holding> sources, String targetId, BitSet slots) {
        Plan.Draft draft = new Plan.Draft();
        for (Holding source : sources) {
            BitSet given = (BitSet) slots.clone();
            given.and(source.slots());
            draft.add(source.id(), targetId, given);
        }
        return draft.plan();
    }
}
