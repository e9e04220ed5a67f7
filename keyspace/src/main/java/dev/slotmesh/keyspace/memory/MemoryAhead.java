package dev.slotmesh.keyspace.memory;

/**
 * Has memory made ready on a thread of its own while another thread fills what there is: the system clears each page before
 * its first use, a third of the time that storing many keys takes. Open while there is much to store; what is left then is idle
 * memory like any other.
 */
public final class MemoryAhead implements AutoCloseable {
    /** Segments that are made ready, 8 MiB: a few milliseconds of storing. */
    static final int SEGMENTS_AHEAD = 4;

    private final SpanPool pool;
    private final AheadThread thread;
    private volatile boolean closed;

    MemoryAhead(SpanPool pool) {
        this.pool = pool;
        this.thread = new AheadThread("slotmesh-memory-ahead", this::run);
    }

    private void run() {
        try {
            while (!closed) {
                pool.awaitShortage(SEGMENTS_AHEAD);
                pool.openTouchedSegment();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread and waits for it. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        thread.awaitEnd();
    }
}
