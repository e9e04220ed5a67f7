package dev.slotmesh.server.reshard;

import java.util.BitSet;
import java.util.Optional;

/**
 * Cuts a move into jobs. One job for all would be the shortest way; but what was moved stays moved when a later job fails or is
 * cancelled, and the source keeps less of what is written meanwhile.
 */
final class Slices {
    private static final int MOST_SLOTS = 4096;
    private static final long MOST_KEYS = 2_000_000;

    private Slices() {}

    /** The lowest slots that are one job; empty when none are left. */
    static Optional<BitSet> next(BitSet left, Progress progress) {
        BitSet slice = new BitSet(SlotRuns.SLOT_COUNT);
        long keys = 0;
        int slot = left.nextSetBit(0);
        while (slot >= 0 && slice.cardinality() < MOST_SLOTS && keys < MOST_KEYS) {
            slice.set(slot);
            keys += progress.keysIn(slot);
            slot = left.nextSetBit(slot + 1);
        }
        return slice.isEmpty() ? Optional.empty() : Optional.of(slice);
    }
}
