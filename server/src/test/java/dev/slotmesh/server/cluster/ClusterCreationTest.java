package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ToolRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code redis-cli --cluster create} makes three primaries and three replicas of six empty nodes, of either kind. */
@Timeout(240)
final class ClusterCreationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KEYS = 30;
    private static final Pattern FOLLOWING = Pattern.compile(
            "\\*5\r\n\\$5\r\nslave\r\n\\$9\r\n127.0.0.1\r\n:(\\d+)\r\n\\$9\r\nconnected\r\n.*",
            Pattern.DOTALL);
    private static final String[] OPTIONS = {
        "--cluster-enabled", "yes", "--repl-diskless-sync-delay", "0"
    };

    @TempDir
    private Path directory;

    private final List<Integer> ports = new ArrayList<>();
    private final Deque<Runnable> closing = new ArrayDeque<>();

    @AfterEach
    void end() {
        closing.forEach(Runnable::run);
    }

    private void startSlotmesh() {
        TestNode node = TestNode.start(directory.resolve("" + ports.size()), OPTIONS);
        closing.push(node::close);
        ports.add(node.port());
    }

    private void startRedis() {
        RedisOracle redis = RedisOracle.start(OPTIONS);
        closing.push(redis::close);
        ports.add(redis.port());
        Assumptions.assumeTrue(redis.isAtLeast(7, 0), "the oracle is older than Redis 7.0");
    }

    @Test
    void shouldMakeAClusterOfSlotmeshNodes() {
        for (int i = 0; i < 6; i++) {
            startSlotmesh();
        }

        create();

        assertEveryWriteReachesAReplica();
        assertHealthy();
    }

    /** The first three become primaries. */
    @Test
    void shouldMakeAClusterOfBothKinds() {
        for (int i = 0; i < 3; i++) {
            startSlotmesh();
            startRedis();
        }

        create();

        assertEveryWriteReachesAReplica();
        assertHealthy();
    }

    private void create() {
        List<String> words = new ArrayList<>(List.of("--cluster", "create"));
        ports.forEach(port -> words.add("127.0.0.1:" + port));
        words.addAll(List.of("--cluster-replicas", "1", "--cluster-yes"));

        assertThat(cli(words)).contains("[OK] All 16384 slots covered.");
    }

    /** What redis-cli prints; it must end with 0. */
    private static String cli(List<String> words) {
        List<String> command = new ArrayList<>(List.of("redis-cli"));
        command.addAll(words);
        ToolRun run = ToolRun.ofRedis(command.toArray(String[]::new));
        assertThat(run.exitCode()).as("%s: %s", command, run.output()).isZero();
        return run.output();
    }

    private void assertEveryWriteReachesAReplica() {
        await().atMost(PATIENCE)
                .until(() -> ports.stream()
                        .allMatch(port ->
                                call(port, "CLUSTER", "INFO").contains("cluster_state:ok")));
        await("replicas").atMost(PATIENCE).until(() -> replicas().size() == 3);
        Map<Integer, Integer> replicas = replicas();
        Map<Integer, List<String>> written = write();

        assertThat(written.keySet()).isEqualTo(replicas.keySet());
        written.forEach((primary, keys) -> {
            try (RespConnection reader = RespConnection.to(replicas.get(primary))) {
                assertThat(reader.call("READONLY")).isEqualTo("+OK\r\n");
                for (String key : keys) {
                    await().atMost(PATIENCE)
                            .until(() -> reader.call("GET", key).equals("$5\r\nvalue\r\n"));
                }
            }
        });
    }

    /** The replica of each primary, those with a link to theirs. */
    private Map<Integer, Integer> replicas() {
        Map<Integer, Integer> replicas = new HashMap<>();
        for (int port : ports) {
            Matcher role = FOLLOWING.matcher(call(port, "ROLE"));
            if (role.matches()) {
                replicas.put(Integer.parseInt(role.group(1)), port);
            }
        }
        return replicas;
    }

    /** Keys by who took them; the first node knows where they belong. */
    private Map<Integer, List<String>> write() {
        Map<Integer, List<String>> written = new HashMap<>();
        for (int i = 0; i < KEYS; i++) {
            String key = "key:" + i;
            int owner = ports.get(0);
            String reply = call(owner, "SET", key, "value");
            if (reply.startsWith("-MOVED ")) {
                owner = Integer.parseInt(
                        reply.substring(reply.lastIndexOf(':') + 1).strip());
                reply = call(owner, "SET", key, "value");
            }
            assertThat(reply).isEqualTo("+OK\r\n");
            written.computeIfAbsent(owner, primary -> new ArrayList<>()).add(key);
        }
        return written;
    }

    private void assertHealthy() {
        String last = "127.0.0.1:" + ports.get(5);

        String check = cli(List.of("--cluster", "check", last));

        assertThat(check)
                .contains(
                        KEYS + " keys in 3 masters",
                        "[OK] All nodes agree about slots configuration.",
                        "[OK] All 16384 slots covered.");
        assertThat(check.split("1 additional replica\\(s\\)", -1)).hasSize(4);
    }

    private static String call(int port, String... words) {
        try (RespConnection client = RespConnection.to(port)) {
            return client.call(words);
        }
    }
}
