package dev.slotmesh.keyspace;

/**
 * One database: 16,384 slots, made when first used. Slots are guarded by their locks; the counts are read without one.
 */
public final class Database {
    private final Keyspace keyspace;
    private final int number;

    Database(Keyspace keyspace, int number) {
        this.keyspace = keyspace;
        this.number = number;
    }

    public Keyspace keyspace() {
        return keyspace;
    }

    /** The number clients select, 0 and up. */
    public int number() {
        return number;
    }

    /** The slot of that number, 0..16383; its lock is held. */
    public Slot slot(int slot) {
        throw new UnsupportedOperationException();
    }

    /** Keys in the database, DBSIZE: without locks, exact when nothing is being written. */
    public long keyCount() {
        throw new UnsupportedOperationException();
    }

    /** Keys with a deadline: without locks. */
    public long expiringKeyCount() {
        throw new UnsupportedOperationException();
    }

    /** Keys in one slot, CLUSTER COUNTKEYSINSLOT: without locks. */
    public int keyCount(int slot) {
        throw new UnsupportedOperationException();
    }

    /**
     * One step of SCAN: visits about {@code count} keys from {@code cursor}, taking the slots' locks itself (none may be
     * held unless all are). Every key present from the first call to the one that returns 0 is visited at least once,
     * however the tables grow or shrink meanwhile.
     *
     * @param cursor 0 to begin, else what the last step returned; any other value is taken as some position
     * @param count at least 1
     * @return the next cursor, positive, or 0 at the end
     */
    public long scan(long cursor, int count, long nowMs, KeyVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** Visits every key, slot by slot, taking their locks itself: KEYS. */
    public void forEach(long nowMs, KeyVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /**
     * Visits one random key whose time has not passed, every key equally likely; takes a slot lock itself.
     *
     * @return whether there was one
     */
    public boolean visitRandomKey(long nowMs, KeyVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** Deletes everything and frees its memory now. Needs the world lock. Returns how many keys there were. */
    public long flush() {
        throw new UnsupportedOperationException();
    }

    /**
     * Empties the database at once and hands its former content over to be freed in steps, outside any slot lock. Needs
     * the world lock.
     */
    public DetachedKeys detach() {
        throw new UnsupportedOperationException();
    }
}
