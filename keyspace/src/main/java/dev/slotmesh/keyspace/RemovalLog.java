package dev.slotmesh.keyspace;

/** Learns of keys that go without a command deleting them. */
public interface RemovalLog {
    /**
     * A key is about to be deleted. Called under its slot's lock, while the entry can still be read, so it may take nothing
     * but locks of its own that nobody holds for long.
     */
    void removing(Slot slot, long entry, Removal cause);
}
