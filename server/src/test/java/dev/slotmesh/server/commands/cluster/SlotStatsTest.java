package dev.slotmesh.server.commands.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.cluster.TestNode;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CLUSTER SLOT-STATS: its forms, what counts for which slot, orders, and when counting begins anew. */
@Timeout(120)
final class SlotStatsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String UNKNOWN_METRIC = "-ERR Unrecognized sort metric for ORDERBY.\r\n";
    /** The slot of "key". */
    private static final int SLOT = 12539;

    @TempDir
    static Path directory;

    private static TestNode node;
    private static RespConnection client;

    @BeforeAll
    static void start() {
        node = TestNode.start(directory.resolve("node"), "--cluster-require-full-coverage", "no");
        client = node.connect();
        slots("ADDSLOTSRANGE", "0", "16383");
        await().atMost(PATIENCE)
                .until(() -> client.call("CLUSTER", "INFO").contains("cluster_state:ok"));
    }

    @AfterAll
    static void stop() {
        client.close();
        node.close();
    }

    @BeforeEach
    void reset() {
        count(true);
        client.call("FLUSHALL");
        client.call("CONFIG", "RESETSTAT");
    }

    private static void count(boolean counted) {
        String value = counted ? "yes" : "no";
        assertThat(client.call("CONFIG", "SET", "cluster-slot-stats-enabled", value))
                .isEqualTo("+OK\r\n");
    }

    private static String stats(String... words) {
        return stats(client, words);
    }

    private static String stats(RespConnection of, String... words) {
        List<String> all = new ArrayList<>(List.of("CLUSTER", "SLOT-STATS"));
        all.addAll(List.of(words));
        return of.call(all.toArray(String[]::new));
    }

    /** The metrics of a slot, from a reply in RESP2. */
    private static Map<String, Long> of(int slot) {
        return all(client, "SLOTSRANGE", "" + slot, "" + slot).get(slot);
    }

    private static Map<Integer, Map<String, Long>> all(RespConnection of, String... words) {
        String reply = stats(of, words);
        assertThat(reply).startsWith("*");
        String[] lines = reply.split("\r\n");
        Map<Integer, Map<String, Long>> slots = new LinkedHashMap<>();
        int i = 1;
        while (i < lines.length) {
            Map<String, Long> metrics = new LinkedHashMap<>();
            slots.put(Integer.parseInt(lines[i + 1].substring(1)), metrics);
            int end = i + 3 + 3 * (Integer.parseInt(lines[i + 2].substring(1)) / 2);
            for (i += 3; i < end; i += 3) {
                metrics.put(lines[i + 1], Long.parseLong(lines[i + 2].substring(1)));
            }
        }
        return slots;
    }

    private static List<Integer> order(String... words) {
        return List.copyOf(all(client, words).keySet());
    }

    private static void assertCounted(int slot, long in, long out) {
        Map<String, Long> metrics = of(slot);
        assertThat(metrics.get("network-bytes-in")).as("in").isEqualTo(in);
        assertThat(metrics.get("network-bytes-out")).as("out").isEqualTo(out);
    }

    private static void assertNothingCounted() {
        all(client, "SLOTSRANGE", "0", "16383")
                .forEach((slot, metrics) ->
                        assertThat(metrics.values()).as("slot %d", slot).containsOnly(0L));
    }

    @Test
    void shouldTellOfKeysAloneWhileNothingIsCounted() {
        count(false);
        client.call("SET", "key", "value");

        assertThat(stats("SLOTSRANGE", "12538", "12539"))
                .isEqualTo("*2\r\n*2\r\n:12538\r\n*2\r\n$9\r\nkey-count\r\n:0\r\n"
                        + "*2\r\n:12539\r\n*2\r\n$9\r\nkey-count\r\n:1\r\n");
        for (String metric :
                List.of("cpu-usec", "network-bytes-in", "network-bytes-out", "memory-bytes")) {
            assertThat(stats("ORDERBY", metric)).isEqualTo(UNKNOWN_METRIC);
        }
        assertThat(order("ORDERBY", "KEY-count", "LIMIT", "2")).containsExactly(SLOT, 0);
    }

    @Test
    void shouldAnswerMapsInResp3() {
        try (RespConnection third = node.connect()) {
            third.call("HELLO", "3");
            count(false);

            assertThat(stats(third, "SLOTSRANGE", "7", "7"))
                    .isEqualTo("*1\r\n*2\r\n:7\r\n%1\r\n$9\r\nkey-count\r\n:0\r\n");

            count(true);

            assertThat(stats(third, "SLOTSRANGE", "7", "7"))
                    .isEqualTo("*1\r\n*2\r\n:7\r\n%5\r\n$9\r\nkey-count\r\n:0\r\n"
                            + "$8\r\ncpu-usec\r\n:0\r\n$16\r\nnetwork-bytes-in\r\n:0\r\n"
                            + "$17\r\nnetwork-bytes-out\r\n:0\r\n$12\r\nmemory-bytes\r\n:0\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SLOTSRANGE 1 | unknown subcommand or wrong number of arguments for 'SLOT-STATS'."
                        + " Try CLUSTER HELP.",
                "SLOTSRANGE 1 2 3 | unknown subcommand or wrong number of arguments for"
                        + " 'SLOT-STATS'. Try CLUSTER HELP.",
                "SLOTS 1 2 | unknown subcommand or wrong number of arguments for 'SLOT-STATS'."
                        + " Try CLUSTER HELP.",
                "SLOTSRANGE 2 1 | Start slot number 2 is greater than end slot number 1",
                "SLOTSRANGE -1 1 | Invalid or out of range slot",
                "SLOTSRANGE 1 16384 | Invalid or out of range slot",
                "SLOTSRANGE one 2 | Invalid or out of range slot",
                "ORDERBY keys | Unrecognized sort metric for ORDERBY.",
                "ORDERBY key-count UP | syntax error",
                "ORDERBY key-count LIMIT | syntax error",
                "ORDERBY key-count LIMIT 0 | Limit has to lie in between 1 and 16384 (maximum"
                        + " number of slots).",
                "ORDERBY key-count DESC LIMIT -1 | Limit has to lie in between 1 and 16384"
                        + " (maximum number of slots).",
                "ORDERBY key-count LIMIT 16385 | Limit has to lie in between 1 and 16384"
                        + " (maximum number of slots).",
                "ORDERBY key-count LIMIT many | Limit has to lie in between 1 and 16384 (maximum"
                        + " number of slots).",
                "ORDERBY key-count ASC DESC | Multiple filters of the same type are disallowed.",
                "ORDERBY key-count LIMIT 1 LIMIT 2 | Multiple filters of the same type are"
                        + " disallowed."
            })
    void shouldRefuse(String words, String error) {
        assertThat(stats(words.split(" "))).isEqualTo("-ERR " + error + "\r\n");
    }

    @Test
    void shouldCountRequestsAndRepliesOfASlot() {
        client.call("SET", "key", "value");
        client.send("GET key\r\n".getBytes(StandardCharsets.US_ASCII));
        client.readReply();

        assertCounted(SLOT, 33 + 9, 5 + 11);
        assertThat(of(SLOT).get("cpu-usec")).isPositive();
        assertThat(of(SLOT).get("memory-bytes")).isBetween(16L, 200L);
        assertThat(of(SLOT).get("key-count")).isEqualTo(1);
        assertThat(order("ORDERBY", "network-bytes-in", "LIMIT", "1")).containsExactly(SLOT);
    }

    @Test
    void shouldCountEachCommandOfABatchForItsSlot() {
        String set = "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n";
        String other = set.replace("key", "foo");
        client.send((set + other + set + "*1\r\n$4\r\nPING\r\n" + other + set)
                .getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 6; i++) {
            client.readReply();
        }

        assertCounted(SLOT, 3 * 33, 3 * 5);
        assertCounted(12182, 2 * 33, 2 * 5);
    }

    @Test
    void shouldCountNothingForCommandsOfNoSlotOrOfSeveral() {
        client.call("INFO");
        client.call("PUBLISH", "key", "value");
        assertThat(client.call("MSET", "key", "1", "foo", "2")).startsWith("-CROSSSLOT");
        assertThat(client.call("MULTI")).isEqualTo("+OK\r\n");
        client.call("PING");
        client.call("EXEC");

        assertNothingCounted();
    }

    @Test
    void shouldCountATransactionWhenItIsExecuted() {
        client.call("multi");
        client.call("SET", "key", "value");
        client.call("DISCARD");
        assertNothingCounted();

        client.call("multi");
        client.call("SET", "key", "value");
        assertThat(client.call("exec")).isEqualTo("*1\r\n+OK\r\n");

        assertCounted(SLOT, 15 + 33 + 14, 9);
        assertThat(of(SLOT).get("cpu-usec")).isPositive();
    }

    @Test
    void shouldCountACommandThatWaitsOnceItIsAnswered() {
        try (RespConnection waiting = node.connect()) {
            waiting.sendCommand("blpop", "key", "0");
            await().atMost(PATIENCE)
                    .until(() -> client.call("INFO", "clients").contains("blocked_clients:1"));
            assertNothingCounted();

            assertThat(client.call("lpush", "key", "value")).isEqualTo(":1\r\n");
            assertThat(waiting.readReplyText()).isEqualTo("*2\r\n$3\r\nkey\r\n$5\r\nvalue\r\n");
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertCounted(SLOT, 31 + 35, 4 + 24));
    }

    @Test
    void shouldSortAndBreakTiesByTheSlot() {
        String[] others = {"0", "99", "104", "16383"};
        slots("DELSLOTSRANGE", others);
        for (int slot = 101; slot <= 103; slot++) {
            int keys = slot == 103 ? 5 : 2;
            fill(slot, keys);
        }

        assertThat(order("ORDERBY", "key-count")).containsExactly(103, 101, 102, 100);
        assertThat(order("ORDERBY", "key-count", "ASC")).containsExactly(100, 101, 102, 103);
        assertThat(order("ORDERBY", "key-count", "LIMIT", "2", "DESC")).containsExactly(103, 101);
        assertThat(order("ORDERBY", "key-count", "asc", "limit", "2")).containsExactly(100, 101);
        assertThat(order("ORDERBY", "memory-bytes", "LIMIT", "1")).containsExactly(103);
        assertThat(order("ORDERBY", "network-bytes-out", "LIMIT", "16384"))
                .containsExactly(103, 101, 102, 100);
        assertThat(order("SLOTSRANGE", "0", "102")).containsExactly(100, 101, 102);
        assertThat(order("SLOTSRANGE", "0", "99")).isEmpty();
        slots("ADDSLOTSRANGE", others);
    }

    private static void slots(String subcommand, String... ranges) {
        List<String> words = new ArrayList<>(List.of("CLUSTER", subcommand));
        words.addAll(List.of(ranges));
        assertThat(client.call(words.toArray(String[]::new))).isEqualTo("+OK\r\n");
    }

    /** Writes so many keys of the same length to a slot. */
    private static void fill(int slot, int keys) {
        try (NativeBuffer name = new NativeBuffer(16)) {
            int written = 0;
            for (int i = 100_000; written < keys; i++) {
                if (HashSlot.of(name.put("" + i)) == slot) {
                    assertThat(client.call("SET", "" + i, "value")).isEqualTo("+OK\r\n");
                    written++;
                }
            }
        }
    }

    @Test
    void shouldBeginAnewAtResetstatAndWhenASlotGoesOrComes() {
        client.call("SET", "key", "value");
        client.call("SET", "foo", "value");

        assertThat(client.call("CLUSTER", "DELSLOTS", "" + SLOT)).isEqualTo("+OK\r\n");
        assertThat(order("SLOTSRANGE", "" + SLOT, "" + SLOT)).isEmpty();
        client.call("CLUSTER", "ADDSLOTS", "" + SLOT);

        assertCounted(SLOT, 0, 0);
        assertThat(of(SLOT).get("cpu-usec")).isZero();
        assertCounted(12182, 33, 5);

        client.call("CONFIG", "RESETSTAT");

        assertCounted(12182, 0, 0);
    }

    @Test
    void shouldCountOnReplicasAndWhatTheyAreSent() {
        try (TestNode replica = TestNode.start(
                        directory.resolve("replica"),
                        "--cluster-slot-stats-enabled",
                        "yes",
                        "--repl-diskless-sync-delay",
                        "0");
                RespConnection reader = replica.connect()) {
            reader.call("CLUSTER", "MEET", "127.0.0.1", "" + node.port());
            String primary = client.call("CLUSTER", "MYID").split("\r\n")[1];
            await().atMost(PATIENCE)
                    .until(() -> reader.call("CLUSTER", "REPLICATE", primary).equals("+OK\r\n"));
            await().atMost(PATIENCE)
                    .until(() -> reader.call("INFO", "replication").contains("link_status:up")
                            && client.call("INFO", "replication").contains("state=online"));
            client.call("CONFIG", "RESETSTAT");
            reader.call("CONFIG", "RESETSTAT");

            client.call("SET", "key", "value");

            assertCounted(SLOT, 33, 5 + 33);
            await().atMost(PATIENCE).untilAsserted(() -> {
                Map<String, Long> there =
                        all(reader, "SLOTSRANGE", "0", "16383").get(SLOT);
                assertThat(there).containsEntry("key-count", 1L);
                assertThat(there).containsEntry("network-bytes-in", 33L);
                assertThat(there).containsEntry("network-bytes-out", 0L);
            });
        }
        await().atMost(PATIENCE)
                .until(() -> client.call("INFO", "replication").contains("connected_slaves:0"));
    }
}
