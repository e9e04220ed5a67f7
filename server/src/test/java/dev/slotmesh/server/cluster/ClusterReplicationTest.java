package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of one Slotmesh primary and one real one, each with the other kind as its replica. The first has the slots up to 8191.
 */
@Timeout(240)
final class ClusterReplicationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String[] OPTIONS = {
        "--cluster-node-timeout",
        "5000",
        "--repl-diskless-sync-delay",
        "0",
        "--enable-debug-command",
        "yes"
    };
    /** In slots 866 and 12539. */
    private static final String LOW = "hello";

    private static final String HIGH = "foo{bar2}";

    @TempDir
    private Path directory;

    private TestNode ourPrimary;
    private TestNode ourReplica;
    private RedisOracle realPrimary;
    private RedisOracle realReplica;

    @BeforeEach
    void form() {
        realPrimary = redis();
        realReplica = redis();
        ourPrimary = TestNode.start(directory.resolve("primary"), OPTIONS);
        ourReplica = TestNode.start(directory.resolve("replica"), OPTIONS);
        call(ourPrimary.port(), "CLUSTER", "ADDSLOTSRANGE", "0", "8191");
        call(realPrimary.port(), "CLUSTER", "ADDSLOTSRANGE", "8192", "16383");
        for (int port : List.of(realPrimary.port(), realReplica.port(), ourReplica.port())) {
            call(ourPrimary.port(), "CLUSTER", "MEET", "127.0.0.1", "" + port);
        }
        for (int port : ports()) {
            await(
                    "all nodes known to " + port,
                    () -> call(port, "CLUSTER", "NODES").split("\n").length == 6
                            && call(port, "CLUSTER", "INFO").contains("cluster_state:ok"));
        }
    }

    private static RedisOracle redis() {
        String[] arguments = new String[OPTIONS.length + 2];
        System.arraycopy(OPTIONS, 0, arguments, 2, OPTIONS.length);
        arguments[0] = "--cluster-enabled";
        arguments[1] = "yes";
        return RedisOracle.start(arguments);
    }

    @AfterEach
    void end() {
        ourReplica.close();
        ourPrimary.close();
        realReplica.close();
        realPrimary.close();
    }

    private List<Integer> ports() {
        return List.of(
                ourPrimary.port(), ourReplica.port(), realPrimary.port(), realReplica.port());
    }

    private static String call(int port, String... words) {
        try (RespConnection client = RespConnection.to(port)) {
            return client.call(words);
        }
    }

    private static String id(int port) {
        return call(port, "CLUSTER", "MYID").split("\r\n")[1];
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(PATIENCE).until(() -> {
            try {
                return condition.call();
            } catch (UncheckedIOException goneForAMoment) {
                return false;
            }
        });
    }

    private void replicate() {
        assertThat(call(ourReplica.port(), "CLUSTER", "REPLICATE", id(realPrimary.port())))
                .isEqualTo("+OK\r\n");
        assertThat(call(realReplica.port(), "CLUSTER", "REPLICATE", id(ourPrimary.port())))
                .isEqualTo("+OK\r\n");
        awaitInStep(realPrimary.port(), ourReplica.port());
        awaitInStep(ourPrimary.port(), realReplica.port());
    }

    private static void awaitInStep(int primary, int replica) {
        await(
                replica + " follows " + primary,
                () -> call(replica, "INFO", "replication").contains("master_link_status:up")
                        && call(replica, "DEBUG", "DIGEST")
                                .equals(call(primary, "DEBUG", "DIGEST")));
    }

    @Test
    void shouldRefuseToReplicateAsRedisDoes() {
        int ours = ourReplica.port();
        int theirs = realReplica.port();
        assertSame(ours, theirs, "CLUSTER", "REPLICATE", "0".repeat(40));
        assertSame(ours, theirs, "CLUSTER", "REPLICATE", "unknown");
        assertSame(ours, theirs, "CLUSTER", "REPLICATE");
        assertSame(ours, theirs, "REPLICAOF", "127.0.0.1", "" + realPrimary.port());
        assertThat(call(ours, "CLUSTER", "REPLICATE", id(ours)))
                .isEqualTo(call(theirs, "CLUSTER", "REPLICATE", id(theirs)));
        assertThat(call(ourPrimary.port(), "CLUSTER", "REPLICATE", id(realPrimary.port())))
                .isEqualTo(call(realPrimary.port(), "CLUSTER", "REPLICATE", id(ourPrimary.port())));
        assertSame(ours, theirs, "CLUSTER", "REPLICAS", "unknown");
        assertSame(ours, theirs, "CLUSTER", "SLAVES", id(theirs));

        replicate();
        await(
                "the role is known",
                () -> call(ours, "CLUSTER", "NODES").contains("slave " + id(ourPrimary.port()))
                        && call(theirs, "CLUSTER", "NODES")
                                .contains("slave " + id(realPrimary.port())));
        assertThat(call(ours, "CLUSTER", "REPLICATE", id(theirs)))
                .isEqualTo(call(theirs, "CLUSTER", "REPLICATE", id(ours)));
    }

    private static void assertSame(int ours, int theirs, String... words) {
        assertThat(call(ours, words)).as(String.join(" ", words)).isEqualTo(call(theirs, words));
    }

    @Test
    void shouldServeReadersOfItsPrimaryAndSendTheOthersOn() {
        replicate();
        String low = call(ourPrimary.port(), "CLUSTER", "KEYSLOT", LOW).strip();
        String high = call(ourPrimary.port(), "CLUSTER", "KEYSLOT", HIGH).strip();
        assertThat(call(ourPrimary.port(), "SET", LOW, "low")).isEqualTo("+OK\r\n");
        assertThat(call(realPrimary.port(), "SET", HIGH, "high")).isEqualTo("+OK\r\n");
        awaitInStep(realPrimary.port(), ourReplica.port());
        String toReal = "-MOVED " + high.substring(1) + " 127.0.0.1:" + realPrimary.port() + "\r\n";
        String toOurs = "-MOVED " + low.substring(1) + " 127.0.0.1:" + ourPrimary.port() + "\r\n";

        try (RespConnection client = ourReplica.connect()) {
            assertThat(client.call("GET", HIGH)).isEqualTo(toReal);
            assertThat(client.call("READONLY")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", HIGH)).isEqualTo("$4\r\nhigh\r\n");
            assertThat(client.call("GET", LOW)).isEqualTo(toOurs);
            assertThat(client.call("SET", HIGH, "x")).isEqualTo(toReal);
            assertThat(client.call("MULTI")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", HIGH)).isEqualTo("+QUEUED\r\n");
            assertThat(client.call("EXEC")).isEqualTo("*1\r\n$4\r\nhigh\r\n");
            assertThat(client.call("READWRITE")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", HIGH)).isEqualTo(toReal);
        }
    }

    @Test
    void shouldShowReplicasWhoeverIsAsked() {
        replicate();
        call(ourPrimary.port(), "SET", LOW, "value");
        for (int port : ports()) {
            await("roles and slots as " + port + " tells them", () -> {
                String nodes = call(port, "CLUSTER", "NODES");
                String slots = call(port, "CLUSTER", "SLOTS");
                return nodes.contains("slave " + id(ourPrimary.port()))
                        && nodes.contains("slave " + id(realPrimary.port()))
                        && slots.contains(id(ourReplica.port()))
                        && slots.contains(id(realReplica.port()));
            });
            await(
                    "offsets as " + port + " tells them",
                    () -> call(port, "CLUSTER", "SHARDS")
                                    .split(
                                            "\\$7\r\nreplica\r\n\\$18\r\nreplication-offset\r\n:[1-9]")
                                    .length
                            == 3);
            assertThat(call(port, "CLUSTER", "REPLICAS", id(ourPrimary.port())))
                    .contains(id(realReplica.port()));
        }
    }

    @Test
    void shouldGoOnAsAReplicaAfterARestartAndFollowAMove() {
        replicate();
        ourReplica.close();
        ourReplica = TestNode.startAt(ourReplica.port(), directory.resolve("replica"), OPTIONS);
        call(realPrimary.port(), "SET", HIGH, "value");
        awaitInStep(realPrimary.port(), ourReplica.port());
        assertThat(call(ourReplica.port(), "ROLE")).contains("slave");

        TestNode second = TestNode.start(directory.resolve("second"), OPTIONS);
        try {
            call(second.port(), "CLUSTER", "MEET", "127.0.0.1", "" + realPrimary.port());
            await(
                    "the second replica begins",
                    () -> call(second.port(), "CLUSTER", "REPLICATE", id(ourPrimary.port()))
                            .equals("+OK\r\n"));
            awaitInStep(ourPrimary.port(), second.port());
            ourPrimary.close();
            ourPrimary = TestNode.start(directory.resolve("primary"), OPTIONS);
            call(ourPrimary.port(), "SET", LOW, "moved");
            awaitInStep(ourPrimary.port(), second.port());
            awaitInStep(ourPrimary.port(), realReplica.port());
        } finally {
            second.close();
        }
    }
}
