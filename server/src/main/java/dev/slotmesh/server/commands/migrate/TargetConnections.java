package dev.slotmesh.server.commands.migrate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Connections that are kept for the next MIGRATE to the same server: up to 64, for ten seconds, as in Redis. Thread safe. */
final class TargetConnections implements AutoCloseable {
    private static final int MOST_KEPT = 64;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Map<MigrateRequest.TargetAddress, Deque<TargetConnection>> kept = new HashMap<>();
    private int count;
    private boolean closed;

    /** One that was kept, which is the caller's now, or null. */
    synchronized TargetConnection take(MigrateRequest.TargetAddress target) {
        expire();
        Deque<TargetConnection> those = kept.get(target);
        if (those == null || those.isEmpty()) {
            return null;
        }
        count--;
        return those.pollLast();
    }

    /** Keeps one that works. */
    synchronized void keep(MigrateRequest.TargetAddress target, TargetConnection connection) {
        expire();
        if (closed || count >= MOST_KEPT) {
            connection.close();
            return;
        }
        connection.idleSinceNanos = System.nanoTime();
        kept.computeIfAbsent(target, any -> new ArrayDeque<>()).addLast(connection);
        count++;
    }

    /** Closes those nobody used for a while; also to be called now and then. */
    synchronized void expire() {
        long nowNanos = System.nanoTime();
        for (Deque<TargetConnection> those : kept.values()) {
            while (!those.isEmpty() && nowNanos - those.peekFirst().idleSinceNanos >= IDLE_NANOS) {
                those.pollFirst().close();
                count--;
            }
        }
        kept.values().removeIf(Deque::isEmpty);
    }

    @Override
    public synchronized void close() {
        closed = true;
        kept.values().forEach(those -> those.forEach(TargetConnection::close));
        kept.clear();
        count = 0;
    }
}
