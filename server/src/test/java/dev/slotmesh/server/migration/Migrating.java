package dev.slotmesh.server.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.server.StartFailure;
import dev.slotmesh.server.local.LocalCluster;
import dev.slotmesh.server.oracle.LinkProxy;
import dev.slotmesh.server.oracle.RespConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.util.JedisClusterCRC16;

/** A cluster in the process of the test, some of whose slots are moved. */
final class Migrating implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int BUS_PORT_OFFSET = 10_000;

    private final LocalCluster cluster;

    private Migrating(LocalCluster cluster) {
        this.cluster = cluster;
    }

    static Migrating start(LocalCluster.Options options) throws StartFailure {
        return new Migrating(LocalCluster.start(options));
    }

    LocalCluster cluster() {
        return cluster;
    }

    int port(int node) {
        return cluster.ports().get(node);
    }

    RespConnection connect(int node) {
        return RespConnection.to(port(node));
    }

    String call(int node, String... words) {
        try (RespConnection client = connect(node)) {
            return client.call(words);
        }
    }

    String id(int node) {
        return text(call(node, "CLUSTER", "MYID"));
    }

    /** What a bulk string holds. */
    static String text(String bulk) {
        return bulk.substring(bulk.indexOf('\n') + 1, bulk.length() - 2);
    }

    /** Has all others reach a node's client port by way of a proxy; the caller closes it. */
    LinkProxy behindProxy(int node) {
        LinkProxy proxy = LinkProxy.to(port(node));
        int busPort = port(node) + BUS_PORT_OFFSET;
        assertThat(call(
                        node,
                        "CONFIG",
                        "SET",
                        "cluster-announce-port",
                        "" + proxy.port(),
                        "cluster-announce-bus-port",
                        "" + busPort))
                .isEqualTo("+OK\r\n");
        String address = "127.0.0.1:" + proxy.port() + "@" + busPort;
        for (int other = 0; other < cluster.ports().size(); other++) {
            int each = other;
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(call(each, "CLUSTER", "NODES")).contains(address));
        }
        return proxy;
    }

    /** Keys that a node has in these slots, hidden ones as well. */
    long keysIn(int node, int first, int last) {
        long keys = 0;
        try (RespConnection client = connect(node)) {
            for (int slot = first; slot <= last; slot++) {
                client.sendCommand("CLUSTER", "COUNTKEYSINSLOT", "" + slot);
            }
            for (int slot = first; slot <= last; slot++) {
                keys += Long.parseLong(client.readReplyText().substring(1).trim());
            }
        }
        return keys;
    }

    /** Orders a job and expects that it begins. */
    void order(int from, int to, int first, int last) {
        assertThat(migrate(from, to, first, last)).isEqualTo("+OK\r\n");
    }

    String migrate(int from, int to, int first, int last) {
        return call(
                from,
                "CLUSTER",
                "MIGRATESLOTS",
                "SLOTSRANGE",
                "" + first,
                "" + last,
                "NODE",
                id(to));
    }

    /** The state of the latest job that a node knows, then its message. */
    List<String> latest(int node) {
        List<String> words = words(call(node, "CLUSTER", "GETSLOTMIGRATIONS"));
        int at = words.indexOf("state");
        return at < 0
                ? List.of("none", "")
                : List.of(words.get(at + 1), words.get(words.indexOf("message") + 1));
    }

    /** The bulk strings and numbers of a reply, nesting forgotten. */
    static List<String> words(String reply) {
        List<String> words = new ArrayList<>();
        String[] lines = reply.split("\r\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith("$")) {
                words.add(lines[++i]);
            } else if (lines[i].startsWith(":")) {
                words.add(lines[i].substring(1));
            }
        }
        return words;
    }

    void awaitState(int node, String state) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() ->
                        assertThat(latest(node).get(0)).as(latest(node).get(1)).isEqualTo(state));
    }

    /** Whether a node says that these slots are its own. */
    boolean owns(int node, int slot) {
        return cluster.nodes().get(node).cluster().orElseThrow().view().isMine(slot);
    }

    /** Whether no slots are on their way from or to a node. */
    boolean isIdle(int node) {
        ClusterView view = cluster.nodes().get(node).cluster().orElseThrow().view();
        return view.exports().isEmpty() && view.imports().isEmpty();
    }

    static int slotOf(String key) {
        return JedisClusterCRC16.getSlot(key);
    }

    /** The n-th key of a name that is in one of these slots. */
    static List<String> keys(String name, int first, int last, int count) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; keys.size() < count; i++) {
            String key = name + ":" + i;
            int slot = slotOf(key);
            if (slot >= first && slot <= last) {
                keys.add(key);
            }
        }
        return keys;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
