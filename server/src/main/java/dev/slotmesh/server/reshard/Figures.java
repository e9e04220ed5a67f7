package dev.slotmesh.server.reshard;

import java.util.BitSet;
import java.util.Optional;

/**
 * What the slots hold, each array by slot.
 *
 * @param keys how many
 * @param bytes of memory, when every primary tells
 * @param cpuUsec microseconds of processor time since the counters began, when every primary tells
 */
record Figures(long[] keys, Optional<long[]> bytes, Optional<long[]> cpuUsec) {
    /** The sum over some slots. */
    static long sum(long[] figures, BitSet slots) {
        return slots.stream().mapToLong(slot -> figures[slot]).sum();
    }
}
