package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which slots are to go from where to where: at most one move for each pair, and each slot in at most one. */
record Plan(List<Move> moves) {
    /** Nothing is to be moved. */
    static final Plan NOTHING = new Plan(List.of());

    Plan {
        moves = List.copyOf(moves);
    }

    boolean isEmpty() {
        return moves.isEmpty();
    }

    int slotCount() {
        return moves.stream().mapToInt(move -> move.slots().cardinality()).sum();
    }

    /** All slots that are to be moved. */
    BitSet slots() {
        BitSet all = new BitSet(SlotRuns.SLOT_COUNT);
        moves.forEach(move -> all.or(move.slots()));
        return all;
    }

    /** A plan in the making. */
    static final class Draft {
        private record Pair(String sourceId, String targetId) {}

        private final Map<Pair, BitSet> slots = new LinkedHashMap<>();

        void add(String sourceId, String targetId, BitSet more) {
            if (!more.isEmpty()) {
                slots.computeIfAbsent(
                                new Pair(sourceId, targetId),
                                pair -> new BitSet(SlotRuns.SLOT_COUNT))
                        .or(more);
            }
        }

        void add(String sourceId, String targetId, int slot) {
            BitSet one = new BitSet(SlotRuns.SLOT_COUNT);
            one.set(slot);
            add(sourceId, targetId, one);
        }

        Plan plan() {
            List<Move> moves = new ArrayList<>();
            slots.forEach(
                    (pair, set) -> moves.add(new Move(pair.sourceId(), pair.targetId(), set)));
            return new Plan(moves);
        }
    }
}
