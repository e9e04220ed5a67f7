package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of a node by SHUTDOWN and by signal: what is saved before it, and when it is refused or put off. */
@Timeout(120)
final class ShutdownTest {
    private static final String REFUSED = "-ERR Errors trying to SHUTDOWN. Check logs.\r\n";
    private static final String OFFSET = "master_repl_offset:";

    @TempDir
    private Path directory;

    @TempDir
    private Path elsewhere;

    private NodeProcess child(String... directives) {
        return NodeProcess.start(directory, directives);
    }

    private SavingNode start(String... directives) throws Exception {
        return SavingNode.start(directory, elsewhere.resolve("node.log"), directives);
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', SHUTDOWN, false",
        "'', SHUTDOWN SAVE, true",
        "100000 1, SHUTDOWN, true",
        "100000 1, SHUTDOWN NOSAVE, false",
    })
    void shouldSaveBeforeTheEndIfThatIsWanted(String rules, String command, boolean saved)
            throws Exception {
        try (SavingNode node = start("--save", rules)) {
            node.call("SET", "k", "v");
            try (RespConnection client = RespConnection.to(node.port())) {
                client.sendCommand(command.split(" "));
                assertThat(client.isClosedByPeer()).isTrue();
            }
            node.node().awaitStop();
        }

        assertThat(files()).isEqualTo(saved ? List.of("dump.rdb") : List.of());
        try (SavingNode again = start()) {
            assertThat(again.call("GET", "k")).isEqualTo(saved ? "$1\r\nv\r\n" : "$-1\r\n");
        }
    }

    @Test
    void shouldSaveOnSigterm() throws Exception {
        try (NodeProcess child = child("--save", "100000 1");
                RespConnection client = RespConnection.to(child.port())) {
            client.call("SET", "k", "v");

            child.terminate();

            assertThat(child.awaitEnd()).isZero();
            assertThat(child.log())
                    .contains("Received SIGTERM scheduling shutdown...")
                    .contains("Saving the final RDB snapshot before exiting.")
                    .contains("DB saved on disk")
                    .contains("is now ready to exit, bye bye...");
        }
        try (SavingNode again = start()) {
            assertThat(again.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
        }
    }

    /** Without its first base an append-only file holds nothing of what was there when it was switched on. */
    @Test
    void shouldGoOnWhileTheAppendOnlyFileIsBegunUnlessForced() throws Exception {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection theirs = redis.connect();
                NodeProcess child = child();
                RespConnection client = RespConnection.to(child.port())) {
            for (RespConnection each : List.of(theirs, client)) {
                each.call("CONFIG", "SET", "rdb-key-save-delay", "10000000");
                each.call("SET", "k", "v");
                each.call("SET", "l", "w");
                assertThat(each.call("CONFIG", "SET", "appendonly", "yes")).isEqualTo("+OK\r\n");
                assertThat(each.call("SHUTDOWN")).isEqualTo(REFUSED);
                assertThat(each.call("SET", "k", "v")).isEqualTo("+OK\r\n");
            }
            assertThat(child.log()).contains("Writing initial AOF, can't exit.");

            client.sendCommand("SHUTDOWN", "FORCE");
            assertThat(child.awaitEnd()).isZero();
            assertThat(child.log()).contains("Writing initial AOF. Exit anyway.");
        }
    }

    @Test
    void shouldGoOnWhenItCannotSaveUnlessForced() throws Exception {
        Path gone = Files.createDirectory(elsewhere.resolve("theirs"));
        try (RedisOracle redis = RedisOracle.start("--dir", gone.toString());
                RespConnection theirs = redis.connect();
                NodeProcess child = child();
                RespConnection client = RespConnection.to(child.port())) {
            Files.delete(directory);
            Files.delete(gone);

            assertThat(theirs.call("SHUTDOWN", "SAVE")).isEqualTo(REFUSED);
            assertThat(client.call("SHUTDOWN", "SAVE")).isEqualTo(REFUSED);
            assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");
            assertThat(child.log())
                    .contains("Error trying to save the DB, can't exit.")
                    .contains("Errors trying to shut down the server.");

            client.sendCommand("SHUTDOWN", "SAVE", "FORCE");
            assertThat(child.awaitEnd()).isZero();
            assertThat(child.log()).contains("Error trying to save the DB. Exit anyway.");
        }
        Files.createDirectory(directory);
    }

    @Test
    void shouldWaitForAReplicaAndBeAborted() throws Exception {
        try (SavingNode node = start("--shutdown-timeout", "600");
                RespConnection replica = replicaOf(node.port());
                RespConnection asking = RespConnection.to(node.port());
                RespConnection writing = RespConnection.to(node.port())) {
            node.call("SET", "k", "v");
            asking.sendCommand("SHUTDOWN");
            Awaitility.await()
                    .atMost(SavingNode.PATIENCE)
                    .until(() -> node.log().contains("Waiting for replicas before shutting down."));
            writing.sendCommand("SET", "k", "w");
            assertThat(node.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
            assertThat(node.call("INFO", "server")).contains("shutdown_in_milliseconds:");

            assertThat(node.call("SHUTDOWN", "ABORT")).isEqualTo("+OK\r\n");

            assertThat(asking.readReplyText()).isEqualTo(REFUSED);
            assertThat(writing.readReplyText()).isEqualTo("+OK\r\n");
            assertThat(node.call("SHUTDOWN", "ABORT"))
                    .isEqualTo("-ERR No shutdown in progress.\r\n");
            assertThat(replica.localPort()).isPositive();
        }
    }

    @Test
    void shouldEndOnceTheReplicaHasEverything() throws Exception {
        try (SavingNode node = start("--shutdown-timeout", "600");
                RedisOracle redis = RedisOracle.start("--replicaof", "127.0.0.1 " + node.port());
                RespConnection theirs = redis.connect()) {
            Awaitility.await()
                    .atMost(SavingNode.PATIENCE)
                    .until(() ->
                            theirs.call("INFO", "replication").contains("master_link_status:up"));
            node.call("SET", "k", "v");
            try (RespConnection asking = RespConnection.to(node.port())) {
                asking.sendCommand("SHUTDOWN");
                assertThat(asking.isClosedByPeer()).isTrue();
            }

            node.node().awaitStop();
            assertThat(theirs.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
            assertThat(node.log()).contains("1 of 1 replicas are in sync when shutting down.");
        }
    }

    @ParameterizedTest
    @CsvSource({"600, SHUTDOWN NOW", "0, SHUTDOWN", "1, SHUTDOWN"})
    void shouldNotWaitForAReplicaForEver(String timeout, String command) throws Exception {
        try (SavingNode node = start("--shutdown-timeout", timeout);
                RespConnection replica = replicaOf(node.port())) {
            node.call("SET", "k", "v");
            try (RespConnection asking = RespConnection.to(node.port())) {
                asking.sendCommand(command.split(" "));
                assertThat(asking.isClosedByPeer()).isTrue();
            }
            node.node().awaitStop();

            assertThat(node.log()).contains("0 of 1 replicas are in sync when shutting down.");
            assertThat(replica.localPort()).isPositive();
        }
    }

    @Test
    void shouldWaitForAReplicaOnSigterm() throws Exception {
        try (NodeProcess child = child("--shutdown-timeout", "600", "--save", "100000 1");
                RespConnection replica = replicaOf(child.port());
                RespConnection client = RespConnection.to(child.port());
                RespConnection writing = RespConnection.to(child.port())) {
            client.call("SET", "k", "v");

            child.terminate();

            Awaitility.await()
                    .atMost(SavingNode.PATIENCE)
                    .until(() ->
                            child.log().contains("Waiting for replicas before shutting down."));
            writing.sendCommand("SET", "k", "w");
            assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
            replica.sendCommand("REPLCONF", "ACK", offset(client.call("INFO", "replication")));
            assertThat(child.awaitEnd()).isZero();
            assertThat(child.log())
                    .contains("Received SIGTERM scheduling shutdown...")
                    .contains("1 of 1 replicas are in sync when shutting down.")
                    .contains("DB saved on disk");
        }
        try (SavingNode again = start()) {
            assertThat(again.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
        }
    }

    private static String offset(String replication) {
        return replication
                .lines()
                .filter(line -> line.startsWith(OFFSET))
                .map(line -> line.substring(OFFSET.length()))
                .findFirst()
                .orElseThrow();
    }

    /** A replica that takes the stream and does not say by itself what it has. */
    private static RespConnection replicaOf(int port) {
        RespConnection replica = RespConnection.to(port);
        replica.call("REPLCONF", "capa", "eof", "capa", "psync2");
        replica.sendCommand("PSYNC", "?", "-1");
        try (RespConnection client = RespConnection.to(port)) {
            Awaitility.await()
                    .atMost(SavingNode.PATIENCE)
                    .until(() -> client.call("INFO", "replication").contains("connected_slaves:1"));
        }
        return replica;
    }
}
