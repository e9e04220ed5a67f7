package dev.slotmesh.server.failover;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisException;

/**
 * An ordinary client of a cluster that appends numbers to a list, one after the other, and remembers which were acknowledged. A
 * number may be there twice, as the client tries again when a connection breaks.
 */
final class PatientWriter implements AutoCloseable {
    private static final int ATTEMPTS = 20;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final RedisClusterClient client;
    private final String key;
    private final Thread thread = new Thread(this::write, "patient-writer");
    private final List<String> acknowledged = new ArrayList<>();
    private int refused;
    private long longestWaitNanos;
    private volatile boolean ended;

    private PatientWriter(RedisClusterClient client, String key) {
        this.client = client;
        this.key = key;
    }

    /** @param address of any member, ip:port */
    static PatientWriter start(String address, String key) {
        RedisClusterClient client = RedisClusterClient.builder()
                .nodes(Set.of(HostAndPort.from(address)))
                .maxAttempts(ATTEMPTS)
                .build();
        PatientWriter writer = new PatientWriter(client, key);
        writer.thread.start();
        return writer;
    }

    private void write() {
        for (int number = 0; !ended; number++) {
            long began = System.nanoTime();
            boolean done = append("" + number);
            account("" + number, done, System.nanoTime() - began);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private boolean append(String number) {
        try {
            client.rpush(key, number);
            return true;
        } catch (JedisException refusal) {
            return false;
        }
    }

    private synchronized void account(String number, boolean done, long nanos) {
        if (done) {
            acknowledged.add(number);
        } else {
            refused++;
        }
        longestWaitNanos = Math.max(longestWaitNanos, nanos);
    }

    /** How many writes were acknowledged so far. */
    synchronized int acknowledged() {
        return acknowledged.size();
    }

    /** Ends writing; returns when the last write has ended. */
    void end() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was acknowledged and is not in the list, or not in this order; to be asked after the end. */
    List<String> missing() {
        List<String> there = new ArrayList<>(new LinkedHashSet<>(client.lrange(key, 0, -1)));
        Set<String> wanted = new HashSet<>(acknowledged);
        there.retainAll(wanted);
        List<String> missing = new ArrayList<>(acknowledged);
        missing.removeAll(new HashSet<>(there));
        if (missing.isEmpty() && !there.equals(acknowledged)) {
            missing.add("order");
        }
        return missing;
    }

    @Override
    public synchronized String toString() {
        return acknowledged.size() + " writes acknowledged, " + refused
                + " failed, the slowest took " + TimeUnit.NANOSECONDS.toMillis(longestWaitNanos)
                + " ms";
    }

    @Override
    public void close() {
        end();
        client.close();
    }
}
