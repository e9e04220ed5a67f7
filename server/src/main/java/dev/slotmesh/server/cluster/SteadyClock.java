package dev.slotmesh.server.cluster;

/**
 * Unix time in milliseconds that never goes back nor jumps: the wall clock is read once, then a monotonic clock counts on. A
 * wall clock set forward by more than the node timeout makes a stock node flag everybody PFAIL (cluster bus facts, section
 * 25.12); this one does not notice. Any thread.
 */
final class SteadyClock {
    private static final long NANOS_PER_MS = 1_000_000;

    private final long anchorMs = System.currentTimeMillis();
    private final long anchorNanos = System.nanoTime();

    long nowMs() {
        return anchorMs + (System.nanoTime() - anchorNanos) / NANOS_PER_MS;
    }
}
