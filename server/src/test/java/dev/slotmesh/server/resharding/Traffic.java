package dev.slotmesh.server.resharding;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Clients that write all the time through a cluster client, a thread each with keys of its own, and know what must be there in
 * the end.
 */
final class Traffic implements AutoCloseable {
    private static final int MOST_TOLD = 50;
    private static final int ATTEMPTS = 12;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(1000);
    private static final long PAUSE_AFTER_REFUSAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Keys are not used again by later ones. */
    private static final AtomicInteger WRITERS = new AtomicInteger();

    private final RedisClusterClient client;
    private final List<WrittenKeys> written = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean ended;
    private volatile Throwable failure;

    private Traffic(RedisClusterClient client) {
        this.client = client;
    }

    /**
     * Begins to write.
     *
     * @param ports where the cluster may be found on the loopback
     * @param tags hash tags of the keys; each thread writes keys of each
     * @param seed decides who writes what when
     */
    static Traffic start(List<Integer> ports, List<String> tags, int threads, long seed) {
        Set<HostAndPort> addresses = ports.stream()
                .map(port -> new HostAndPort("127.0.0.1", port))
                .collect(Collectors.toSet());
        Traffic traffic = new Traffic(CountedAttempts.client(addresses, ATTEMPTS));
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < threads; i++) {
            WrittenKeys keys = new WrittenKeys(traffic.client, tags, WRITERS.getAndIncrement());
            SplittableRandom own = random.split();
            Thread thread = new Thread(() -> traffic.write(keys, own), "traffic-" + i);
            traffic.written.add(keys);
            traffic.threads.add(thread);
        }
        traffic.threads.forEach(Thread::start);
        return traffic;
    }

    private void write(WrittenKeys keys, SplittableRandom random) {
        try {
            while (!ended) {
                try {
                    keys.write(random);
                    acknowledged.incrementAndGet();
                    LockSupport.parkNanos(PAUSE_NANOS);
                } catch (JedisException refusal) {
                    keys.noteRefusal(refusal);
                    LockSupport.parkNanos(PAUSE_AFTER_REFUSAL_NANOS);
                }
            }
        } catch (RuntimeException | Error unexpected) {
            failure = unexpected;
        }
    }

    /** How many writes have been acknowledged so far. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Ends writing; returns when the last write has ended. */
    Traffic end() {
        ended = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (failure != null) {
            throw new AssertionError("a client failed", failure);
        }
        return this;
    }

    /** What is not as it must be; to be asked after {@link #end}, when the cluster is in order. */
    List<String> discrepancies() {
        return written.stream()
                .flatMap(keys -> keys.discrepancies().stream())
                .limit(MOST_TOLD)
                .toList();
    }

    /** Attempts of unknown outcome, of all threads. */
    long unknown() {
        return written.stream().mapToLong(WrittenKeys::unknown).sum();
    }

    @Override
    public String toString() {
        return acknowledged + " writes acknowledged, " + unknown()
                + " attempts of unknown outcome, refusals: "
                + written.stream().map(WrittenKeys::refusals).collect(Collectors.toList());
    }

    @Override
    public void close() {
        try {
            end();
        } finally {
            client.close();
        }
    }
}
