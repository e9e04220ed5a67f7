package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.LeavingSpans;
import dev.slotmesh.keyspace.memory.MemoryAccount;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moves what lies in sparse spans of the arena together, so that the spans become empty and serve blocks of other sizes, or go
 * back to the operating system with their segment.
 *
 * <p>It works in rounds. A round chooses spans in each stripe, from which no block is taken any more; copies them one by one, guesses
 * from the copy which blocks are entries, and moves those that the index knows at that place; if spans are left, walks through the
 * slots and moves tables of the index, and values that are a single block below their entry; and has blocks taken again from the
 * spans that did not empty. Elements of large structures stay where they are. Entries are found by the hash slot of their key:
 * those that a program put into other slots stay as well.
 *
 * <p>Any thread may run it for a while; threads take turns. It takes one slot lock at a time, for a fraction of a millisecond,
 * and none may be held. A move changes the address of an entry, its root or a table, and nothing else: not the key, the value,
 * the deadline, the access clock, or the place in a walk by position. So a walk that goes slot by slot under the slot's lock
 * (SCAN, a snapshot) meets every key once whether it moves or not, as long as it keeps positions or keys between two locks and
 * no handles. Nobody keeps a handle beyond the slot's lock but eviction, which asks the index about it again.
 */
public final class Compaction implements AutoCloseable {
    /** A round is due when blocks hold more than the limit and this part of it (1/96), though less is used. */
    private static final int HELD_PART = 96;
    /** It is also due when memory exceeds the limit by this part (1/48) and segments can be given back. */
    private static final int TOUCHED_PART = 48;
    /** Writers help when memory exceeds the limit by this part (1/40). */
    private static final int URGENT_PART = 40;
    /** Less than this part of what is held (1/256) is not worth a round. */
    private static final int LEAST_GAIN_PART = 256;

    /** A rest is over early when memory has grown by this part (1/128). */
    private static final int REST_GROWTH_PART = 128;

    private static final long SHORTEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int KEPT_A_STEP = 1024;

    /** What a round is at. */
    private enum Phase {
        RESTING,
        CHOOSING,
        MOVING_ENTRIES,
        WALKING,
        ENDING
    }

    private final Keyspace keyspace;
    private final Arena arena;
    private final MemoryAccount account;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile Phase phase = Phase.RESTING;
    /** When the last round brought too little: not before this time by the steady clock; 0 when it brought enough. */
    private volatile long restUntilNanos;
    /** Whatever the time, the rest is over when more than this is held or spare. */
    private volatile long restUntilBytes;

    /* The round, guarded by turn. */
    private final LeavingSpans leaving = new LeavingSpans();
    private final Relocation relocation;
    private long restNanos = SHORTEST_REST_NANOS;
    private boolean closed;
    private int keptSpans;
    private int stripe;

    Compaction(Keyspace keyspace, Arena arena) {
        this.keyspace = keyspace;
        this.arena = arena;
        this.account = arena.account();
        this.relocation = new Relocation(keyspace, leaving);
    }

    /** Whether a round is under way. */
    public boolean isRunning() {
        return phase != Phase.RESTING;
    }

    /** Blocks moved since the start. */
    public long movedCount() {
        return relocation.movedCount();
    }

    /** Keys of which something was moved since the start. */
    public long movedKeyCount() {
        return relocation.movedKeyCount();
    }

    /** Keys looked at of which nothing had to move since the start. */
    public long stayingKeyCount() {
        return relocation.stayingKeyCount();
    }

    /**
     * Whether memory has outgrown a limit (0 for none) by more than is tolerated, and moving blocks together is worth trying.
     * Where more than the limit is in use, as on a replica that leaves evicting to its primary, that takes its place. Takes no lock;
     * costs a few reads.
     */
    public boolean isDue(long limitBytes) {
        if (limitBytes == 0 || account.touchedBytes() <= limitBytes + limitBytes / HELD_PART) {
            return false;
        }
        return (isLosing(limitBytes) || isBulky(limitBytes)) && !isPausing();
    }

    /** As {@link #isDue}, and so far that whoever writes should help before it does. */
    public boolean isUrgent(long limitBytes) {
        return isBeyond(account.touchedBytes(), limitBytes, URGENT_PART) && isDue(limitBytes);
    }

    /**
     * Whether more is lost to sparse spans than wanted, whatever the limit. Takes no lock.
     *
     * @param ignoredBytes so much may be lost
     * @param percent of the memory in use may be lost
     */
    public boolean isSparse(long ignoredBytes, int percent) {
        return lostBytes() > ignoredBytes && lostPercent() > percent && !isPausing();
    }

    /** What lies free between blocks in use, which only blocks of the same size can take, as a percentage of those in use. */
    public int lostPercent() {
        return (int)
                Math.min(Integer.MAX_VALUE, lostBytes() * 100 / Math.max(1, account.usedBytes()));
    }

