package dev.slotmesh.server;

import dev.slotmesh.keyspace.Compaction;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.MemoryDirectives;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of a core moving blocks together may take in the background: {@code active-defrag-cycle-max} percent where memory
 * exceeds its limit, and else, with {@code activedefrag}, between the least and the most as what is lost lies between
 * {@code active-defrag-threshold-lower} and {@code -upper}. Thread safe.
 */
final class CompactionPace {
    /** A turn comes every 100 ms, so one percent of a core is this long. */
    private static final long NANOS_PER_PERCENT = TimeUnit.MILLISECONDS.toNanos(1);

    private final Configuration configuration;
    private final Keyspace keyspace;
    /** What is left until the next turn. */
    private final AtomicLong leftNanos = new AtomicLong();

    CompactionPace(Configuration configuration, Keyspace keyspace) {
        this.configuration = configuration;
        this.keyspace = keyspace;
    }

    /** The periodic turn: a share of the next 100 ms may be spent. */
    void turn() {
        leftNanos.set(percent() * NANOS_PER_PERCENT);
    }

    /** What may be spent until the next turn; 0 or less when nothing. */
    long budgetNanos() {
        return leftNanos.get();
    }

    void spent(long nanos) {
        leftNanos.addAndGet(-nanos);
    }

    /** Whether {@code activedefrag} asks for it, whatever the limit. */
    boolean isWanted() {
        return configuration.get(MemoryDirectives.ACTIVEDEFRAG)
                && keyspace.compaction()
                        .isSparse(
                                configuration.get(MemoryDirectives.ACTIVE_DEFRAG_IGNORE_BYTES),
                                configuration.getInt(
                                        MemoryDirectives.ACTIVE_DEFRAG_THRESHOLD_LOWER));
    }

    private long percent() {
        Compaction compaction = keyspace.compaction();
        int least = configuration.getInt(MemoryDirectives.ACTIVE_DEFRAG_CYCLE_MIN);
        int most = configuration.getInt(MemoryDirectives.ACTIVE_DEFRAG_CYCLE_MAX);
        if (compaction.isDue(keyspace.eviction().limitBytes())) {
            return most;
        }
        int lower = configuration.getInt(MemoryDirectives.ACTIVE_DEFRAG_THRESHOLD_LOWER);
        int upper = configuration.getInt(MemoryDirectives.ACTIVE_DEFRAG_THRESHOLD_UPPER);
        int lost = compaction.lostPercent();
        if (lost <= lower) {
            return Math.min(least, most);
        }
        return lost >= upper
                ? most
                : interpolated(least, most, (lost - lower) / (double) (upper - lower));
    }

    private static long interpolated(int least, int most, double part) {
        return Math.round(least + (most - least) * part);
    }
}
