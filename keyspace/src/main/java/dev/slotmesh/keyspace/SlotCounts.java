package dev.slotmesh.keyspace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number per slot, written under the slot's lock and read by anyone: what DBSIZE, SCAN and the expiry cycle look at
 * before they take a lock. One array, so that a sum over all slots is a few microseconds and needs no shared counter.
 */
final class SlotCounts {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] counts = new int[HashSlot.SLOT_COUNT];

    int get(int slot) {
        return (int) ELEMENT.getAcquire(counts, slot);
    }

    void set(int slot, int count) {
        ELEMENT.setRelease(counts, slot, count);
    }

    /** The sum; exact when nothing is being written. */
    long sum() {
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += get(i);
        }
        return sum;
    }
}
