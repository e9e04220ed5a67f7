package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files saved while several clients write values of all types, move, expire, flush and exchange them: a real server and ours
 * load from each exactly what there was at its beginning.
 *
 * <p>{@code -Dslotmesh.snapshot.seeds=N} goes through N seeds instead of 2, from {@code -Dslotmesh.snapshot.seed=S} on.
 */
@Timeout(3600)
final class SnapshotFileTest {
    private static final long SEEDS = Long.getLong("slotmesh.snapshot.seeds", 2);
    private static final long FIRST_SEED = Long.getLong("slotmesh.snapshot.seed", 1);
    private static final int WRITERS = 2;
    private static final int FILLING_LINES = 1500;
    private static final int KEYS = 400;
    private static final int DATABASES = 3;
    private static final String PAUSE_MS = "600000";

    @TempDir
    private Path directory;

    @TempDir
    private Path elsewhere;

    private volatile boolean over;

    @Test
    void shouldHoldWhatTheKeyspaceWasAtTheCut() throws Exception {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try {
                String digest = saveWhileOthersWrite(seed);
                assertThat(digestOfRedis()).as("loaded by Redis").isEqualTo(digest);
                assertThat(digestOfNode()).as("loaded by a node").isEqualTo(digest);
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    private SavingNode start() throws Exception {
        return SavingNode.start(directory, elsewhere.resolve("node.log"));
    }

    private String saveWhileOthersWrite(long seed) throws Exception {
        over = false;
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (SavingNode node = start()) {
            node.call("FLUSHALL");
            node.call("CONFIG", "SET", "rdb-key-save-delay", "1500");
            try (RespConnection filler = RespConnection.to(node.port())) {
                write(filler, new SplittableRandom(seed), FILLING_LINES);
            }
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 1; i <= WRITERS; i++) {
                SplittableRandom random = new SplittableRandom(seed * (WRITERS + 1) + i);
                writers.add(threads.submit(() -> writeOn(node.port(), random)));
            }
            String digest = cut(node);
            long written = Long.parseLong(node.field("rdb_changes_since_last_save"));
            node.awaitSaved();
            assertThat(node.field("rdb_last_bgsave_status")).isEqualTo("ok");
            assertThat(Long.parseLong(node.field("rdb_changes_since_last_save")))
                    .as("changes while it was saved, %s before", written)
                    .isPositive();
            over = true;
            for (Future<?> writer : writers) {
                writer.get();
            }
            return digest;
        } finally {
            over = true;
            threads.shutdown();
        }
    }

    /** Begins a save at a moment when nothing is written; returns the digest of that moment. */
    private static String cut(SavingNode node) {
        node.call("CLIENT", "PAUSE", PAUSE_MS, "WRITE");
        String digest = node.call("DEBUG", "DIGEST");
        long keys = 0;
        for (int number = 0; number < DATABASES; number++) {
            node.call("SELECT", "" + number);
            keys += Long.parseLong(node.call("DBSIZE").substring(1).trim());
        }
        assertThat(keys).isPositive();
        assertThat(node.call("BGSAVE")).startsWith("+");
        node.await("current_save_keys_total", "" + keys);
        assertThat(node.call("DEBUG", "DIGEST")).isEqualTo(digest);
        node.call("CLIENT", "UNPAUSE");
        return digest;
    }

    private String digestOfRedis() {
        try (RedisOracle redis = RedisOracle.start(
                        "--dir", directory.toString(), "--enable-debug-command", "yes");
                RespConnection client = redis.connect()) {
            return client.call("DEBUG", "DIGEST");
        }
    }

    private String digestOfNode() throws Exception {
        try (SavingNode node = start()) {
            return node.call("DEBUG", "DIGEST");
        }
    }

    private void writeOn(int port, SplittableRandom random) {
        try (RespConnection client = RespConnection.to(port)) {
            while (!over) {
                write(client, random, 20);
            }
        }
    }

    private static void write(RespConnection client, SplittableRandom random, int lines) {
        for (int i = 0; i < lines; i++) {
            boolean together = random.nextInt(20) == 0;
            if (together) {
                client.call("MULTI");
                client.call(line(random).split(" "));
            }
            String reply = client.call(line(random).split(" "));
            if (reply.startsWith("-")) {
                assertThat(reply)
                        .containsAnyOf("WRONGTYPE", "BUSYGROUP", "no such key", "are the same")
                        .doesNotContain("internal");
            }
            if (together) {
                assertThat(client.call("EXEC")).startsWith("*2");
            }
        }
    }

    private static String line(SplittableRandom random) {
        String key = "k" + random.nextInt(KEYS);
        String other = "k" + random.nextInt(KEYS);
        String number = "" + random.nextInt(1000);
        String text = "v".repeat(1 + random.nextInt(90)) + number;
        return switch (random.nextInt(34)) {
            case 0 -> "SET " + key + " " + number;
            case 1 -> "SET " + key + " " + text;
            case 2 -> "APPEND " + key + " " + text;
            case 3, 4 -> "RPUSH l" + key + " " + text + " " + number + " x";
            case 5 -> "LPOP l" + key + " 2";
            case 6 -> "LMOVE l" + key + " l" + other + " LEFT RIGHT";
            case 7 -> "SADD s" + key + " " + number + " " + random.nextInt();
            case 8 -> "SADD s" + key + " " + text;
            case 9 -> "SPOP s" + key;
            case 10 -> "SUNIONSTORE s" + key + " s" + other + " s" + key;
            case 11, 12 -> "HSET h" + key + " f" + number + " " + text + " g " + number;
            case 13 -> "HDEL h" + key + " g f" + number;
            case 14 -> "HINCRBY h" + key + " n " + number;
            case 15, 16 -> "ZADD z" + key + " " + number + " m" + number + " 1.5 " + text;
            case 17 -> "ZPOPMIN z" + key;
            case 18 -> "ZINCRBY z" + key + " 0.25 m" + number;
            case 19, 20 -> "XADD x" + key + " MAXLEN ~ 50 * f " + text + " g " + number;
            case 21 -> "XGROUP CREATE x" + key + " g" + random.nextInt(3) + " 0 MKSTREAM";
            case 22 -> "XTRIM x" + key + " MAXLEN 5";
            case 23 -> "PFADD p" + key + " " + text;
            case 24 -> "SETBIT b" + key + " " + number + " 1";
            case 25 -> "DEL " + key + " s" + other + " h" + key;
            case 26 -> "UNLINK z" + key + " x" + other;
            case 27 -> "RENAME l" + key + " l" + other;
            case 28 -> "COPY h" + key + " h" + other + " REPLACE";
            case 29 -> "EXPIRE " + "lshzx".charAt(random.nextInt(5)) + key + " 100000";
            case 30 -> "PEXPIREAT s" + key + " 1";
            case 31 -> "SELECT " + random.nextInt(DATABASES);
            case 32 -> random.nextInt(8) == 0 ? "SWAPDB 0 " + random.nextInt(DATABASES) : "PING";
            default -> random.nextInt(60) == 0 ? "FLUSHDB" : "MOVE " + key + " 2";
        };
    }
}
