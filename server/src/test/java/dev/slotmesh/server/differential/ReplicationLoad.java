package dev.slotmesh.server.differential;

import dev.slotmesh.server.oracle.RespConnection;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of a primary that execute lines of all groups, as fast as it answers, and one that fills it with keys of all types that
 * live for a moment or long. They connect again when the primary was gone.
 */
final class ReplicationLoad implements AutoCloseable {
    private static final int PROGRAM_LINES = 60;
    private static final int WRITERS = 3;
    /** So many programs empty no database, as there would never be much in them else. */
    private static final int FLUSHES_ONE_IN = 30;

    private static final int FILLERS = 5_000;
    private static final int FILLED_AT_ONCE = 50;
    private static final int RETRY_MS = 20;
    private static final int END_SECONDS = 60;

    private final int port;
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
    private final List<Future<?>> writers = new ArrayList<>();
    private final LongAdder lines = new LongAdder();
    private volatile boolean over;

    ReplicationLoad(int port, long seed) {
        this.port = port;
        for (int i = 0; i < WRITERS; i++) {
            long first = seed * 1_000_003 + i * 100_003L;
            writers.add(threads.submit(() -> play(first)));
        }
        writers.add(threads.submit(() -> fill(new SplittableRandom(seed))));
    }

    /** Lines that were answered. */
    long lines() {
        return lines.sum();
    }

    private void play(long firstSeed) {
        long seed = firstSeed;
        while (!over) {
            try (RespConnection client = RespConnection.to(port)) {
                while (!over) {
                    Program program = Program.of(seed++, PROGRAM_LINES, CommandGroups.chosen());
                    List<Line> all = new ArrayList<>(program.lines());
                    boolean flushes = seed % FLUSHES_ONE_IN == 0;
                    all.removeIf(line -> isUncertain(line) || !flushes && isFlush(line));
                    all.add(Line.of("RESET"));
                    send(client, all);
                }
            } catch (UncheckedIOException primaryGone) {
                waitForIt();
            }
        }
    }

    /**
     * Whether what a line does, or a later one, may depend on more than the data: on a setting of the primary alone, or, when a
     * HyperLogLog is damaged, on what Redis has in its memory behind it or does not tell its replicas: {@code
     * DamagedHyperLogLogTest}.
     */
    private static boolean isUncertain(Line line) {
        List<String> words = line.words();
        boolean ofLogs = line.name().startsWith("PF");
        return words.contains("hll-sparse-max-bytes")
                || words.stream().skip(1).anyMatch(word -> isLog(word) != ofLogs && isKey(word));
    }

    private static boolean isLog(String word) {
        return word.startsWith("log:");
    }

    private static boolean isKey(String word) {
        return isLog(word) || Words.allKeys().contains(word);
    }

    private static boolean isFlush(Line line) {
        return line.name().startsWith("FLUSH");
    }

    private static void waitForIt() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MS));
    }

    private void send(RespConnection client, List<Line> all) {
        for (Line line : all) {
            client.sendCommand(line.toArray());
        }
        for (int i = 0; i < all.size(); i++) {
            client.readReply();
        }
        lines.add(all.size());
    }

    private void fill(SplittableRandom random) {
        while (!over) {
            try (RespConnection client = RespConnection.to(port)) {
                while (!over) {
                    List<Line> some = new ArrayList<>();
                    for (int i = 0; i < FILLED_AT_ONCE; i++) {
                        some.add(filler(random));
                    }
                    send(client, some);
                }
            } catch (UncheckedIOException primaryGone) {
                waitForIt();
            }
        }
    }

    private static Line filler(SplittableRandom random) {
        int number = random.nextInt(FILLERS);
        String value = Long.toHexString(random.nextLong()).repeat(1 + random.nextInt(20));
        String ttl = Integer.toString(1 + random.nextInt(3000));
        return switch (random.nextInt(10)) {
            case 0 -> Line.of("SET", "brief:" + number, value, "PX", ttl);
            case 1 -> Line.of("PEXPIRE", "list:" + number % 100, ttl);
            case 2 -> Line.of("RPUSH", "list:" + number % 100, value);
            case 3 -> Line.of("HSET", "hash:" + number % 50, "f" + random.nextInt(300), value);
            case 4 -> Line.of("ZADD", "zset:" + number % 50, ttl, "m" + random.nextInt(300));
            case 5 -> Line.of("SADD", "set:" + number % 50, "m" + random.nextInt(300));
            case 6 -> Line.of("SPOP", "set:" + number % 50, "3");
            case 7 ->
                Line.of("XADD", "stream:" + number % 20, "MAXLEN", "~", "200", "*", "f", value);
            case 8 -> Line.of("GET", "brief:" + number);
            default -> Line.of("SET", "long:" + number, value);
        };
    }

    /** Ends it; a writer that failed fails here. */
    @Override
    public void close() {
        over = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the load does not end");
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException failed) {
            throw new AssertionError("a writer failed", failed.getCause());
        }
    }
}
