package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What CLUSTER LINKS, the limit of send buffers and DEBUG show and do to the links between a Slotmesh node and redis-servers. */
@Timeout(120)
final class BusLinksClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String[] OPTIONS = {
        "--cluster-enabled", "yes",
        "--cluster-node-timeout", "30000",
        "--enable-debug-command", "yes",
        "--cluster-require-full-coverage", "no"
    };
    private static final Pattern LINK = Pattern.compile("direction\r\n\\$\\d\r\n(to|from)\r\n"
            + "\\$4\r\nnode\r\n\\$40\r\n(\\w+)\r\n\\$11\r\ncreate-time\r\n:(\\d+)\r\n"
            + "\\$6\r\nevents\r\n\\$\\d\r\n(\\w*)\r\n"
            + "\\$21\r\nsend-buffer-allocated\r\n:(\\d+)\r\n"
            + "\\$16\r\nsend-buffer-used\r\n:(\\d+)\r\n");

    @TempDir
    static Path directory;

    private static RedisOracle redis;
    private static RedisOracle stopped;
    private static NodeProcess node;

    private record ShownLink(
            String direction, String node, long createMs, String events, long size, long used) {}

    @BeforeAll
    static void form() {
        redis = RedisOracle.start(OPTIONS);
        stopped = RedisOracle.start(OPTIONS);
        node = NodeProcess.start(directory, OPTIONS);
        call(redis, "CLUSTER", "ADDSLOTSRANGE", "0", "5000");
        call(stopped, "CLUSTER", "ADDSLOTSRANGE", "5001", "10000");
        call(node, "CLUSTER", "ADDSLOTSRANGE", "10001", "16383");
        call(node, "CLUSTER", "MEET", "127.0.0.1", "" + redis.port());
        call(node, "CLUSTER", "MEET", "127.0.0.1", "" + stopped.port());
    }

    @BeforeEach
    void awaitMesh() {
        await().atMost(PATIENCE)
                .until(() -> links(node).size() == 4
                        && links(redis).size() == 4
                        && links(stopped).size() == 4
                        && call(node, "CLUSTER", "INFO").contains("cluster_state:ok"));
    }

    @AfterAll
    static void end() {
        for (ServerProcess one : new ServerProcess[] {node, stopped, redis}) {
            if (one != null) {
                one.close();
            }
        }
    }

    /** "for each node first its outbound then its inbound link". */
    @Test
    void shouldShowIdleLinksAsRedisDoes() {
        List<ShownLink> theirs = links(redis);
        List<ShownLink> ours = links(node);

        assertThat(ours)
                .extracting(ShownLink::direction)
                .containsExactly("to", "from", "to", "from");
        assertThat(theirs)
                .extracting(ShownLink::direction)
                .containsExactly("to", "from", "to", "from");
        assertThat(ours).allSatisfy(link -> {
            assertThat(link.events()).isEqualTo("r");
            assertThat(link.used()).isZero();
            assertThat(link.createMs())
                    .isBetween(System.currentTimeMillis() - 120_000, System.currentTimeMillis());
        });
    }

    /** A peer that does not read: what waits for it shows, and beyond the limit the link is freed and counted. */
    @Test
    void shouldFreeLinkWhoseSendBufferExceedsLimit() {
        String id = id(stopped);
        stopped.freeze();
        try {
            String message = "x".repeat(200_000);
            for (int i = 0; i < 60; i++) {
                call(node, "PUBLISH", "channel", message);
                call(redis, "PUBLISH", "channel", message);
            }
            ShownLink ours = linkTo(node, id);
            ShownLink theirs = linkTo(redis, id);
            assertThat(ours.events()).isEqualTo("rw").isEqualTo(theirs.events());
            assertThat(ours.used()).isGreaterThan(4_000_000);
            assertThat(theirs.used()).isGreaterThan(4_000_000);
            assertThat(ours.size()).isGreaterThanOrEqualTo(ours.used());
            await().atMost(PATIENCE)
                    .until(() -> field(node, "INFO", "mem_cluster_links") > 4_000_000);
            assertThat(field(redis, "INFO", "mem_cluster_links")).isGreaterThan(4_000_000);

            for (ServerProcess one : List.of(node, redis)) {
                assertThat(call(one, "CONFIG", "SET", "cluster-link-sendbuf-limit", "1mb"))
                        .isEqualTo("+OK\r\n");
                await().atMost(PATIENCE).until(() -> exceeded(one) == 1);
                await().atMost(PATIENCE)
                        .until(() ->
                                links(one).stream().noneMatch(link -> link.used() > 1_000_000));
            }
        } finally {
            stopped.goOn();
            call(node, "CONFIG", "SET", "cluster-link-sendbuf-limit", "0");
            call(redis, "CONFIG", "SET", "cluster-link-sendbuf-limit", "0");
        }
    }

    /** The same command lines to both, the replies equal. */
    @Test
    void shouldRefuseDebugCommandsAsRedisDoes() {
        for (String line : List.of(
                "DROP-CLUSTER-PACKET-FILTER",
                "DROP-CLUSTER-PACKET-FILTER x",
                "DROP-CLUSTER-PACKET-FILTER 1 2",
                "DROP-CLUSTER-PACKET-FILTER 99999999999999999999",
                "drop-cluster-packet-filter -1",
                "CLUSTERLINK KILL",
                "CLUSTERLINK KILL to",
                "CLUSTERLINK KILL to abc",
                "CLUSTERLINK KILL sideways abc",
                "CLUSTERLINK KIL to abc",
                "clusterlink kill from " + "0".repeat(40),
                "CLUSTERLINK KILL sideways " + id(stopped),
                "CLUSTERLINK KILL from abc x")) {
            String[] words = ("DEBUG " + line).split(" ");
            assertThat(call(node, words)).as(line).isEqualTo(call(redis, words));
        }
    }

    @Test
    void shouldBreakLinksOnDemand() {
        String id = id(redis);
        for (String direction : List.of("to", "FROM", "all")) {
            List<ShownLink> before = links(node);

            assertThat(call(node, "DEBUG", "CLUSTERLINK", "KILL", direction, id))
                    .isEqualTo("+OK\r\n");

            boolean to = !direction.equals("FROM");
            boolean from = !direction.equals("to");
            await().atMost(PATIENCE).until(() -> {
                List<ShownLink> now = links(node);
                return now.size() == 4
                        && (!to || isNew(before, now, "to", id))
                        && (!from || isNew(before, now, "from", id));
            });
        }
    }

    @Test
    void shouldDropPacketsOnDemand() {
        try (RespConnection subscriber = node.connect()) {
            subscriber.call("SUBSCRIBE", "news");
            assertThat(call(node, "DEBUG", "DROP-CLUSTER-PACKET-FILTER", "4")).isEqualTo("+OK\r\n");
            long before = published();
            call(redis, "PUBLISH", "news", "dropped");
            await().atMost(PATIENCE).until(() -> published() > before);
            assertThat(call(node, "DEBUG", "DROP-CLUSTER-PACKET-FILTER", "-1"))
                    .isEqualTo("+OK\r\n");

            call(redis, "PUBLISH", "news", "delivered");

            assertThat(subscriber.readReplyText()).endsWith("$9\r\ndelivered\r\n");
        }
    }

    private static long published() {
        return field(node, "CLUSTER INFO", "cluster_stats_messages_publish_received");
    }

    private static long exceeded(ServerProcess at) {
        return field(at, "CLUSTER INFO", "total_cluster_links_buffer_limit_exceeded");
    }

    private static long field(ServerProcess at, String command, String name) {
        return call(at, command.split(" "))
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(
                        line -> Long.parseLong(line.substring(name.length() + 1).trim()))
                .sum();
    }

    private static boolean isNew(
            List<ShownLink> before, List<ShownLink> now, String direction, String id) {
        return find(now, direction, id).createMs()
                != find(before, direction, id).createMs();
    }

    private static ShownLink linkTo(ServerProcess at, String id) {
        return find(links(at), "to", id);
    }

    private static ShownLink find(List<ShownLink> links, String direction, String id) {
        return links.stream()
                .filter(link ->
                        link.direction().equals(direction) && link.node().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<ShownLink> links(ServerProcess at) {
        Matcher matcher = LINK.matcher(call(at, "CLUSTER", "LINKS"));
        List<ShownLink> links = new ArrayList<>();
        while (matcher.find()) {
            links.add(new ShownLink(
                    matcher.group(1),
                    matcher.group(2),
                    Long.parseLong(matcher.group(3)),
                    matcher.group(4),
                    Long.parseLong(matcher.group(5)),
                    Long.parseLong(matcher.group(6))));
        }
        return links;
    }

    private static String id(ServerProcess at) {
        return call(at, "CLUSTER", "MYID").substring(5, 45);
    }

    private static String call(ServerProcess process, String... words) {
        try (RespConnection client = process.connect()) {
            return client.call(words);
        }
    }
}
