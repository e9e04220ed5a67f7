package dev.slotmesh.keyspace;

/**
 * The active deletion of keys whose time has passed, in bounded steps.
 *
 * <p>It goes round all slots of all databases that have keys with a deadline, and looks into those tables where the
 * earliest deadline has come. One thread; it takes one slot lock at a time, for at most a table's keys (some thousand).
 */
public final class ExpiryCycle {
    private static final int LEAST_EFFORT = 1;
    private static final int MOST_EFFORT = 10;
    private static final int KEYS_PER_MS = 4;
    private static final long LONGEST_BUDGET_NANOS = 3_600_000_000_000L;
    private static final double WEIGHT_OF_NEW = 0.05;

    private final Keyspace keyspace;
    private int database;
    private int slot;
    private long position;
    private double staleShare;
    private volatile double stalePercentage;
    private volatile long timeCapReached;

    public ExpiryCycle(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /**
     * Goes on where the last call stopped, for at most about {@code budgetNanos}; ends early after a full round. Does
     * nothing unless {@link ExpiryMode#DELETE} holds. No slot lock may be held.
     *
     * @param effort 1 (default) to 10: how often a table with many deadlines is looked through for a few passed ones
     * @return keys deleted
     */
    public int run(long nowMs, long budgetNanos, int effort) {
        if (effort < LEAST_EFFORT || effort > MOST_EFFORT) {
            throw new IllegalArgumentException("effort: " + effort);
        }
        if (keyspace.expiryMode() != ExpiryMode.DELETE) {
            return 0;
        }
        long endNanos = System.nanoTime() + Math.min(budgetNanos, LONGEST_BUDGET_NANOS);
        int deleted = 0;
        long looked = 0;
        long slotsLeft = (long) HashSlot.SLOT_COUNT * keyspace.databaseCount() + 1;
        while (slotsLeft > 0) {
            Database current = keyspace.database(database);
            if (current.hasDeadlines(slot)) {
                looked += current.expiringKeyCount(slot);
                deleted += visitSlot(current, nowMs, effort, endNanos);
                if (endNanos - System.nanoTime() <= 0) {
                    timeCapReached++;
                    break;
                }
            }
            slotsLeft -= advance(current);
        }
        if (looked > 0) {
            staleShare += ((double) deleted / looked - staleShare) * WEIGHT_OF_NEW;
            stalePercentage = staleShare * 100;
        }
        return deleted;
    }

    /** Running estimate of keys past their time among those with a deadline, percent: INFO expired_stale_perc. */
    public double stalePercentage() {
        return stalePercentage;
    }

    /** How often a call ended because its time was up: INFO expired_time_cap_reached_count. */
    public long timeCapReachedCount() {
        return timeCapReached;
    }

    /** Goes through the slot's tables from {@link #position} on; that stays above 0 when the time is up before the end. */
    private int visitSlot(Database current, long nowMs, int effort, long endNanos) {
        int deleted = 0;
        boolean fieldsLeft;
        do {
            keyspace.locks().lock(slot);
            try {
                Slot visited = current.slot(slot);
                int before = visited.keyCount();
                if (position < Slot.SCAN_END) {
                    position = visited.removeDue(position, nowMs, KEYS_PER_MS * effort);
                }
                fieldsLeft = visited.timedHashes().removeDue(visited, nowMs);
                deleted += before - visited.keyCount();
            } finally {
                keyspace.locks().unlock(slot);
            }
        } while ((position < Slot.SCAN_END || fieldsLeft) && endNanos - System.nanoTime() > 0);
        if (position == Slot.SCAN_END) {
            position = 0;
        }
        return deleted;
    }

    /** To the next slot, or past a database without keys, unless the present slot is unfinished. Returns how far. */
    private int advance(Database current) {
        if (position > 0) {
            return 0;
        }
        int from = slot;
        slot = current.isUnused() ? HashSlot.SLOT_COUNT : slot + 1;
        int passed = slot - from;
        if (slot == HashSlot.SLOT_COUNT) {
            slot = 0;
            database = (database + 1) % keyspace.databaseCount();
        }
        return passed;
    }
}
