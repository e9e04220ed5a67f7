package dev.slotmesh.keyspace;

/** All databases of a node with their locks and their native memory. */
public final class Keyspace implements AutoCloseable {
    private final KeyspaceSettings settings;
    private final SlotLocks locks;

    public Keyspace(KeyspaceSettings settings) {
        this.settings = settings;
        this.locks = new SlotLocks(settings.lockPerSlot());
    }

    public KeyspaceSettings settings() {
        return settings;
    }

    public SlotLocks locks() {
        return locks;
    }

    public int databaseCount() {
        return settings.databases();
    }

    /** The database of that number, 0 to {@link #databaseCount()} - 1. The answer changes with {@link #swap}. */
    public Database database(int number) {
        throw new UnsupportedOperationException();
    }

    /** Exchanges the content of two databases. Needs the world lock. */
    public void swap(int first, int second) {
        throw new UnsupportedOperationException();
    }

    /** What the native memory amounts to; takes the arena's locks briefly. */
    public MemoryUse memoryUse() {
        throw new UnsupportedOperationException();
    }

    /** Keys deleted because their time had passed, since the start. */
    public long expiredKeyCount() {
        throw new UnsupportedOperationException();
    }

    public ExpiryMode expiryMode() {
        throw new UnsupportedOperationException();
    }

    /** Changes what becomes of keys whose time has passed. Any thread; publish a role change under the world lock. */
    public void expiryMode(ExpiryMode mode) {
        throw new UnsupportedOperationException();
    }

    public AccessPolicy accessPolicy() {
        throw new UnsupportedOperationException();
    }

    /** Changes how accesses are noted, from the next access of each key on. Any thread. */
    public void accessPolicy(AccessPolicy policy) {
        throw new UnsupportedOperationException();
    }

    /** Frees all native memory. No other thread uses the keyspace any more; any later use is an error. */
    @Override
    public void close() {}
}
