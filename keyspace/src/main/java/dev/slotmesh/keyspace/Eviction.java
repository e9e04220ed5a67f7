package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.MemoryAccount;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps a keyspace below a limit of memory by deleting keys: asked before every command, it costs two reads as long as there is
 * room, and takes a bounded time when there is none.
 *
 * <p>Any number of threads make room at once, each with a search of its own; none may hold a slot lock, since a search takes
 * those of other slots. Settings are volatile.
 */
public final class Eviction {
    /** Keys evicted between two looks at the clock. */
    private static final int KEYS_A_LOOK = 16;

    private static final long FREEING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What came of making room. */
    public enum Outcome {
        /** There is room. */
        WITHIN,
        /** There is not enough yet, but more can be done: the time was up. */
        UNDER_WAY,
        /** There is no room, and nothing more that may go. */
        EXHAUSTED
    }

    private final Keyspace keyspace;
    private final MemoryAccount account;
    private final ConcurrentLinkedQueue<EvictionSearch> searches = new ConcurrentLinkedQueue<>();
    private final LongAdder evictedKeys = new LongAdder();
    /** When there began to be too little room, by the steady clock; 0 while there is enough. */
    private final AtomicLong exceededSinceNanos = new AtomicLong();

    private final AtomicLong exceededNanos = new AtomicLong();
    private final AtomicLong nextSeed;
    private volatile long limitBytes;
    private volatile EvictionRule rule = EvictionRule.NONE;

    Eviction(Keyspace keyspace, MemoryAccount account, long seed) {
        this.keyspace = keyspace;
        this.account = account;
        this.nextSeed = new AtomicLong(seed);
    }

    /** Sets the limit, 0 for none. Any thread. */
    public void limitBytes(long bytes) {
        limitBytes = bytes;
    }

    /** The limit, 0 for none. */
    public long limitBytes() {
        return limitBytes;
    }

    /** Sets which keys may go. Any thread. */
    public void rule(EvictionRule changed) {
        rule = changed;
    }

    /** Which keys go first. */
    public EvictionRule rule() {
        return rule;
    }

    /** What counts: blocks in use, buffers of clients, and what the server keeps for itself, bytes. */
    public long countedBytes() {
        return account.usedBytes() + account.bufferBytes() + account.serviceBytes();
    }

    /** Whether more is used than may be. */
    public boolean isOver() {
        long limit = limitBytes;
        return limit != 0 && countedBytes() > limit;
    }

    /** Keys evicted since the start. */
    public long evictedKeyCount() {
        return evictedKeys.sum();
    }

    /** How long memory has been above the limit since the start, the present time included, milliseconds. */
    public long totalExceededMs() {
        return TimeUnit.NANOSECONDS.toMillis(exceededNanos.get()) + currentExceededMs();
    }

    /** How long memory has been above the limit without a break, 0 when it is not, milliseconds. */
    public long currentExceededMs() {
        long since = exceededSinceNanos.get();
        return since == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    }

    /**
     * Deletes keys until there is room, for at most about {@code budgetNanos}. No slot lock may be held.
     *
     * @param nowMs by which clocks and deadlines of keys are read
     */
    public Outcome makeRoom(long nowMs, long budgetNanos) {
        if (!isOver()) {
            if (exceededSinceNanos.get() != 0) {
                noteWithin();
            }
            return Outcome.WITHIN;
        }
        Outcome outcome = evict(nowMs, System.nanoTime(), budgetNanos);
        if (outcome == Outcome.WITHIN) {
            noteWithin();
        } else {
            exceededSinceNanos.compareAndSet(0, System.nanoTime());
        }
        return outcome;
    }

    private Outcome evict(long nowMs, long startNanos, long budgetNanos) {
        EvictionRule present = rule;
        if (present.order() == EvictionRule.Order.NONE) {
            return freeRemains() ? withinOrUnderWay() : Outcome.EXHAUSTED;
        }
        EvictionSearch search = searches.poll();
        if (search == null) {
            search = new EvictionSearch(keyspace, nextSeed.getAndIncrement());
        }
        try {
            for (int evicted = 1; ; evicted++) {
                if (!search.evictOne(present, nowMs)) {
                    return freeRemains() ? withinOrUnderWay() : Outcome.EXHAUSTED;
                }
                if (!isOver()) {
                    return Outcome.WITHIN;
                }
                if (evicted % KEYS_A_LOOK == 0) {
                    freeRemains();
                    if (System.nanoTime() - startNanos >= budgetNanos) {
                        return withinOrUnderWay();
                    }
                }
            }
        } finally {
            searches.add(search);
        }
    }

    private Outcome withinOrUnderWay() {
        return isOver() ? Outcome.UNDER_WAY : Outcome.WITHIN;
    }

    /** Helps to free what large values left behind. Returns whether there was anything. */
    private boolean freeRemains() {
        if (keyspace.remains().pendingCount() == 0) {
            return false;
        }
        keyspace.remains().free(FREEING_NANOS);
        return true;
    }

    private void noteWithin() {
        long since = exceededSinceNanos.getAndSet(0);
        if (since != 0) {
            exceededNanos.addAndGet(System.nanoTime() - since);
        }
    }

    void noteEvicted() {
        evictedKeys.increment();
    }
}
