package dev.slotmesh.server.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ToolRun;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient.Builder;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Clusters of Slotmesh nodes in this process: how fast they form, and how the usual clients get on with them. */
@Timeout(60)
final class LocalClusterTest {
    /** The bars are those of a quiet machine; a shared one may take this many times as long. */
    private static final int SLACK = 4;

    private static final double NANOS_PER_MS = 1e6;
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final int KEYS = 200;

    @Test
    void shouldFormAMeshOfSixWithinTwoSeconds() throws Exception {
        List<Double> meshMs = new ArrayList<>();
        for (int run = 0; run < 10; run++) {
            Map<String, Long> doneAt = new HashMap<>();
            try (LocalCluster cluster = LocalCluster.start(
                    LocalCluster.Options.nodes(6),
                    step -> doneAt.put(
                            step.replaceAll(" \\d+| of.*| nodes.*", ""), System.nanoTime()))) {
                assertThat(cluster.nodesText().split("\n")).hasSize(6);
                assertServesEverySlot(cluster);
            }
            long started = at(doneAt, "shared");
            meshMs.add((at(doneAt, "every node knows") - started) / NANOS_PER_MS);
        }

        double worst = meshMs.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        System.out.printf("MEETs of six nodes to full mesh, ms: %.0f worst of %s%n", worst, meshMs);
        assertThat(worst).isLessThanOrEqualTo(2000.0 * SLACK);
    }

    /** What is printed is the view of one node, and a client may ask any other. */
    @Test
    void shouldBeReadyWhenEveryNodeKnowsEveryRole() throws Exception {
        try (LocalCluster cluster =
                LocalCluster.start(LocalCluster.Options.nodes(6).withReplicas(1))) {
            List<String> views = new ArrayList<>();
            for (int port : cluster.ports()) {
                try (RespConnection client = RespConnection.to(port)) {
                    views.add(client.call("CLUSTER", "NODES"));
                }
            }

            String table = NodeTable.of(cluster.nodesText());

            for (int port : cluster.ports().subList(0, 3)) {
                assertThat(table).containsPattern(":" + port + " +primary ");
                String primary = "127.0.0.1:" + port + "@\\d+ (myself,)?master - ";
                assertThat(views).allSatisfy(view -> assertThat(view).containsPattern(primary));
            }
            for (int port : cluster.ports().subList(3, 6)) {
                assertThat(table).containsPattern(":" + port + " +replica ");
                String replica = "127.0.0.1:" + port + "@\\d+ (myself,)?slave \\w{40} ";
                assertThat(views).allSatisfy(view -> assertThat(view).containsPattern(replica));
            }
        }
    }

