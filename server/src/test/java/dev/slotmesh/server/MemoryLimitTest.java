package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node at its limits of memory: what it refuses, whom it closes, what it tells. */
@Timeout(120)
final class MemoryLimitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern TRANSIENT = Pattern.compile("[0-9.]+");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveFreedMemoryBack(boolean atOnce) throws Exception {
        try (Node node = start("--enable-debug-command", "yes");
                RespConnection client = RespConnection.to(node.port())) {
            client.call("DEBUG", "POPULATE", "2000", "key", "16000");
            assertThat(reservedBytes(node)).isGreaterThan(32 << 20);

            client.call("FLUSHALL");
            if (atOnce) {
                assertThat(client.call("MEMORY", "PURGE")).isEqualTo("+OK\r\n");
            }

            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(reservedBytes(node)).isLessThan(8 << 20));
        }
    }

    private static long reservedBytes(Node node) {
        return node.dispatcher().keyspace().memoryUse().reservedBytes();
    }

    @Test
    void shouldRefuseInRedissWordsWhatNeedsMemory() throws Exception {
        try (Node node = start();
                RedisOracle redis = RedisOracle.start();
                RespConnection ours = RespConnection.to(node.port());
                RespConnection theirs = RespConnection.to(redis.port())) {
            for (String line : List.of(
                    "SET kept v",
                    "CONFIG SET maxmemory 1",
                    "SET k v",
                    "SET k",
                    "APPEND kept x",
                    "GET kept",
                    "DEL nothing",
                    "EXPIRE kept 100",
                    "MULTI",
                    "GET kept",
                    "EXEC",
                    "MULTI",
                    "SET k v",
                    "DISCARD",
                    "MULTI",
                    "EXEC",
                    "FLUSHALL",
                    "SET k v",
                    "CONFIG SET maxmemory 0",
                    "SET k v")) {
                assertThat(ours.call(line.split(" ")))
                        .as(line)
                        .isEqualTo(theirs.call(line.split(" ")));
            }
        }
    }

    @Test
    void shouldRefuseATransactionThatNeedsMemory() throws Exception {
        try (Node node = start();
                RespConnection client = RespConnection.to(node.port());
                RespConnection operator = RespConnection.to(node.port())) {
            client.call("MULTI");
            assertThat(client.call("SET", "k", "v")).isEqualTo("+QUEUED\r\n");
            operator.call("CONFIG", "SET", "maxmemory", "1");

            assertThat(client.call("EXEC"))
                    .isEqualTo(
                            "-EXECABORT Transaction discarded because of: OOM command not allowed"
                                    + " when used memory > 'maxmemory'.\r\n");
        }
    }

    @Test
    void shouldEvictToStayBelowTheLimitAndTellOfIt() throws Exception {
        try (Node node = start("--maxmemory-policy", "allkeys-lru");
                RespConnection client = RespConnection.to(node.port())) {
            client.call("CONFIG", "SET", "maxmemory", "2mb");
            String value = "v".repeat(1000);

            for (int i = 0; i < 5000; i++) {
                assertThat(client.call("SET", "key:" + i, value)).isEqualTo("+OK\r\n");
            }

            assertThat(node.keyspace().eviction().countedBytes()).isLessThan(2_200_000);
            long evicted = number(client.call("INFO", "stats"), "evicted_keys");
            assertThat(evicted).isBetween(2500L, 4500L);
            assertThat(client.call("DBSIZE")).isEqualTo(":" + (5000 - evicted) + "\r\n");
            assertThat(client.call("GET", "key:4999")).contains(value);
        }
    }

    @Test
    void shouldMakeRoomOnceTheLimitIsLoweredThoughNobodyWrites() throws Exception {
        try (Node node = start("--maxmemory-policy", "allkeys-random");
                RespConnection client = RespConnection.to(node.port())) {
            for (int i = 0; i < 2000; i++) {
                client.call("SET", "key:" + i, "v".repeat(1000));
            }

            client.call("CONFIG", "SET", "maxmemory", "500kb");

            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !node.keyspace().eviction().isOver());
            assertThat(node.keyspace().eviction().evictedKeyCount()).isGreaterThan(1000);
        }
    }

    @Test
    void shouldCloseTheClientWithTheLargestBuffersThatMayBeEvicted() throws Exception {
        try (Node node = start();
                RespConnection operator = RespConnection.to(node.port());
                RespConnection spared = RespConnection.to(node.port());
                RespConnection greedy = RespConnection.to(node.port())) {
            assertThat(spared.call("CLIENT", "NO-EVICT", "ON")).isEqualTo("+OK\r\n");
            spared.send(unfinishedRequest(3_000_000));
            greedy.send(unfinishedRequest(2_000_000));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> node.keyspace().memoryAccount().bufferBytes() > 5_000_000);

            operator.call("CONFIG", "SET", "maxmemory-clients", "4mb");

            Awaitility.await().atMost(PATIENCE).until(greedy::isClosedByPeer);
            String stats = operator.call("INFO", "stats");
            assertThat(number(stats, "evicted_clients")).isEqualTo(1);
            assertThat(operator.call("CLIENT", "LIST")).contains("flags=e");
        }
    }

    @Test
    void shouldTellItsMemoryInRedissForm() throws Exception {
        try (Node node = start();
                RedisOracle redis = RedisOracle.start();
                RespConnection ours = RespConnection.to(node.port());
                RespConnection theirs = RespConnection.to(redis.port())) {
            for (String[] words : new String[][] {
                {"SET", "a", "b"},
                {"MEMORY", "STATS"},
                {"MEMORY", "PURGE"},
                {"MEMORY", "NOSUCH"},
                {"MEMORY", "STATS", "more"},
                {"CONFIG", "SET", "maxmemory-clients", "5%"}
            }) {
                assertThat(form(ours.call(words)))
                        .as(String.join(" ", words))
                        .isEqualTo(form(theirs.call(words)));
            }
            assertThat(ours.call("MEMORY", "DOCTOR")).startsWith("$");
            assertThat(ours.call("MEMORY", "MALLOC-STATS")).contains("blocks in use");
        }
    }

    /** A reply without its numbers, and without the lengths of those that are strings. */
    private static String form(String reply) {
        return TRANSIENT.matcher(reply).replaceAll("#");
    }

    private static byte[] unfinishedRequest(int lengthBytes) {
        return ("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + (lengthBytes + 1000) + "\r\n"
                        + "x".repeat(lengthBytes))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static long number(String report, String field) {
        Matcher matcher = Pattern.compile(field + ":([0-9]+)").matcher(report);
        assertThat(matcher.find()).as(field).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private Node start(String... directives) throws StartFailure {
        List<String> all =
                new ArrayList<>(List.of("--logfile", directory.resolve("log").toString()));
        all.addAll(List.of(directives));
        return EmbeddedNode.start(directory, all.toArray(String[]::new));
    }
}
