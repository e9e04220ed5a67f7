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

    /** The sum over some slots. */
    long sum(SlotSelection slots) {
        if (slots.isAll()) {
            return sum();
        }
        long sum = 0;
        for (int slot = slots.next(0); slot < counts.length; slot = slots.next(slot + 1)) {
            sum += get(slot);
        }
        return sum;
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
