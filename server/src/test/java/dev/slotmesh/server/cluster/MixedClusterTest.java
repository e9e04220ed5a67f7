package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One cluster of two Slotmesh nodes, one of them in a process of its own, and two real redis-servers, each with a quarter
 * of the slots. Every test leaves the four as it found them.
 */
@Timeout(120)
final class MixedClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long NODE_TIMEOUT_MS = 1500;
    private static final String[] OPTIONS = {"--cluster-node-timeout", "" + NODE_TIMEOUT_MS};
    private static final Pattern INBOUND = Pattern.compile(
            "from\r\n\\$4\r\nnode\r\n\\$40\r\n\\w+\r\n\\$11\r\ncreate-time\r\n:(\\d+)");

    @TempDir
    static Path directory;

    private static TestNode inside;
    private static NodeProcess child;
    private static RedisOracle redis;
    private static RedisOracle otherRedis;

    @BeforeAll
    static void form() {
        redis = RedisOracle.start("--cluster-enabled", "yes", OPTIONS[0], OPTIONS[1]);
        otherRedis = RedisOracle.start("--cluster-enabled", "yes", OPTIONS[0], OPTIONS[1]);
        Assumptions.assumeTrue(redis.isAtLeast(7, 0), "the oracle is older than Redis 7.0");
        inside = TestNode.start(directory.resolve("inside"), OPTIONS);
        child = NodeProcess.start(
                directory.resolve("child"), "--cluster-enabled", "yes", OPTIONS[0], OPTIONS[1]);

        call(inside.port(), "CLUSTER", "ADDSLOTSRANGE", "0", "4095");
        call(child.port(), "CLUSTER", "ADDSLOTSRANGE", "4096", "8191");
        call(redis.port(), "CLUSTER", "ADDSLOTSRANGE", "8192", "12287");
        call(otherRedis.port(), "CLUSTER", "ADDSLOTSRANGE", "12288", "16383");
        meet(inside.port(), redis.port());
        meet(redis.port(), child.port());
        meet(otherRedis.port(), inside.port());
    }

    @AfterAll
    static void end() {
        if (child != null) {
            child.close();
        }
        if (inside != null) {
            inside.close();
        }
        redis.close();
        otherRedis.close();
    }

    @BeforeEach
    void awaitHealth() {
        if (!otherRedis.isAlive()) {
            otherRedis.restart();
        }
        if (!child.isAlive()) {
            child.restart();
        }
        awaitAll("four healthy nodes", MixedClusterTest::isHealthy);
    }

    private static List<Integer> ports() {
        return List.of(inside.port(), child.port(), redis.port(), otherRedis.port());
    }

    private static String call(int port, String... words) {
        try (RespConnection client = RespConnection.to(port)) {
            return client.call(words);
        }
    }

    private static void meet(int at, int port) {
        assertThat(call(at, "CLUSTER", "MEET", "127.0.0.1", "" + port)).isEqualTo("+OK\r\n");
    }

    private static String id(int port) {
        return call(port, "CLUSTER", "MYID").substring(5, 45);
    }

    private static String nodes(int port) {
        return call(port, "CLUSTER", "NODES");
    }

    private static String lineOf(int port, String id) {
        return nodes(port)
                .lines()
                .filter(line -> line.startsWith(id))
                .findFirst()
                .orElse("");
    }

    private static boolean isHealthy(int port) {
        String nodes = nodes(port);
        return call(port, "CLUSTER", "INFO").contains("cluster_state:ok")
                && nodes.lines().filter(line -> line.contains("master")).count() == 4
                && !nodes.contains("fail")
                && !nodes.contains("handshake")
                && !nodes.contains("disconnected");
    }

    private interface PortCondition {
        boolean holds(int port);
    }

    private static void awaitAll(String what, PortCondition condition) {
        awaitOn(ports(), what, condition);
    }

    private static void awaitOn(List<Integer> ports, String what, PortCondition condition) {
        for (int port : ports) {
            try {
                await().atMost(PATIENCE).until(() -> condition.holds(port));
            } catch (org.awaitility.core.ConditionTimeoutException late) {
                throw new AssertionError(
                        what + " at " + port + ":\n"
                                + ports.stream()
                                        .map(at -> at + "\n" + nodes(at))
                                        .collect(Collectors.joining("\n")),
                        late);
            }
        }
    }

    /** Lines of CLUSTER NODES in order, without what differs from node to node. */
    private static List<String> comparableNodes(int port) {
        return nodes(port)
                .lines()
                .filter(line -> line.length() > 40)
                .map(line -> line.replace("myself,", "").replaceAll(" \\d+ \\d+ (\\d+) c", " $1 c"))
                .sorted()
                .toList();
    }

    private static List<String> comparableShards(int port) {
        String shards = call(port, "CLUSTER", "SHARDS");
        return Arrays.stream(shards.split("(?=\\*4\r\n\\$5\r\nslots)")).sorted().toList();
    }

    @Test
    void shouldTellTheSameWhicheverNodeIsAsked() {
        int ours = inside.port();
        await().atMost(PATIENCE)
                .until(() -> ports().stream()
                                .map(MixedClusterTest::comparableNodes)
                                .distinct()
                                .count()
                        == 1);

        for (int port : ports()) {
            assertThat(call(port, "CLUSTER", "SLOTS")).isEqualTo(call(ours, "CLUSTER", "SLOTS"));
            assertThat(comparableShards(port)).isEqualTo(comparableShards(ours));
            assertThat(call(port, "CLUSTER", "REPLICAS", id(ours))).isEqualTo("*0\r\n");
        }
        assertThat(call(ours, "CLUSTER", "SLOTS")).startsWith("*4\r\n");
    }

    @Test
    void shouldStoreAKeyOnItsOwnerWhereverTheClientBegins() {
        List<String> keys = IntStream.range(0, 40).mapToObj(i -> "key" + i).toList();
        for (String key : keys) {
            for (int port : ports()) {
                String reply = call(port, "SET", key, "v");
                if (reply.startsWith("-MOVED ")) {
                    int owner = Integer.parseInt(
                            reply.substring(reply.lastIndexOf(':') + 1).trim());
                    reply = call(owner, "SET", key, "v");
                }
                assertThat(reply).isEqualTo("+OK\r\n");
            }
        }
        int stored = ports().stream()
                .mapToInt(port ->
                        Integer.parseInt(call(port, "DBSIZE").substring(1).trim()))
                .sum();
        assertThat(stored).isEqualTo(keys.size());
    }

    @Test
    void shouldCarryMessagesBetweenAllNodes() {
        for (int at : ports()) {
            try (RespConnection subscriber = RespConnection.to(at)) {
                subscriber.call("SUBSCRIBE", "channel");
                for (int from : ports()) {
                    String here = from == at ? ":1\r\n" : ":0\r\n";
                    assertThat(call(from, "PUBLISH", "channel", "text" + from)).isEqualTo(here);
                    assertThat(subscriber.readReplyText())
                            .isEqualTo("*3\r\n$7\r\nmessage\r\n$7\r\nchannel\r\n$9\r\ntext" + from
                                    + "\r\n");
                }
            }
        }
    }

    @Test
    void shouldKeepMessagesOfShardsInTheirShard() {
        for (int at : ports()) {
            int answeredHere = 0;
            for (int from : ports()) {
                try (RespConnection subscriber = RespConnection.to(at)) {
                    String reply = subscriber.call("SSUBSCRIBE", "shard");
                    assertThat(reply).containsPattern("ssubscribe|MOVED \\d+ 127.0.0.1:");
                    if (reply.startsWith("*") && from == at) {
                        assertThat(call(from, "SPUBLISH", "shard", "x")).isEqualTo(":1\r\n");
                        assertThat(subscriber.readReplyText()).contains("smessage");
                        answeredHere++;
                    }
                }
            }
            assertThat(answeredHere).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void shouldFlagAKilledRedisNodeAndTakeItBack() {
        String id = id(otherRedis.port());
        List<Integer> others = List.of(inside.port(), child.port(), redis.port());

        otherRedis.kill();

        awaitOn(
                others,
                "FAIL of a redis-server",
                port -> lineOf(port, id).contains("master,fail "));
        awaitOn(others, "state", port -> call(port, "CLUSTER", "INFO").contains("state:fail"));
        assertThat(call(inside.port(), "GET", "bar"))
                .isEqualTo("-CLUSTERDOWN The cluster is down\r\n");
        otherRedis.restart();
        awaitAll("all back", MixedClusterTest::isHealthy);
    }

    @Test
    void shouldFlagAKilledSlotmeshNodeAndTakeItBack() {
        String id = id(child.port());
        List<Integer> others = List.of(inside.port(), redis.port(), otherRedis.port());

        child.kill();

        awaitOn(
                others,
                "FAIL of a Slotmesh node",
                port -> lineOf(port, id).contains("master,fail "));
        child.restart();
        awaitAll("all back", MixedClusterTest::isHealthy);
        assertThat(id(child.port())).isEqualTo(id);
    }

    @Test
    void shouldForgetANodeForGood() {
        try (TestNode guest = TestNode.start(directory.resolve("guest"), OPTIONS)) {
            String id = id(guest.port());
            meet(otherRedis.port(), guest.port());
            awaitAll("the guest", port -> lineOf(port, id).contains("master - "));
            awaitOn(List.of(guest.port()), "settled links", MixedClusterTest::isSettled);

            for (int port : ports()) {
                assertThat(call(port, "CLUSTER", "FORGET", id)).isEqualTo("+OK\r\n");
            }

            // The guest still knows the others and talks to them.
            String pings = "cluster_stats_messages_pong_received:";
            long before = counter(guest.port(), pings);
            await().atMost(PATIENCE).until(() -> counter(guest.port(), pings) > before + 8);
            for (int port : ports()) {
                assertThat(nodes(port)).doesNotContain(id);
            }
        }
    }

    /** Whether all four have kept a link to the node for longer than a handshake may last: they know it for good. */
    private static boolean isSettled(int port) {
        Matcher links = INBOUND.matcher(call(port, "CLUSTER", "LINKS"));
        long latest = System.currentTimeMillis() - 2 * NODE_TIMEOUT_MS;
        return links.results()
                        .filter(link -> Long.parseLong(link.group(1)) < latest)
                        .count()
                == 4;
    }

    private static long counter(int port, String name) {
        return call(port, "CLUSTER", "INFO")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length())))
                .sum();
    }

    @Test
    void shouldFollowANodeToAnotherAddress() {
        Path home = directory.resolve("moving");
        String id;
        int oldPort;
        try (TestNode moving = TestNode.start(home, OPTIONS)) {
            id = id(moving.port());
            oldPort = moving.port();
            meet(moving.port(), redis.port());
            awaitAll("the fifth node", port -> lineOf(port, id).contains(":" + oldPort + "@"));
        }

        try (TestNode moved = TestNode.start(home, OPTIONS)) {
            assertThat(moved.port()).isNotEqualTo(oldPort);
            awaitAll(
                    "its new address",
                    port -> lineOf(port, id).contains(":" + moved.port() + "@")
                            && isConnected(port, id));
            for (int port : ports()) {
                call(port, "CLUSTER", "FORGET", id);
            }
        }
    }

    private static boolean isConnected(int port, String id) {
        return lineOf(port, id).endsWith(" connected");
    }

    @Test
    void shouldSwapKindsOnOneFileAndPort() {
        String id = id(otherRedis.port());
        String slots = call(redis.port(), "CLUSTER", "SLOTS");
        otherRedis.stop();

        try (TestNode instead =
                TestNode.startAt(otherRedis.port(), otherRedis.directory(), OPTIONS)) {
            assertThat(id(instead.port())).isEqualTo(id);
            assertThat(call(instead.port(), "CLUSTER", "SLOTS")).isEqualTo(slots);
            awaitAll("a Slotmesh node in place of a redis-server", MixedClusterTest::isHealthy);
            assertThat(call(instead.port(), "CLUSTER", "SAVECONFIG")).isEqualTo("+OK\r\n");
        }

        otherRedis.restart();
        assertThat(id(otherRedis.port())).isEqualTo(id);
        assertThat(call(otherRedis.port(), "CLUSTER", "SLOTS")).isEqualTo(slots);
        awaitAll("the redis-server back", MixedClusterTest::isHealthy);
    }
}