    /**
     * Goes on with the round under way, or begins one. No slot lock may be held.
     *
     * @param limitBytes what the memory should not exceed, 0 for none
     * @param budgetNanos about how long, at least one step
     * @param patienceNanos how long to wait while another thread is at it
     * @return false once the round is over
     */
    public boolean run(long limitBytes, long budgetNanos, long patienceNanos) {
        long startNanos = System.nanoTime();
        if (!takeTurn(patienceNanos)) {
            return isRunning();
        }
        try {
            if (closed) {
                return false;
            }
            if (phase == Phase.RESTING) {
                begin(limitBytes);
            }
            do {
                step();
            } while (phase != Phase.RESTING && System.nanoTime() - startNanos < budgetNanos);
            return phase != Phase.RESTING;
        } finally {
            turn.unlock();
        }
    }

    /** Ends it for good; a thread that is at it finishes its time before. */
    @Override
    public void close() {
        turn.lock();
        try {
            if (!closed) {
                closed = true;
                phase = Phase.RESTING;
                relocation.close();
            }
        } finally {
            turn.unlock();
        }
    }

    private boolean takeTurn(long patienceNanos) {
        try {
            return turn.tryLock() || turn.tryLock(patienceNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private long lostBytes() {
        return account.heldBytes() - account.usedBytes();
    }

    private boolean isLosing(long limitBytes) {
        return isBeyond(account.heldBytes(), limitBytes, HELD_PART);
    }

    private boolean isBulky(long limitBytes) {
        return limitBytes != 0
                && isBeyond(account.touchedBytes(), limitBytes, TOUCHED_PART)
                && arena.hasSurplusSegment();
    }

    /** Whether the limit, or what is in use if that is more, is exceeded by one part of it. */
    private boolean isBeyond(long bytes, long limitBytes, int part) {
        long bound = Math.max(limitBytes, account.usedBytes());
        return bytes > bound + bound / part;
    }

    private boolean isPausing() {
        long until = restUntilNanos;
        return until != 0
                && phase == Phase.RESTING
                && account.touchedBytes() <= restUntilBytes
                && until - System.nanoTime() > 0;
    }

    private void begin(long limitBytes) {
        if (isBulky(limitBytes)) {
            arena.chooseSegments();
        }
        keptSpans = 0;
        stripe = 0;
        phase = Phase.CHOOSING;
    }

    private void step() {
        switch (phase) {
            case CHOOSING -> choose();
            case MOVING_ENTRIES -> moveEntries();
            case WALKING -> walk();
            case ENDING -> end();
            case RESTING -> throw new IllegalStateException("no round is under way");
        }
    }

    private void choose() {
        arena.stripe(stripe).chooseLeaving(leaving);
        if (isLastStripe()) {
            relocation.begin();
            phase = isWorthIt(leaving.count()) ? Phase.MOVING_ENTRIES : Phase.ENDING;
        }
    }

    /** Goes on to the next stripe; returns whether there was none, and the first is the next again. */
    private boolean isLastStripe() {
        stripe++;
        if (stripe < keyspace.settings().arenaStripes()) {
            return false;
        }
        stripe = 0;
        return true;
    }

    private boolean isWorthIt(int spans) {
        return (long) spans * LeavingSpans.SPAN_BYTES >= account.heldBytes() / LEAST_GAIN_PART;
    }

    private void moveEntries() {
        if (!relocation.moveEntries(arena.stripe(stripe)) && isLastStripe()) {
            phase = anyLeft() ? Phase.WALKING : Phase.ENDING;
        }
    }

    private void walk() {
        if (!relocation.walk()) {
            phase = Phase.ENDING;
        }
    }

    private boolean anyLeft() {
        for (int i = 0; i < keyspace.settings().arenaStripes(); i++) {
            if (arena.stripe(i).hasLeaving()) {
                return true;
            }
        }
        return false;
    }

    private void end() {
        int kept = arena.stripe(stripe).keepLeaving(KEPT_A_STEP);
        keptSpans += kept;
        if (kept < KEPT_A_STEP && isLastStripe()) {
            arena.keepSegments();
            rest(isWorthIt(leaving.count() - keptSpans));
            leaving.clear();
            phase = Phase.RESTING;
        }
    }

    /** After rounds that brought little the rest becomes longer and longer. */
    private void rest(boolean gained) {
        if (gained) {
            restNanos = SHORTEST_REST_NANOS;
            restUntilNanos = 0;
        } else {
            restUntilBytes = account.touchedBytes() + account.touchedBytes() / REST_GROWTH_PART;
            restUntilNanos = System.nanoTime() + restNanos | 1;
            restNanos = Math.min(2 * restNanos, LONGEST_REST_NANOS);
        }
    }
}
