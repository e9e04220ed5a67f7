package dev.slotmesh.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node that is killed again and again while clients write, base and increments being rewritten all the time. What a client was
 * told is there after the next start, in order and with nothing left out; only a second of {@code everysec}, while the file is
 * being forced to disk, may be missing at the end.
 *
 * <p>{@code -Dslotmesh.aof.kills=N} kills N times for each policy instead of 2, {@code -Dslotmesh.aof.seed=S} chooses the seed.
 */
@Timeout(3600)
final class AofKillTest {
    private static final int KILLS = Integer.getInteger("slotmesh.aof.kills", 2);
    private static final long SEED = Long.getLong("slotmesh.aof.seed", 1);
    private static final int WRITERS = 3;
    private static final int MOST_IN_FLIGHT = 24;
    private static final int MOST_WRITES = 6000;
    /** How long a write may be put off with everysec, and the second until it is forced. */
    private static final long LOSS_NANOS = TimeUnit.SECONDS.toNanos(3);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"always", "everysec", "no"})
    void shouldHaveWhatClientsWereTold(String policy, TestReporter reporter) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(i));
        }
        long lost = 0;
        long written = 0;
        try (NodeProcess node = start(policy)) {
            for (int kill = 0; kill < KILLS; kill++) {
                lost += round(node, writers, random, policy);
            }
            for (Writer writer : writers) {
                written += writer.next;
            }
        } catch (AssertionError | Exception failure) {
            throw new AssertionError("seed " + SEED + ": " + failure.getMessage(), failure);
        }
        reporter.publishEntry(
                policy, KILLS + " kills, " + written + " writes, lost of those answered: " + lost);
    }

    private NodeProcess start(String policy) {
        return NodeProcess.start(
                directory,
                "--appendonly",
                "yes",
                "--appendfsync",
                policy,
                "--auto-aof-rewrite-percentage",
                "0");
    }

    /** Writes, kills, starts anew and looks. Returns the answered writes that are missing. */
    private static long round(
            NodeProcess node, List<Writer> writers, SplittableRandom random, String policy)
            throws Exception {
        AtomicLong answered = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        long wanted = 1 + random.nextInt(MOST_WRITES);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
        List<Future<?>> running = new ArrayList<>();
        for (Writer writer : writers) {
            SplittableRandom own = random.split();
            running.add(threads.submit(() -> writer.write(node.port(), own, answered)));
        }
        running.add(threads.submit(() -> rewrite(node.port(), over)));
        try {
            while (answered.get() < wanted) {
                Thread.onSpinWait();
                for (Future<?> one : running) {
                    assertThat(one.isDone()).as("a client has ended early").isFalse();
                }
            }
            node.kill();
        } finally {
            over.set(true);
            threads.shutdown();
        }
        for (Future<?> one : running) {
            one.get();
        }
        node.restart();
        long lost = 0;
        try (RespConnection client = RespConnection.to(node.port())) {
            for (Writer writer : writers) {
                lost += writer.check(client, policy.equals("everysec"));
            }
        }
        return lost;
    }

    /** Rewrites until the node is gone. */
    private static void rewrite(int port, AtomicBoolean over) {
        try (RespConnection client = RespConnection.to(port)) {
            while (!over.get()) {
                String reply = client.call("BGREWRITEAOF");
                assertThat(reply).doesNotContain("Can't execute");
            }
        } catch (UncheckedIOException gone) {
            // As was to be expected.
        }
    }

    /** A client that adds numbers to a list, and to two strings at once. */
    private static final class Writer {
        private final String list;
        private final String one;
        private final String other;
        /** What it has sent; the next to be sent. */
        private long next;
        /** The highest that was answered, and when. */
        private long answeredUpTo = -1;

        private long safeUpTo = -1;
        private long safeNanos;

        Writer(int number) {
            list = "list:" + number;
            one = "one:" + number;
            other = "other:" + number;
        }

        void write(int port, SplittableRandom random, AtomicLong answered) {
            safeUpTo = answeredUpTo;
            safeNanos = System.nanoTime();
            try (RespConnection client = RespConnection.to(port)) {
                while (true) {
                    int count = 1 + random.nextInt(MOST_IN_FLIGHT);
                    StringBuilder requests = new StringBuilder();
                    for (int i = 0; i < count; i++) {
                        append(requests, Long.toString(next++));
                    }
                    client.send(requests.toString().getBytes(StandardCharsets.US_ASCII));
                    for (int i = 0; i < count; i++) {
                        read(client);
                        answeredUpTo++;
                        answered.incrementAndGet();
                    }
                    if (System.nanoTime() - safeNanos > LOSS_NANOS) {
                        safeNanos = System.nanoTime();
                        safeUpTo = answeredUpTo;
                    }
                }
            } catch (UncheckedIOException gone) {
                // Killed.
            }
        }

        private void append(StringBuilder requests, String number) {
            add(requests, "RPUSH", list, number);
            add(requests, "MULTI");
            add(requests, "SET", one, number);
            add(requests, "SET", other, number);
            add(requests, "EXEC");
        }

        private static void add(StringBuilder requests, String... words) {
            requests.append('*').append(words.length).append("\r\n");
            for (String word : words) {
                requests.append('$').append(word.length()).append("\r\n");
                requests.append(word).append("\r\n");
            }
        }

        private static void read(RespConnection client) {
            assertThat(client.readReplyText()).startsWith(":");
            assertThat(client.readReplyText()).isEqualTo("+OK\r\n");
            assertThat(client.readReplyText()).isEqualTo("+QUEUED\r\n");
            assertThat(client.readReplyText()).isEqualTo("+QUEUED\r\n");
            assertThat(client.readReplyText()).startsWith("*2");
        }

        /** Everything up to some number is there and nothing else. Goes on from there. Returns how many are missing. */
        long check(RespConnection client, boolean mayLose) {
            long length = number(client.call("LLEN", list));
            String last = client.call("LINDEX", list, "-1");
            assertThat(last).isEqualTo(length == 0 ? "$-1\r\n" : bulk(length - 1));
            assertThat(client.call("LPOS", list, Long.toString(length / 2)))
                    .isEqualTo(length == 0 ? "$-1\r\n" : ":" + length / 2 + "\r\n");
            assertThat(length).as("writes sent").isLessThanOrEqualTo(next);
            String pair = client.call("GET", one);
            assertThat(client.call("GET", other)).as("halves of transactions").isEqualTo(pair);
            assertThat(pair)
                    .as("the transaction behind the list")
                    .isIn(length < 2 ? "$-1\r\n" : bulk(length - 2), bulk(length - 1));
            long least = mayLose ? safeUpTo : answeredUpTo;
            assertThat(length).as("writes answered").isGreaterThan(least);
            long lost = Math.max(0, answeredUpTo + 1 - length);
            if (pair.equals("$-1\r\n") || !pair.equals(bulk(length - 1))) {
                assertThat(length - 2).as("transactions answered").isGreaterThanOrEqualTo(least);
            }
            next = length;
            answeredUpTo = length - 1;
            return lost;
        }

        private static long number(String reply) {
            return Long.parseLong(reply.substring(1, reply.length() - 2));
        }

        private static String bulk(long number) {
            String text = Long.toString(number);
            return "$" + text.length() + "\r\n" + text + "\r\n";
        }
    }
}
