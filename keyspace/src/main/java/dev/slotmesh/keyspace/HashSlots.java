package dev.slotmesh.keyspace;

/** The numbers of the slot space. */
public final class HashSlots {
    /** How many hash slots there are; a slot is 0 to {@code SLOT_COUNT - 1}. */
    public static final int SLOT_COUNT = 16_384;

    private HashSlots() {}
}
