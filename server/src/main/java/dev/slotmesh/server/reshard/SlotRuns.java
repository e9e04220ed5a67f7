package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Sets of hash slots, 0 to 16,383, as runs of neighbours. */
final class SlotRuns {
    static final int SLOT_COUNT = 16_384;

    /** Neighbouring slots, both ends included. */
    record Run(int first, int last) {
        int length() {
            return last - first + 1;
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    private SlotRuns() {}

    /** The runs of a set, ascending. */
    static List<Run> of(BitSet slots) {
        List<Run> runs = new ArrayList<>();
        int first = slots.nextSetBit(0);
        while (first >= 0) {
            int end = slots.nextClearBit(first);
            runs.add(new Run(first, end - 1));
            first = slots.nextSetBit(end);
        }
        return runs;
    }

    /** {@code 0-99,200}; "" for no slot. */
    static String text(BitSet slots) {
        return of(slots).stream().map(Run::toString).collect(Collectors.joining(","));
    }

    /**
     * Reads {@code 0-99,200}.
     *
     * @throws ReshardFailure of usage, when it is anything else
     */
    static BitSet parse(String text) throws ReshardFailure {
        BitSet slots = new BitSet(SLOT_COUNT);
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = slot(dash < 0 ? part : part.substring(0, dash), text);
            int last = dash < 0 ? first : slot(part.substring(dash + 1), text);
            if (last < first) {
                throw ReshardFailure.ofUsage("slots in descending order: " + part);
            }
            slots.set(first, last + 1);
        }
        return slots;
    }

    private static int slot(String digits, String text) throws ReshardFailure {
        if (digits.matches("\\d{1,5}") && Integer.parseInt(digits) < SLOT_COUNT) {
            return Integer.parseInt(digits);
        }
        throw ReshardFailure.ofUsage(
                "no slots: '" + text + "'; write them as 0-99,200 (the last slot is 16383)");
    }

    /**
     * Some slots of a set, so that few runs are cut: the shortest runs first, the last one from its end.
     *
     * @param count 0 to the size of the set
     */
    static BitSet choose(BitSet slots, int count) {
        List<Run> runs = of(slots);
        runs.sort(Comparator.comparingInt(Run::length));
        BitSet chosen = new BitSet(SLOT_COUNT);
        int missing = count;
        for (Run run : runs) {
            int taken = Math.min(missing, run.length());
            chosen.set(run.last() - taken + 1, run.last() + 1);
            missing -= taken;
        }
        if (missing > 0) {
            throw new IllegalArgumentException("too few slots: " + slots.cardinality());
        }
        return chosen;
    }
}
