package dev.slotmesh.server.session;

/**
 * CLIENT PAUSE: until a moment, commands of one kind are put off (not refused) on every connection. Thread safe; the hot path
 * reads one volatile field.
 */
public final class Pause {
    /** What is put off. */
    public enum Kind {
        NONE,
        WRITES,
        ALL
    }

    private record State(Kind kind, long endMs) {}

    private static final State RUNNING = new State(Kind.NONE, 0);

    private volatile State state = RUNNING;

    /**
     * Starts or prolongs a pause; the stronger kind and the later end win, as in Redis.
     *
     * @param endMs wall clock in milliseconds
     */
    public synchronized void start(Kind kind, long endMs) {
        State now = state;
        Kind stronger = now.kind.compareTo(kind) > 0 ? now.kind : kind;
        state = new State(stronger, Math.max(endMs, now.endMs));
    }

    /** Ends the pause; true when there was one. */
    public synchronized boolean end() {
        boolean was = state != RUNNING;
        state = RUNNING;
        return was;
    }

    /** Ends a pause whose time is over; true when it ended one. */
    public boolean expire(long nowMs) {
        State now = state;
        return now != RUNNING && now.endMs - nowMs <= 0 && end();
    }

    public Kind kind() {
        return state.kind;
    }

    /** Wall clock end in milliseconds, 0 when not paused. */
    public long endMs() {
        return state.endMs;
    }
}
