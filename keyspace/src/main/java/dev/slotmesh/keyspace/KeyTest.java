package dev.slotmesh.keyspace;

/** Chooses keys. Called under the lock of their slot; must not change the slot. */
@FunctionalInterface
public interface KeyTest {
    /** Whether it is one of those meant; the entry is valid during the call. */
    boolean accepts(Slot slot, long entry);
}
