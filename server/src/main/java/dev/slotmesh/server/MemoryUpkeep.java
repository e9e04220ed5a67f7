package dev.slotmesh.server;

import dev.slotmesh.keyspace.Eviction;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.MemoryDirectives;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Keeps memory below {@code maxmemory} and frees what is gone: a little by whoever runs a command, the rest in the background.
 * Thread safe.
 *
 * <p>The background works in steps of at most {@value #STEP_MS} ms and stands in line again after each, so that other work gets
 * its turn. What it needs from a command's thread is a flag, never a lock.
 */
public final class MemoryUpkeep {
    private static final int STEP_MS = 10;
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(STEP_MS);

    /** Up to this tenacity a command spends {@value #NANOS_PER_TENACITY} ns for each point. */
    private static final int GENTLE_TENACITY = 10;

    private static final int NANOS_PER_TENACITY = 50_000;
    /** Each further point is 15 % more, up to two minutes. */
    private static final double GROWTH = 1.15;

    private static final int BOUNDLESS_TENACITY = 100;

    /** Turns, ten a second, for which memory holds nothing before it is given back. */
    private static final int TURNS_OF_IDLENESS = 50;

    /** A step of moving blocks together in the background, and what a command does of it when that does not keep up. */
    private static final long COMPACTION_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long COMPACTION_HELP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final Configuration configuration;
    private final Keyspace keyspace;
    private final Executor background;
    private final ClientEviction clients;
    private final BooleanSupplier exempt;
    private final AtomicLong peakBytes = new AtomicLong();
    private final AtomicBoolean freeing = new AtomicBoolean();
    private final AtomicBoolean purging = new AtomicBoolean();
    private final AtomicBoolean evicting = new AtomicBoolean();
    private final AtomicBoolean compacting = new AtomicBoolean();
    private final CompactionPace compactionPace;
    /** Of the periodic thread. */
    private long turns;

    /** @param exempt whether the limit is not this node's to keep: a replica has what its primary has */
    MemoryUpkeep(
            Configuration configuration,
            Keyspace keyspace,
            Executor background,
            ClientEviction clients,
            BooleanSupplier exempt) {
        this.exempt = exempt;
        this.configuration = configuration;
        this.keyspace = keyspace;
        this.background = background;
        this.clients = clients;
        this.compactionPace = new CompactionPace(configuration, keyspace);
    }

    /**
     * Makes room if there is too little, within the time {@code maxmemory-eviction-tenacity} allows; the background does what
     * is left. No slot lock may be held.
     *
     * @return false when there is no room and nothing more that may go: commands that need memory are refused
     */
    public boolean makeRoom() {
        clients.review();
        Eviction eviction = keyspace.eviction();
        if (keyspace.compaction().isDue(eviction.limitBytes())) {
            compact();
        }
        if (!eviction.isOver() || exempt.getAsBoolean()) {
            return true;
        }
        Eviction.Outcome outcome = eviction.makeRoom(System.currentTimeMillis(), budgetNanos());
        if (outcome == Eviction.Outcome.UNDER_WAY) {
            repeat(evicting, this::evictStep);
        }
        return outcome != Eviction.Outcome.EXHAUSTED;
    }

    private long budgetNanos() {
        return budgetNanos(configuration.getInt(MemoryDirectives.MAXMEMORY_EVICTION_TENACITY));
    }

    /** How long a command may evict: 0.5 ms at the tenacity of 10 that Redis starts with, 1 ms at 15, two minutes at 99. */
    static long budgetNanos(int tenacity) {
        if (tenacity >= BOUNDLESS_TENACITY) {
            return Long.MAX_VALUE;
        }
        if (tenacity <= GENTLE_TENACITY) {
            return (long) NANOS_PER_TENACITY * tenacity;
        }
        return (long) (GENTLE_TENACITY
                * NANOS_PER_TENACITY
                * Math.pow(GROWTH, (double) tenacity - GENTLE_TENACITY));
    }

    /** Clients closed because of {@code maxmemory-clients}, since the start. */
    public long evictedClientCount() {
        return clients.evictedCount();
    }

    /** Has the background free what waits for it. */
    public void freeRemains() {
        repeat(freeing, () -> !keyspace.remains().free(STEP_NANOS));
    }

    /** Has the background free what waits for it and give back what is free then: MEMORY PURGE. */
    public void purge() {
        repeat(purging, this::purgeStep);
    }

    private boolean purgeStep() {
        boolean more = !keyspace.remains().free(STEP_NANOS);
        if (!more) {
            keyspace.giveBackFreeMemory();
        }
        return more;
    }

    /** The most that was used at a periodic look or when this was asked, bytes. */
    public long peakBytes() {
        return peakBytes.accumulateAndGet(keyspace.eviction().countedBytes(), Math::max);
    }

    /** The periodic look: at a limit that was lowered, at values deleted since the last turn. */
    void turn() {
        peakBytes();
        clients.review();
        if (!exempt.getAsBoolean()) {
            keyspace.eviction().makeRoom(System.currentTimeMillis(), STEP_NANOS);
        }
        if (!exempt.getAsBoolean() && keyspace.eviction().isOver()) {
            repeat(evicting, this::evictStep);
        }
        compactionPace.turn();
        if (isCompactionWanted()) {
            repeat(compacting, this::compactionStep);
        }
        if (keyspace.remains().pendingCount() > 0) {
            freeRemains();
        }
        turns++;
        if (turns % TURNS_OF_IDLENESS == 0) {
            keyspace.giveBackIdleMemory();
        }
    }

    /** Has the background move blocks together, and does a little of it when that does not keep up with the writing. */
    private void compact() {
        if (compactionPace.budgetNanos() > 0) {
            repeat(compacting, this::compactionStep);
        }
        long limitBytes = keyspace.eviction().limitBytes();
        if (keyspace.compaction().isUrgent(limitBytes)) {
            keyspace.compaction().run(limitBytes, COMPACTION_HELP_NANOS, COMPACTION_HELP_NANOS);
        }
    }

    private boolean compactionStep() {
        long budget = compactionPace.budgetNanos();
        if (budget <= 0 || !isCompactionWanted()) {
            return false;
        }
        long start = System.nanoTime();
        keyspace.compaction()
                .run(keyspace.eviction().limitBytes(), Math.min(budget, COMPACTION_NANOS), 0);
        compactionPace.spent(System.nanoTime() - start);
        return true;
    }

    private boolean isCompactionWanted() {
        return keyspace.compaction().isRunning()
                || keyspace.compaction().isDue(keyspace.eviction().limitBytes())
                || compactionPace.isWanted();
    }

    private boolean evictStep() {
        return !exempt.getAsBoolean()
                && keyspace.eviction().makeRoom(System.currentTimeMillis(), STEP_NANOS)
                        == Eviction.Outcome.UNDER_WAY;
    }

    /** A step of work in the background. */
    private interface Step {
        /** Returns whether there is more to do. */
        boolean run();
    }

    /** Runs steps in the background until one says there is no more to do; at most one such row for each flag. */
    private void repeat(AtomicBoolean running, Step step) {
        if (running.compareAndSet(false, true)) {
            submit(running, step);
        }
    }

    private void submit(AtomicBoolean running, Step step) {
        try {
            background.execute(() -> {
                boolean more = false;
                try {
                    more = step.run();
                } finally {
                    if (!more) {
                        running.set(false);
                    }
                }
                if (more) {
                    submit(running, step);
                }
            });
        } catch (RejectedExecutionException closing) {
            // The node is being closed, which frees everything at once.
            running.set(false);
        }
    }
}
