package dev.slotmesh.server.session;

import java.util.EnumMap;
import java.util.Map;

/**
 * Until a moment, commands of one kind are put off (not refused) on every connection: CLIENT PAUSE, and what has to wait for replicas.
 * Each purpose begins and ends its own. Thread safe; the hot path reads one volatile field.
 */
public final class Pause {
    /** What is put off. */
    public enum Kind {
        NONE,
        WRITES,
        ALL
    }

    /** Why. */
    public enum Purpose {
        CLIENT_PAUSE,
        SHUTDOWN,
        FAILOVER
    }

    private record State(Kind kind, long endMs) {
        State with(State other) {
            return new State(
                    kind.compareTo(other.kind) > 0 ? kind : other.kind,
                    Math.max(endMs, other.endMs));
        }
    }

    private static final State RUNNING = new State(Kind.NONE, 0);

    private final Map<Purpose, State> purposes = new EnumMap<>(Purpose.class);
    /** All purposes together: the strongest kind, the latest end. */
    private volatile State state = RUNNING;

    /**
     * Starts a pause or prolongs that of the same purpose; the stronger kind and the later end win, as in Redis.
     *
     * @param endMs wall clock in milliseconds
     */
    public synchronized void start(Purpose purpose, Kind kind, long endMs) {
        purposes.merge(purpose, new State(kind, endMs), State::with);
        combine();
    }

    /** Ends the pause of a purpose; true when there was one. */
    public synchronized boolean end(Purpose purpose) {
        boolean was = purposes.remove(purpose) != null;
        combine();
        return was;
    }

    /** Ends the pauses whose time is over; true when it ended one. */
    public boolean expire(long nowMs) {
        if (state == RUNNING) {
            return false;
        }
        synchronized (this) {
            boolean any = purposes.values().removeIf(pause -> pause.endMs - nowMs <= 0);
            combine();
            return any;
        }
    }

    private void combine() {
        state = purposes.isEmpty()
                ? RUNNING
                : purposes.values().stream().reduce(RUNNING, State::with);
    }

    public Kind kind() {
        return state.kind;
    }

    /** Wall clock end in milliseconds, 0 when not paused. */
    public long endMs() {
        return state.endMs;
    }
}
