package dev.slotmesh.server.reshard;

import java.util.BitSet;

/**
 * Slots that one primary is to give to another.
 *
 * @param slots at least one; not to be changed
 */
record Move(String sourceId, String targetId, BitSet slots) {
    Move {
        if (slots.isEmpty() || sourceId.equals(targetId)) {
            throw new IllegalArgumentException(
                    "no move: " + sourceId + " " + targetId + " " + slots);
        }
    }
}
