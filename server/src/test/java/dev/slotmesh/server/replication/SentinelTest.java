package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real sentinel over a Slotmesh primary with one replica of either kind: it fails over to the one of better priority. */
@Timeout(300)
final class SentinelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int KEYS = 200;

    @AutoClose
    private final Peers peers = new Peers();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldBeFailedOverToTheReplicaOfBetterPriority(boolean toRedis) throws Exception {
        NodeProcess primary = peers.closing(
                NodeProcess.start(peers.ownDirectory(), "--repl-diskless-sync-delay", "0"));
        int redis = peers.redisReplicaOf(
                        primary.port(), "--replica-priority", toRedis ? "1" : "100")
                .port();
        int slotmesh = peers.slotmeshReplicaOf(
                        primary.port(), "--replica-priority", toRedis ? "100" : "1")
                .port();
        Peers.awaitInStep(primary.port(), redis);
        Peers.awaitInStep(primary.port(), slotmesh);
        RedisOracle sentinel = sentinel(primary.port());
        await(sentinel, "num-slaves", "2");
        awaitUsable(sentinel);
        try (RespConnection client = RespConnection.to(primary.port())) {
            for (int i = 0; i < KEYS; i++) {
                client.call("SET", "key:" + i, "value:" + i);
            }
            assertThat(client.call("WAIT", "2", "60000")).isEqualTo(":2\r\n");
        }

        primary.kill();

        int promoted = toRedis ? redis : slotmesh;
        int other = toRedis ? slotmesh : redis;
        await(sentinel, "port", "" + promoted);
        Peers.awaitInfo(promoted, "role", "master");
        Peers.awaitInfo(other, "master_port", "" + promoted);
        Peers.ask(promoted, "SET", "after", "failover");
        Peers.awaitInStep(promoted, other);
        assertThat(Peers.ask(promoted, "DBSIZE")).isEqualTo(":" + (KEYS + 1) + "\r\n");
        assertThat(Peers.digest(other)).isEqualTo(Peers.digest(promoted));

        primary.restart();
        Peers.awaitInfo(primary.port(), "master_port", "" + promoted);
        Peers.awaitInStep(promoted, primary.port());
        assertThat(Peers.digest(primary.port())).isEqualTo(Peers.digest(promoted));
    }

    private RedisOracle sentinel(int primary) throws Exception {
        Path file = Files.writeString(
                peers.ownDirectory().resolve("sentinel.conf"),
                "sentinel monitor it 127.0.0.1 " + primary + " 1\n"
                        + "sentinel down-after-milliseconds it 4000\n"
                        + "sentinel failover-timeout it 10000\n"
                        + "sentinel parallel-syncs it 1\n");
        RedisOracle sentinel = peers.closing(RedisOracle.startFrom(file, "--sentinel"));
        // It chooses among replicas it has heard of within 5 s, and asks every 10 s otherwise.
        assertThat(Peers.ask(sentinel.port(), "SENTINEL", "DEBUG", "INFO-PERIOD", "500"))
                .isEqualTo("+OK\r\n");
        return sentinel;
    }

    /** Waits until the sentinel says this of the primary. */
    private static void await(RedisOracle sentinel, String field, String value) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> field(sentinel, field).equals(value));
        } catch (ConditionTimeoutException never) {
            throw new AssertionError(
                    field + " never became " + value + ":\n" + sentinel.log()
                            + Peers.ask(sentinel.port(), "SENTINEL", "REPLICAS", "it"),
                    never);
        }
    }

    private static String field(RedisOracle sentinel, String name) {
        String all = Peers.ask(sentinel.port(), "SENTINEL", "MASTER", "it");
        String key = "\r\n" + name + "\r\n$";
        int from = all.indexOf(key);
        if (from < 0) {
            return "";
        }
        int value = all.indexOf("\r\n", from + key.length()) + 2;
        return all.substring(value, all.indexOf("\r\n", value));
    }

    /** Waits until the sentinel is connected to both replicas and has learnt of their primary. */
    private static void awaitUsable(RedisOracle sentinel) {
        try {
            Awaitility.await().atMost(PATIENCE).until(() -> {
                String all = Peers.ask(sentinel.port(), "SENTINEL", "REPLICAS", "it");
                return count(all, "\r\nflags\r\n$5\r\nslave\r\n") == 2
                        && count(all, "\r\nmaster-link-status\r\n$2\r\nok\r\n") == 2;
            });
        } catch (ConditionTimeoutException never) {
            throw new AssertionError(
                    sentinel.log() + Peers.ask(sentinel.port(), "SENTINEL", "REPLICAS", "it"),
                    never);
        }
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
