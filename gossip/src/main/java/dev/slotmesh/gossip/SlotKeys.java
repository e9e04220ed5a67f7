package dev.slotmesh.gossip;

/**
 * What a rule needs to know of the keyspace. Asked only inside the call it was passed to, on the calling thread.
 */
public interface SlotKeys {
    /** Number of keys in the slot 0..16383, 0 or more. */
    long keysIn(int slot);

    /** True when no database holds a key. */
    boolean empty();
}
