package dev.slotmesh.keyspace;

/** The active deletion of keys whose time has passed, in bounded steps. One thread; it takes slot locks itself. */
public final class ExpiryCycle {
    private final Keyspace keyspace;

    public ExpiryCycle(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /**
     * Goes on where the last call stopped, for at most about {@code budgetNanos}; ends early when nothing is due. Does
     * nothing unless {@link ExpiryMode#DELETE} holds. No slot lock may be held.
     *
     * @param effort 1 (default) to 10: how small a share of keys past their time is still worth a visit
     * @return keys deleted
     */
    public int run(long nowMs, long budgetNanos, int effort) {
        throw new UnsupportedOperationException();
    }

    /** Estimated share of keys past their time among those with a deadline, percent: INFO expired_stale_perc. */
    public double stalePercentage() {
        throw new UnsupportedOperationException();
    }

    /** How often a call ended because its time was up: INFO expired_time_cap_reached_count. */
    public long timeCapReachedCount() {
        throw new UnsupportedOperationException();
    }

    Keyspace keyspace() {
        return keyspace;
    }
}
