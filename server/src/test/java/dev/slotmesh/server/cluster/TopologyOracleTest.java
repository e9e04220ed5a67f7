package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the nodes of one cluster say about it, both kinds the same: a primary of each kind, each with a replica of the other kind
 * and one of its own, slots in several runs, host names on some.
 */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TopologyOracleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String[] OPTIONS = {
        "--cluster-enabled", "yes", "--cluster-node-timeout", "5000"
    };

    @TempDir
    static Path directory;

    private static RedisOracle redis;
    private static RedisOracle redisReplica;
    private static TestNode slotmesh;
    private static TestNode slotmeshReplica;

    @BeforeAll
    static void form() {
        redis = RedisOracle.start(with("--cluster-announce-hostname", "redis.test"));
        Assumptions.assumeTrue(redis.isAtLeast(7, 0), "the oracle is older than Redis 7.0");
        redisReplica = RedisOracle.start(OPTIONS);
        slotmesh = TestNode.start(directory.resolve("primary"), OPTIONS);
        slotmeshReplica = TestNode.start(
                directory.resolve("replica"), with("--cluster-announce-hostname", "replica.test"));
        call(redis.port(), "CLUSTER ADDSLOTSRANGE 0 5000 5002 9000");
        call(slotmesh.port(), "CLUSTER ADDSLOTSRANGE 5001 5001 9001 16000");
        for (int port : ports()) {
            call(redis.port(), "CLUSTER MEET 127.0.0.1 " + port);
        }
        awaitAll(port -> count(call(port, "CLUSTER NODES"), " connected") == 4
                && count(call(port, "CLUSTER NODES"), ".test ") == 2);
        replicate(slotmeshReplica.port(), redis.port());
        replicate(redisReplica.port(), slotmesh.port());
        awaitAll(port -> count(call(port, "CLUSTER NODES"), " slave ") == 2
                || count(call(port, "CLUSTER NODES"), "slave ") == 2);
        // A replica without offset is loading, or left out.
        call(redis.port(), "CONFIG SET cluster-require-full-coverage no");
        call(slotmesh.port(), "CONFIG SET cluster-require-full-coverage no");
        awaitOk(redis.port());
        awaitOk(slotmesh.port());
        assertThat(call(redis.port(), "SET bar v")).isEqualTo("+OK\r\n");
        assertThat(call(slotmesh.port(), "SET foo v")).isEqualTo("+OK\r\n");
        awaitAll(port -> count(call(port, "CLUSTER SHARDS"), "online") == 4);
    }

    @AfterAll
    static void end() {
        for (AutoCloseable one :
                new AutoCloseable[] {slotmeshReplica, slotmesh, redisReplica, redis}) {
            close(one);
        }
    }

    private static void close(AutoCloseable one) {
        try {
            if (one != null) {
                one.close();
            }
        } catch (Exception cause) {
            throw new AssertionError(cause);
        }
    }

    /** Sections 17.2 and 17.3, with each cluster-preferred-endpoint-type, in both protocol versions. */
    @Order(1)
    @ParameterizedTest
    @ValueSource(strings = {"ip", "hostname", "unknown-endpoint"})
    void shouldTellSlotsAndShardsAsRedisDoes(String endpointType) {
        for (int port : ports()) {
            call(port, "CONFIG SET cluster-preferred-endpoint-type " + endpointType);
        }
        for (String protocol : List.of("2", "3")) {
            String slots = call(redis.port(), protocol, "CLUSTER SLOTS");
            List<String> shards = shards(redis.port(), protocol);
            assertThat(shards).hasSize(2);
            for (int port : ports()) {
                assertThat(call(port, protocol, "CLUSTER SLOTS")).isEqualTo(slots);
                assertThat(shards(port, protocol)).isEqualTo(shards);
            }
            for (String command : List.of("GET foo", "GET bar", "SET bar v")) {
                assertThat(call(slotmeshReplica.port(), protocol, command))
                        .isEqualTo(call(redisReplica.port(), protocol, command));
            }
        }
    }

    /** Section 17.1, without times and in the order of ids. */
    @Test
    @Order(2)
    void shouldTellNodesAndReplicasAsRedisDoes() {
        List<String> nodes = lines(call(redis.port(), "CLUSTER NODES"));

        for (int port : ports()) {
            assertThat(lines(call(port, "CLUSTER NODES"))).isEqualTo(nodes);
            for (int primary : List.of(redis.port(), slotmesh.port())) {
                assertThat(lines(call(port, "CLUSTER REPLICAS " + id(primary))))
                        .hasSize(1)
                        .isEqualTo(lines(call(redis.port(), "CLUSTER REPLICAS " + id(primary))));
            }
        }
    }

    /** Section 21: to all nodes, each once. */
    @Test
    @Order(3)
    void shouldPublishToAllNodesOfBothKinds() {
        List<RespConnection> subscribers = subscribers(ports(), "SUBSCRIBE");

        for (int port : ports()) {
            assertThat(call(port, "PUBLISH foo from-" + port)).isEqualTo(":1\r\n");
        }

        assertThatEachGets(subscribers, ports());
    }

    /** Section 21: to the shard, its primary and its replica of the other kind; the others send the client on. */
    @Test
    @Order(3)
    void shouldPublishWithinShardOfBothKinds() {
        List<Integer> shard = List.of(slotmesh.port(), redisReplica.port());
        List<RespConnection> subscribers = subscribers(shard, "SSUBSCRIBE");

        for (int port : shard) {
            assertThat(call(port, "SPUBLISH foo from-" + port)).isEqualTo(":1\r\n");
        }

        assertThatEachGets(subscribers, shard);
        assertThat(call(slotmeshReplica.port(), "SPUBLISH foo m"))
                .isEqualTo(call(redis.port(), "SPUBLISH foo m"))
                .startsWith("-MOVED 12182 ");
    }

    private static List<RespConnection> subscribers(List<Integer> ports, String command) {
        List<RespConnection> subscribers = new ArrayList<>();
        for (int port : ports) {
            RespConnection subscriber = RespConnection.to(port);
            subscribers.add(subscriber);
            assertThat(subscriber.call(command, "foo")).startsWith("*3\r\n").endsWith(":1\r\n");
        }
        return subscribers;
    }

    /** One message of each port, in any order, and then nothing before the answer to a PING. */
    private static void assertThatEachGets(
            List<RespConnection> subscribers, List<Integer> publishers) {
        for (RespConnection subscriber : subscribers) {
            List<String> got = new ArrayList<>();
            for (int i = 0; i < publishers.size(); i++) {
                got.add(subscriber.readReplyText().replaceAll("(?s).*from-(\\d+)\r\n$", "$1"));
            }
            assertThat(got)
                    .containsExactlyInAnyOrderElementsOf(
                            publishers.stream().map(String::valueOf).toList());
            assertThat(subscriber.call("PING")).contains("pong");
            subscriber.close();
        }
    }

    /** Section 19, on replicas. */
    @Test
    @Order(4)
    void shouldAnswerOperatorsOfReplicasAsRedisDoes() {
        for (String line : List.of(
                "CLUSTER SETSLOT 1 STABLE",
                "CLUSTER SETSLOT x MIGRATING a",
                "CLUSTER RESET FOO",
                "CLUSTER RESET HARD x",
                "CLUSTER REPLICATE <myself>",
                "CLUSTER REPLICATE <other>",
                "CLUSTER FORGET <primary>",
                "CLUSTER FORGET <myself>",
                "CLUSTER FORGET abc",
                "CLUSTER REPLICAS <other>",
                "CLUSTER COUNT-FAILURE-REPORTS <primary>",
                "CLUSTER COUNT-FAILURE-REPORTS abc",
                "CLUSTER GETKEYSINSLOT 0 -1",
                "CLUSTER SET-CONFIG-EPOCH -1",
                "CLUSTER SET-CONFIG-EPOCH 1",
                "CLUSTER SAVECONFIG")) {
            String ours = line.replace("<myself>", id(slotmeshReplica.port()))
                    .replace("<other>", id(redisReplica.port()))
                    .replace("<primary>", id(redis.port()));
            String theirs = line.replace("<myself>", id(redisReplica.port()))
                    .replace("<other>", id(slotmeshReplica.port()))
                    .replace("<primary>", id(slotmesh.port()));
            assertThat(call(slotmeshReplica.port(), ours))
                    .as(line)
                    .isEqualTo(call(redisReplica.port(), theirs));
        }
    }

    /** Section 15: "primary with keys" is refused; "replica: become primary, stop replication, flush data". */
    @Order(5)
    @ParameterizedTest
    @ValueSource(strings = {"SOFT", "HARD"})
    void shouldResetAsRedisDoes(String kind) {
        String reset = "CLUSTER RESET " + kind;
        assertThat(call(slotmesh.port(), reset)).isEqualTo(call(redis.port(), reset));

        String ourId = id(slotmeshReplica.port());
        String theirId = id(redisReplica.port());
        assertThat(call(slotmeshReplica.port(), reset)).isEqualTo("+OK\r\n");
        assertThat(call(redisReplica.port(), reset)).isEqualTo("+OK\r\n");

        assertThat(id(slotmeshReplica.port()).equals(ourId)).isEqualTo(kind.equals("SOFT"));
        assertThat(id(redisReplica.port()).equals(theirId)).isEqualTo(kind.equals("SOFT"));
        for (String line : List.of("DBSIZE", "CLUSTER SLOTS", "CLUSTER LINKS", "GET foo")) {
            assertThat(call(slotmeshReplica.port(), line))
                    .as(line)
                    .isEqualTo(call(redisReplica.port(), line));
        }
        for (int port : List.of(slotmeshReplica.port(), redisReplica.port())) {
            assertThat(call(port, "ROLE")).startsWith("*3\r\n$6\r\nmaster\r\n");
            assertThat(call(port, "CLUSTER INFO"))
                    .contains("cluster_known_nodes:1\r\n", "cluster_slots_assigned:0\r\n")
                    .contains(kind.equals("HARD") ? "cluster_current_epoch:0\r\n" : "epoch:");
        }
    }

    private static String[] with(String... more) {
        String[] all = Arrays.copyOf(OPTIONS, OPTIONS.length + more.length);
        System.arraycopy(more, 0, all, OPTIONS.length, more.length);
        return all;
    }

    private static List<Integer> ports() {
        return List.of(redis.port(), slotmesh.port(), redisReplica.port(), slotmeshReplica.port());
    }

    private static void replicate(int port, int primary) {
        assertThat(call(port, "CLUSTER REPLICATE " + id(primary))).isEqualTo("+OK\r\n");
    }

    private static void awaitAll(IntPredicate condition) {
        await().atMost(PATIENCE)
                .until(() -> ports().stream().allMatch(port -> condition.test(port)));
    }

    private static void awaitOk(int port) {
        await().atMost(PATIENCE)
                .until(() -> call(port, "CLUSTER INFO").contains("cluster_state:ok"));
    }

    /** Each shard's part of the reply, without offsets, in order of their text. */
    private static List<String> shards(int port, String protocol) {
        String reply = call(port, protocol, "CLUSTER SHARDS")
                .replaceAll("replication-offset\r\n:\\d+", "offset");
        return Arrays.stream(reply.split("(?=\\$5\r\nslots\r\n)"))
                .skip(1)
                .map(shard -> shard.replaceAll("(\\*4|%2)\r\n$", ""))
                .sorted()
                .toList();
    }

    /** Node lines without flag of oneself, times and state of links, sorted. */
    private static List<String> lines(String reply) {
        return reply.lines()
                .filter(line -> line.length() > 60)
                .map(line -> line.replace("myself,", "").replaceAll(" \\d+ \\d{13} ", " times "))
                .sorted()
                .collect(Collectors.toList());
    }

    private static String id(int port) {
        return call(port, "CLUSTER MYID").substring(5, 45);
    }

    private static long count(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }

    private static String call(int port, String line) {
        return call(port, "2", line);
    }

    private static String call(int port, String protocol, String line) {
        try (RespConnection client = RespConnection.to(port)) {
            client.call("HELLO", protocol);
            return client.call(line.split(" "));
        }
    }
}
