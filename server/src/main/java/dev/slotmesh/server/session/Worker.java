package dev.slotmesh.server.session;

/**
 * What the sessions of one event loop share: counters, the clock of the present batch and the {@link Call} that carries
 * one command at a time. Confined to that loop, except the counters' readers.
 */
public final class Worker {
    private final Dispatcher dispatcher;
    private final WorkerStatistics statistics;
    private final Call call;
    private final Changes changes = new Changes();
    private final Batch batch = new Batch();
    private long nowMs;
    private long lastNanos;

    Worker(Dispatcher dispatcher, int commandCount) {
        this.dispatcher = dispatcher;
        this.statistics = new WorkerStatistics(commandCount);
        this.call = new Call(this);
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    WorkerStatistics statistics() {
        return statistics;
    }

    Call call() {
        return call;
    }

    Changes changes() {
        return changes;
    }

    Batch batch() {
        return batch;
    }

    /** Reads the clocks; once per batch of pipelined requests. Returns the wall clock in milliseconds. */
    long refreshClock() {
        nowMs = System.currentTimeMillis();
        lastNanos = System.nanoTime();
        return nowMs;
    }

    /** Wall clock of the present batch, milliseconds since 1970. */
    long nowMs() {
        return nowMs;
    }

    /** Nanoseconds since this method or {@link #refreshClock} was last called: one clock reading per command. */
    long lapNanos() {
        long now = System.nanoTime();
        long took = now - lastNanos;
        lastNanos = now;
        return took;
    }
}
