package dev.slotmesh.keyspace;

import java.util.BitSet;

/** Slots that a walk is for: all of them, or some. Does not change; any thread. */
public final class SlotSelection {
    /** Every slot. */
    public static final SlotSelection ALL = new SlotSelection(null);

    /** Null for all. */
    private final BitSet chosen;

    private SlotSelection(BitSet chosen) {
        this.chosen = chosen;
    }

    /**
     * The slots whose bits are set, 0..16383.
     *
     * @throws IllegalArgumentException when there are others, or none
     */
    public static SlotSelection of(BitSet slots) {
        if (slots.isEmpty() || slots.length() > HashSlot.SLOT_COUNT) {
            throw new IllegalArgumentException("slots: " + slots);
        }
        return new SlotSelection((BitSet) slots.clone());
    }

    /** Whether it is {@link #ALL}, which a choice of all slots is not. */
    public boolean isAll() {
        return chosen == null;
    }

    /** Whether a slot, 0..16383, is one of them. */
    public boolean contains(int slot) {
        return chosen == null || chosen.get(slot);
    }

    /** The first of them from {@code slot} (0 or more) on, or {@link HashSlot#SLOT_COUNT}. */
    int next(int slot) {
        if (slot >= HashSlot.SLOT_COUNT || chosen == null) {
            return Math.min(slot, HashSlot.SLOT_COUNT);
        }
        int next = chosen.nextSetBit(slot);
        return next < 0 ? HashSlot.SLOT_COUNT : next;
    }
}
