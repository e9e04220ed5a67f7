package dev.slotmesh.server.failover;

import dev.slotmesh.server.oracle.RespConnection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A client that writes to one member all the time, whatever becomes of the cluster, and knows when it last was told OK. */
final class AcknowledgedWrites implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final RespConnection client;
    private final String key;
    private final Thread thread = new Thread(this::write, "acknowledged-writes");
    private volatile boolean ended;
    private volatile long lastNanos;
    private volatile RuntimeException failure;

    private AcknowledgedWrites(RespConnection client, String key) {
        this.client = client;
        this.key = key;
    }

    /** Begins to write; returns once a write has been acknowledged. */
    static AcknowledgedWrites to(Member member, String key) {
        RespConnection client = member.connect();
        String reply = client.call("SET", key, "0");
        if (!reply.equals("+OK\r\n")) {
            client.close();
            throw new AssertionError(member + ": " + reply);
        }
        AcknowledgedWrites writes = new AcknowledgedWrites(client, key);
        writes.lastNanos = System.nanoTime();
        writes.thread.start();
        return writes;
    }

    private void write() {
        try {
            for (long number = 1; !ended; number++) {
                if (client.call("SET", key, "" + number).equals("+OK\r\n")) {
                    lastNanos = System.nanoTime();
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (RuntimeException broken) {
            failure = broken;
        }
    }

    /** The {@link System#nanoTime} of the last reply OK. */
    long lastNanos() {
        return lastNanos;
    }

    /** @throws AssertionError when the member did not answer all writes */
    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        client.close();
        if (failure != null) {
            throw new AssertionError("a write was not answered", failure);
        }
    }
}
