package dev.slotmesh.keyspace;

/** The content of a database after {@link Database#detach()}, owned by one thread that frees it step by step. */
public final class DetachedKeys {
    DetachedKeys() {}

    /** Keys that were detached. */
    public long keyCount() {
        throw new UnsupportedOperationException();
    }

    /** Frees memory for about {@code budgetNanos}. Returns whether everything is free; needs no lock. */
    public boolean free(long budgetNanos) {
        throw new UnsupportedOperationException();
    }
}
