package dev.slotmesh.keyspace;

/**
 * Slots of database 0 whose keys are kept for somebody else: they come in beside the others, and may become this node's or go as
 * they came. Each mark is set and taken under its slot's lock; it is read without, for who goes over many slots.
 */
final class ApartSlots {
    private final SlotCounts marks = new SlotCounts();
    /** How many there are, about: so that there is one field to look at as long as there are none. */
    private volatile int count;

    boolean any() {
        return count != 0;
    }

    boolean contains(int slot) {
        return count != 0 && marks.get(slot) != 0;
    }

    synchronized void mark(int slot, boolean apart) {
        int now = apart ? 1 : 0;
        count += now - marks.get(slot);
        marks.set(slot, now);
    }

    /** The sum of some counts over these slots. */
    long sum(SlotCounts counts) {
        long sum = 0;
        for (int slot = 0; count != 0 && slot < HashSlot.SLOT_COUNT; slot++) {
            if (marks.get(slot) != 0) {
                sum += counts.get(slot);
            }
        }
        return sum;
    }
}
