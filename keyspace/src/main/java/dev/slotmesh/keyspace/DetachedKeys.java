package dev.slotmesh.keyspace;

/**
 * The content of a database after {@link Database#detach()}, owned by one thread that frees it step by step. It needs no
 * slot lock: nothing else can reach it any more.
 */
public final class DetachedKeys {
    private final Slot[] slots;
    private final long keyCount;
    private int next;

    DetachedKeys(Slot[] slots, long keyCount) {
        this.slots = slots;
        this.keyCount = keyCount;
    }

    /** Keys that were detached. */
    public long keyCount() {
        return keyCount;
    }

    /** Frees memory for about {@code budgetNanos}, at least one step of up to some thousand keys. True at the end. */
    public boolean free(long budgetNanos) {
        long startNanos = System.nanoTime();
        while (next < slots.length) {
            if (slots[next] == null || slots[next].freeSome()) {
                slots[next] = null;
                next++;
            }
            if (System.nanoTime() - startNanos >= budgetNanos) {
                break;
            }
        }
        return next == slots.length;
    }
}
