package dev.slotmesh.keyspace;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How accesses are noted in the 24 bits an entry has for them: under LRU the second of the last access; under LFU the minute
 * of the last decay in the upper 16 bits and a logarithmic counter in the lower 8. Immutable.
 */
final class AccessClock {
    /** LRU, with the pace of counting that Redis starts with should it become LFU. */
    static final AccessClock DEFAULT = new AccessClock(AccessPolicy.LRU, 10, 1);

    private static final int BITS_24 = 0xFF_FFFF;
    private static final int BITS_16 = 0xFFFF;
    private static final int COUNTER_LIMIT = 255;
    private static final int NEW_KEY_COUNTER = 5;

    private final AccessPolicy policy;
    private final int logFactor;
    private final int decayMinutes;

    /**
     * @param logFactor 0 or more: the larger, the more accesses the counter takes to grow
     * @param decayMinutes minutes after which an unused counter loses one; 0: it never does
     */
    AccessClock(AccessPolicy policy, int logFactor, int decayMinutes) {
        this.policy = policy;
        this.logFactor = logFactor;
        this.decayMinutes = decayMinutes;
    }

    AccessPolicy policy() {
        return policy;
    }

    AccessClock withPolicy(AccessPolicy other) {
        return new AccessClock(other, logFactor, decayMinutes);
    }

    AccessClock withPace(int otherLogFactor, int otherDecayMinutes) {
        return new AccessClock(policy, otherLogFactor, otherDecayMinutes);
    }

    /** The bits of a key that was just made. */
    int fresh(long nowMs) {
        return policy == AccessPolicy.LRU ? seconds(nowMs) : minutes(nowMs) << 8 | NEW_KEY_COUNTER;
    }

    /** The bits after an access. */
    int accessed(int bits, long nowMs) {
        if (policy == AccessPolicy.LRU) {
            return seconds(nowMs);
        }
        int counter = frequency(bits, nowMs);
        if (counter < COUNTER_LIMIT) {
            double above = Math.max(0, counter - NEW_KEY_COUNTER);
            if (ThreadLocalRandom.current().nextDouble() * (above * logFactor + 1) < 1.0) {
                counter++;
            }
        }
        return minutes(nowMs) << 8 | counter;
    }

    /** Seconds since the last access under LRU; they come round after 194 days. */
    static long idleSeconds(int bits, long nowMs) {
        return seconds(nowMs) - bits & BITS_24;
    }

    /** The counter under LFU, less what it has lost since it was last written. */
    int frequency(int bits, long nowMs) {
        int elapsed = minutes(nowMs) - (bits >>> 8) & BITS_16;
        return Math.max(0, (bits & 0xFF) - (decayMinutes == 0 ? 0 : elapsed / decayMinutes));
    }

    /** The bits of a key last accessed {@code idleSeconds} ago, for a restored key under LRU. */
    static int idleFor(long idleSeconds, long nowMs) {
        return (int) (nowMs / 1000 - idleSeconds) & BITS_24;
    }

    /** The bits of a key with this counter, 0..255, for a restored key under LFU. */
    static int ofFrequency(int counter, long nowMs) {
        return minutes(nowMs) << 8 | counter;
    }

    private static int seconds(long nowMs) {
        return (int) (nowMs / 1000) & BITS_24;
    }

    private static int minutes(long nowMs) {
        return (int) (nowMs / 60_000) & BITS_16;
    }
}
