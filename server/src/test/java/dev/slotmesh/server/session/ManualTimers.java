package dev.slotmesh.server.session;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Timers whose time passes when the test says so. For one thread. */
final class ManualTimers {
    private final PriorityQueue<Due> running =
            new PriorityQueue<>(Comparator.comparingLong(Due::atMs).thenComparing(Due::order));

    private long nowMs;
    private long scheduled;

    private record Due(long atMs, long order, Runnable task) {}

    Connection.Timer schedule(long delayMs, Runnable task) {
        Due due = new Due(nowMs + delayMs, scheduled++, task);
        running.add(due);
        return () -> running.remove(due);
    }

    /** Runs what falls due within so many milliseconds, earliest first. */
    void elapse(long ms) {
        nowMs += ms;
        while (!running.isEmpty() && running.peek().atMs() - nowMs <= 0) {
            running.poll().task().run();
        }
    }

    /** Timers that have yet to run. */
    int count() {
        return running.size();
    }
}
