package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * FORGET of a Slotmesh node in a cluster with a real redis-server that was not told and goes on gossiping about it; all with host
 * names, so that extensions are on the wire.
 */
@Timeout(120)
final class LastingForgetClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PONGS = "cluster_stats_messages_pong_received:";

    @TempDir
    Path directory;

    @Test
    void shouldForgetForGoodInMixedCluster() {
        try (RedisOracle redis = RedisOracle.start(
                        "--cluster-enabled",
                        "yes",
                        "--cluster-node-timeout",
                        "1500",
                        "--cluster-announce-hostname",
                        "redis.test");
                TestNode told = start("told");
                TestNode guest = start("guest")) {
            TestNode other = start("other");
            try {
                for (int port : List.of(redis.port(), other.port(), guest.port())) {
                    call(told.port(), "CLUSTER", "MEET", "127.0.0.1", "" + port);
                }
                List<Integer> all = List.of(redis.port(), told.port(), other.port(), guest.port());
                awaitOn(
                        all,
                        port -> count(nodes(port), " connected") == 4
                                && count(nodes(port), ".test ") == 4);
                String id = call(guest.port(), "CLUSTER", "MYID").substring(5, 45);

                assertThat(call(told.port(), "CLUSTER", "FORGET", id)).isEqualTo("+OK\r\n");

                awaitOn(List.of(told.port(), other.port()), port -> !nodes(port).contains(id));
                assertThat(call(other.port(), "CLUSTER", "FORGET", id)).isEqualTo("+OK\r\n");
                other.close();
                other = TestNode.startAt(
                        other.port(), directory.resolve("other"), options("other"));
                awaitGossip(List.of(told.port(), other.port(), guest.port()));
                assertThat(nodes(redis.port())).contains(id);
                assertThat(nodes(told.port())).doesNotContain(id);
                assertThat(nodes(other.port())).doesNotContain(id);
                assertThat(redis.log()).doesNotContain("unknown extension");

                call(guest.port(), "CLUSTER", "MEET", "127.0.0.1", "" + told.port());

                awaitOn(List.of(told.port()), port -> nodes(port).contains(id));
            } finally {
                other.close();
            }
        }
    }

    private TestNode start(String name) {
        return TestNode.start(directory.resolve(name), options(name));
    }

    private static String[] options(String name) {
        return new String[] {
            "--cluster-node-timeout", "1500", "--cluster-announce-hostname", name + ".test"
        };
    }

    private static void awaitOn(List<Integer> ports, IntPredicate condition) {
        await().atMost(PATIENCE).until(() -> ports.stream().allMatch(port -> condition.test(port)));
    }

    /** Until each of them has got a dozen answers more, with as many gossip sections. */
    private static void awaitGossip(List<Integer> ports) {
        for (int port : ports) {
            long before = pongs(port);
            await().atMost(PATIENCE).until(() -> pongs(port) > before + 12);
        }
    }

    private static long pongs(int port) {
        return call(port, "CLUSTER", "INFO")
                .lines()
                .filter(line -> line.startsWith(PONGS))
                .mapToLong(line -> Long.parseLong(line.substring(PONGS.length())))
                .sum();
    }

    private static long count(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }

    private static String nodes(int port) {
        return call(port, "CLUSTER", "NODES");
    }

    private static String call(int port, String... words) {
        try (RespConnection client = RespConnection.to(port)) {
            return client.call(words);
        }
    }
}
