package dev.slotmesh.server.reshard;

import java.util.BitSet;

/**
 * What a planner knows of a primary.
 *
 * @param weight 0 or more: its share of the whole is its weight of the sum of all weights
 * @param slots that it owns; not to be changed
 */
record Holding(String id, double weight, BitSet slots) {
    int slotCount() {
        return slots.cardinality();
    }
}