    private static long at(Map<String, Long> doneAt, String step) {
        return doneAt.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(step))
                .mapToLong(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError(step + " not in " + doneAt.keySet()));
    }

    /** Every slot has exactly one node that serves it, and the others name that node. */
    private static void assertServesEverySlot(LocalCluster cluster) {
        int port = cluster.ports().get(0);
        try (RespConnection client = RespConnection.to(port)) {
            assertThat(client.call("CLUSTER", "INFO"))
                    .contains("cluster_state:ok", "cluster_slots_ok:16384", "cluster_size:6");
            for (String key : new String[] {"a", "b", "c", "d", "e", "f", "g", "h"}) {
                String reply = client.call("GET", key);
                if (reply.startsWith("-MOVED")) {
                    String[] moved = reply.trim().split("[ :]");
                    assertThat(Integer.parseInt(moved[1]))
                            .isEqualTo(JedisClusterCRC16.getSlot(key));
                    try (RespConnection owner = RespConnection.to(Integer.parseInt(moved[3]))) {
                        assertThat(owner.call("GET", key)).isEqualTo("$-1\r\n");
                    }
                } else {
                    assertThat(reply).isEqualTo("$-1\r\n");
                }
            }
        }
    }

    @Test
    void shouldJoinTwoNodesByOneMeet() throws Exception {
        List<Double> tookMs = new ArrayList<>();
        for (int run = 0; run < 20; run++) {
            List<Integer> ports = FreePorts.pairs(2);
            Path directory = Files.createTempDirectory("slotmesh-meet-");
            try (Node one = node(directory, ports.get(0));
                    Node two = node(directory, ports.get(1));
                    NodeClient first = new NodeClient(one.port());
                    NodeClient second = new NodeClient(two.port())) {
                long start = System.nanoTime();
                first.ask("CLUSTER", "MEET", "127.0.0.1", String.valueOf(two.port()));
                while (!knows(first, two.port()) || !knows(second, one.port())) {
                    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
                    LockSupport.parkNanos(POLL_NANOS);
                }
                tookMs.add((System.nanoTime() - start) / NANOS_PER_MS);
            } finally {
                delete(directory);
            }
        }

        double median = tookMs.stream().sorted().toList().get(tookMs.size() / 2);
        System.out.printf("MEET of two nodes to mutual membership, ms: median %.1f%n", median);
        assertThat(median).isLessThanOrEqualTo(150.0 * SLACK);
    }

    private static boolean knows(NodeClient client, int port) throws java.io.IOException {
        for (String line : client.ask("CLUSTER", "NODES").split("\n")) {
            if (line.contains(":" + port + "@")
                    && line.contains(" connected")
                    && !line.contains("handshake")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldServeTheUsualClientsOverAllNodes() throws Exception {
        try (LocalCluster cluster = LocalCluster.start(LocalCluster.Options.nodes(3))) {
            int port = cluster.ports().get(0);

            useJedis(port);
            useLettuce(port);

            assertKeysAreOnEveryNode(cluster);
            useRedisCli(cluster);
        }
    }

    private static void useJedis(int port) {
        Builder builder = redis.clients.jedis.RedisClusterClient.builder();
        try (redis.clients.jedis.RedisClusterClient jedis = builder.nodes(
                        java.util.Set.of(new HostAndPort("127.0.0.1", port)))
                .build()) {
            for (int i = 0; i < KEYS; i++) {
                assertThat(jedis.set("jedis" + i, "v" + i)).isEqualTo("OK");
            }
            for (int i = 0; i < KEYS; i++) {
                assertThat(jedis.get("jedis" + i)).isEqualTo("v" + i);
            }
            assertThat(jedis.getClusterNodes()).hasSize(3);
        }
    }

    private static void useLettuce(int port) {
        RedisClusterClient client = RedisClusterClient.create(RedisURI.create("127.0.0.1", port));
        try (StatefulRedisClusterConnection<String, String> lettuce = client.connect()) {
            for (int i = 0; i < KEYS; i++) {
                assertThat(lettuce.sync().set("lettuce" + i, "v" + i)).isEqualTo("OK");
            }
            for (int i = 0; i < KEYS; i++) {
                assertThat(lettuce.sync().get("lettuce" + i)).isEqualTo("v" + i);
            }
            assertThat(client.getPartitions()).hasSize(3);
        } finally {
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    private static void assertKeysAreOnEveryNode(LocalCluster cluster) {
        for (int port : cluster.ports()) {
            try (RespConnection client = RespConnection.to(port)) {
                int keys = Integer.parseInt(client.call("DBSIZE").substring(1).trim());
                assertThat(keys).isBetween(1, 2 * KEYS);
            }
        }
    }

    private static void useRedisCli(LocalCluster cluster) {
        String port = String.valueOf(cluster.ports().get(0));
        for (int i = 0; i < 10; i++) {
            assertThat(cli("-c", "-p", port, "GET", "jedis" + i)).isEqualTo("v" + i + "\n");
        }
        String address = "127.0.0.1:" + port;
        assertThat(cli("--cluster", "check", address))
                .contains("[OK] All nodes agree about slots configuration.")
                .contains("[OK] All 16384 slots covered.");
        assertThat(cli("--cluster", "info", address)).contains("keys in 3 masters");
        assertThat(cli("--cluster", "call", address, "ping")).contains("PONG");
    }

    @Test
    void shouldBeCreatedByRedisCli(@TempDir Path directory) throws Exception {
        List<Integer> ports = FreePorts.pairs(3);
        try (Node one = node(directory, ports.get(0));
                Node two = node(directory, ports.get(1));
                Node three = node(directory, ports.get(2))) {
            List<String> addresses = List.of(one, two, three).stream()
                    .map(node -> "127.0.0.1:" + node.port())
                    .toList();
            List<String> create = new ArrayList<>(List.of("--cluster", "create"));
            create.addAll(addresses);
            create.add("--cluster-yes");

            String created = cli(create.toArray(String[]::new));

            assertThat(created).contains("[OK] All 16384 slots covered.");
            // redis-cli ends when the nodes agree on slots; a node may take a moment more to call
            // its
            // cluster ok, as with redis-server.
            Awaitility.await()
                    .until(() ->
                            List.of(one, two, three).stream().allMatch(LocalClusterTest::isOk));
            useJedis(two.port());
        }
    }

    private static boolean isOk(Node node) {
        try (RespConnection client = RespConnection.to(node.port())) {
            return client.call("CLUSTER", "INFO").contains("cluster_state:ok");
        }
    }

    private static Node node(Path directory, int port) throws Exception {
        return Node.start(
                Configuration.of(
                        "--port",
                        String.valueOf(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        directory.toString(),
                        "--logfile",
                        "node-" + port + ".log",
                        "--cluster-enabled",
                        "yes",
                        "--cluster-config-file",
                        "nodes-" + port + ".conf",
                        "--io-threads",
                        "1"),
                new NodeLog(""));
    }

    private static void delete(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** What redis-cli prints; it must end with 0. */
    private static String cli(String... arguments) {
        List<String> command = new ArrayList<>(List.of("redis-cli"));
        Collections.addAll(command, arguments);
        ToolRun run = ToolRun.ofRedis(command.toArray(String[]::new));
        assertThat(run.exitCode()).as("%s: %s", command, run.output()).isZero();
        return run.output();
    }
}
