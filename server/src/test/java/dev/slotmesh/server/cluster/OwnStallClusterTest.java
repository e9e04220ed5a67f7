package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Slotmesh process is stopped while it waits for the answers of two redis-servers, and goes on long after its node timeout: it
 * accuses nobody, though the others accused it, and finds their answers in its sockets.
 */
@Timeout(120)
final class OwnStallClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ROUNDS = 3;

    @TempDir
    Path directory;

    @Test
    void shouldAccuseNobodyAfterBeingStopped() {
        String[] options = {
            "--cluster-enabled", "yes", "--cluster-node-timeout", "1500", "--loglevel", "verbose"
        };
        try (RedisOracle first = RedisOracle.start(options);
                RedisOracle second = RedisOracle.start(options);
                NodeProcess node = NodeProcess.start(directory, options)) {
            call(node, "CLUSTER", "MEET", "127.0.0.1", "" + first.port());
            call(node, "CLUSTER", "MEET", "127.0.0.1", "" + second.port());
            List<ServerProcess> all = List.of(first, second, node);
            await().atMost(PATIENCE).until(() -> all.stream().allMatch(one -> healthy(one) == 3));
            String id = call(node, "CLUSTER", "MYID").substring(5, 45);

            for (int round = 0; round < ROUNDS; round++) {
                first.freeze();
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> awaitsAnswer(node, first));
                node.freeze();
                first.goOn();
                await().atMost(PATIENCE)
                        .until(() -> line(second, id).contains("fail")
                                && line(first, id).contains("fail"));
                node.goOn();
                await().atMost(PATIENCE)
                        .until(() -> all.stream().allMatch(one -> healthy(one) == 3));
            }

            assertThat(node.log())
                    .contains("Handshake with node")
                    .doesNotContain("possibly failing");
        }
    }

    private static boolean awaitsAnswer(ServerProcess node, ServerProcess from) {
        String id = call(node, "CLUSTER", "NODES")
                .lines()
                .filter(line -> line.contains(":" + from.port() + "@"))
                .findFirst()
                .orElse("")
                .split(" ", 2)[0];
        return !line(node, id).split(" ")[4].equals("0");
    }

    private static String line(ServerProcess at, String id) {
        return call(at, "CLUSTER", "NODES")
                .lines()
                .filter(line -> line.startsWith(id))
                .findFirst()
                .orElse("");
    }

    /** Nodes it lists as connected and suspects of nothing. */
    private static long healthy(ServerProcess at) {
        return call(at, "CLUSTER", "NODES")
                .lines()
                .filter(line -> line.endsWith(" connected")
                        && line.contains("master")
                        && !line.contains("fail"))
                .count();
    }

    private static String call(ServerProcess process, String... words) {
        try (RespConnection client = process.connect()) {
            return client.call(words);
        }
    }
}
