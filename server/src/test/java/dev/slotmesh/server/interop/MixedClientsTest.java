package dev.slotmesh.server.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;

/** Jedis and Lettuce on a cluster of two Slotmesh and two redis-server nodes: keys go to either kind, whoever is asked first. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class MixedClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int KEYS = 200;
    private static final int SLOTS_PER_NODE = 4096;

    private Path directory;
    private RedisOracle thirdNode;
    private RedisOracle fourthNode;
    private Node firstNode;
    private Node secondNode;
    private List<Integer> ports;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        thirdNode = RedisOracle.start("--cluster-enabled", "yes");
        fourthNode = RedisOracle.start("--cluster-enabled", "yes");
        firstNode = slotmesh();
        secondNode = slotmesh();
        ports = List.of(firstNode.port(), secondNode.port(), thirdNode.port(), fourthNode.port());
        for (int i = 0; i < ports.size(); i++) {
            int from = i * SLOTS_PER_NODE;
            ask(
                    ports.get(i),
                    "CLUSTER",
                    "ADDSLOTSRANGE",
                    "" + from,
                    "" + (from + SLOTS_PER_NODE - 1));
            ask(ports.get(i), "CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
        }
        ask(ports.get(0), "CLUSTER", "MEET", "127.0.0.1", "" + ports.get(1));
        ask(ports.get(0), "CLUSTER", "MEET", "127.0.0.1", "" + ports.get(2));
        ask(ports.get(3), "CLUSTER", "MEET", "127.0.0.1", "" + ports.get(0));
        Awaitility.await().atMost(PATIENCE).until(() -> ports.stream().allMatch(this::isReady));
    }

    @AfterAll
    void stop() {
        for (Node node : new Node[] {firstNode, secondNode}) {
            if (node != null) {
                node.close();
            }
        }
        for (RedisOracle redis : new RedisOracle[] {thirdNode, fourthNode}) {
            if (redis != null) {
                redis.close();
            }
        }
    }

    private Node slotmesh() throws Exception {
        Path own = Files.createTempDirectory(directory, "node-");
        return EmbeddedNode.start(own, "--cluster-enabled", "yes");
    }

    private static String ask(int port, String... words) {
        try (RespConnection client = RespConnection.to(port)) {
            String reply = client.call(words);
            assertThat(reply).doesNotStartWith("-");
            return reply;
        }
    }

    private boolean isReady(int port) {
        String state = ask(port, "CLUSTER", "INFO");
        String nodes = ask(port, "CLUSTER", "NODES");
        return state.contains("cluster_state:ok")
                && state.contains("cluster_known_nodes:" + ports.size())
                && !nodes.contains("handshake")
                && !nodes.contains("disconnected");
    }

    @Test
    void shouldServeJedisWhicheverKindItMeetsFirst() {
        for (int port : ports) {
            try (var jedis = redis.clients.jedis.RedisClusterClient.builder()
                    .nodes(Set.of(new HostAndPort("127.0.0.1", port)))
                    .build()) {
                assertThat(jedis.getClusterNodes()).hasSize(ports.size());
                for (int i = 0; i < KEYS; i++) {
                    assertThat(jedis.set("jedis" + i, "v" + i + port)).isEqualTo("OK");
                }
                for (int i = 0; i < KEYS; i++) {
                    assertThat(jedis.get("jedis" + i)).isEqualTo("v" + i + port);
                }
            }
        }
        assertEveryNodeHasKeys();
    }

    @Test
    void shouldServeLettuceWhicheverKindItMeetsFirst() {
        for (int port : List.of(ports.get(0), ports.get(3))) {
            RedisClusterClient client =
                    RedisClusterClient.create(RedisURI.create("127.0.0.1", port));
            try (StatefulRedisClusterConnection<String, String> lettuce = client.connect()) {
                assertThat(client.getPartitions()).hasSize(ports.size());
                for (int i = 0; i < KEYS; i++) {
                    assertThat(lettuce.sync().set("lettuce" + i, "v" + i + port))
                            .isEqualTo("OK");
                }
                for (int i = 0; i < KEYS; i++) {
                    assertThat(lettuce.sync().get("lettuce" + i)).isEqualTo("v" + i + port);
                }
            } finally {
                client.shutdown(0, 2, TimeUnit.SECONDS);
            }
        }
        assertEveryNodeHasKeys();
    }

    private void assertEveryNodeHasKeys() {
        for (int port : ports) {
            assertThat(ask(port, "DBSIZE")).as("keys on %d", port).isNotEqualTo(":0\r\n");
        }
    }
}
