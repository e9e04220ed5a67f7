package dev.slotmesh.gossip.simulator;

import java.util.SplittableRandom;

/**
 * How long a packet is under way: evenly spread between two bounds, and sometimes much longer, as in a network with queues.
 *
 * @param minUs 0 or more
 * @param maxUs {@code minUs} or more
 * @param tailChance 0..1, how often a packet meets a queue
 * @param tailMeanUs mean of the exponentially distributed time it waits there; no wait is longer than ten times that
 */
public record Latency(long minUs, long maxUs, double tailChance, long tailMeanUs) {
    private static final double LONGEST_TAIL = 10;

    public Latency {
        if (minUs < 0 || maxUs < minUs || tailMeanUs < 0) {
            throw new IllegalArgumentException("impossible latency");
        }
    }

    /** Evenly spread, without tail; both bounds included. */
    public static Latency between(long minUs, long maxUs) {
        return new Latency(minUs, maxUs, 0, 0);
    }

    long draw(SplittableRandom random) {
        long delay = minUs == maxUs ? minUs : random.nextLong(minUs, maxUs + 1);
        if (tailChance > 0 && random.nextDouble() < tailChance) {
            double waits = Math.min(LONGEST_TAIL, -Math.log(1 - random.nextDouble()));
            delay += (long) (waits * tailMeanUs);
        }
        return delay;
    }
}
