package dev.slotmesh.keyspace;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The 24 bits an entry has for its accesses: under LRU the second of the last access; under LFU the minute of the last
 * decay in the upper 16 bits and a logarithmic counter in the lower 8, which loses one a minute.
 */
final class AccessClock {
    private static final int BITS_24 = 0xFF_FFFF;
    private static final int BITS_16 = 0xFFFF;
    private static final int COUNTER_LIMIT = 255;
    private static final int NEW_KEY_COUNTER = 5;
    private static final int LOG_FACTOR = 10;

    private AccessClock() {}

    /** The clock of a key that was just made. */
    static int fresh(AccessPolicy policy, long nowMs) {
        return policy == AccessPolicy.LRU ? seconds(nowMs) : minutes(nowMs) << 8 | NEW_KEY_COUNTER;
    }

    /** The clock after an access. */
    static int accessed(AccessPolicy policy, int clock, long nowMs) {
        if (policy == AccessPolicy.LRU) {
            return seconds(nowMs);
        }
        int counter = frequency(clock, nowMs);
        if (counter < COUNTER_LIMIT) {
            int above = Math.max(0, counter - NEW_KEY_COUNTER);
            if (ThreadLocalRandom.current().nextDouble() * (above * LOG_FACTOR + 1) < 1.0) {
                counter++;
            }
        }
        return minutes(nowMs) << 8 | counter;
    }

    /** Seconds since the last access under LRU; the clock comes round after 194 days. */
    static long idleSeconds(int clock, long nowMs) {
        return seconds(nowMs) - clock & BITS_24;
    }

    /** The counter under LFU, less one for each minute since it was last written. */
    static int frequency(int clock, long nowMs) {
        int elapsed = minutes(nowMs) - (clock >>> 8) & BITS_16;
        return Math.max(0, (clock & 0xFF) - elapsed);
    }

    private static int seconds(long nowMs) {
        return (int) (nowMs / 1000) & BITS_24;
    }

    private static int minutes(long nowMs) {
        return (int) (nowMs / 60_000) & BITS_16;
    }
}
