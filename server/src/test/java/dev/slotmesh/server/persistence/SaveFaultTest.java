package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Saves that cannot succeed: the file before them stays whole, nothing is left beside it, and clients learn of it. */
@Timeout(120)
final class SaveFaultTest {
    @TempDir
    private Path directory;

    @TempDir
    private Path elsewhere;

    private SavingNode start(String... directives) throws Exception {
        return SavingNode.start(directory, elsewhere.resolve("node.log"), directives);
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void failToSave(RespConnection client) {
        client.call("BGSAVE");
        Awaitility.await()
                .atMost(SavingNode.PATIENCE)
                .until(() ->
                        client.call("INFO", "persistence").contains("rdb_last_bgsave_status:err"));
    }

    @Test
    void shouldRefuseWritesWithoutADirectoryAsRedisDoes() throws Exception {
        Path theirDirectory = Files.createDirectory(elsewhere.resolve("theirs"));
        try (RedisOracle redis = RedisOracle.start(
                        "--dir", theirDirectory.toString(), "--save", "100000 1");
                SavingNode node = start("--save", "100000 1");
                RespConnection theirs = redis.connect();
                RespConnection ours = RespConnection.to(node.port())) {
            ours.call("SET", "k", "v");
            theirs.call("SET", "k", "v");
            Files.delete(directory);
            Files.delete(theirDirectory);

            failToSave(ours);
            failToSave(theirs);

            for (String line : List.of(
                    "SET k w",
                    "DEL k",
                    "PING",
                    "GET k",
                    "SAVE",
                    "MULTI",
                    "SET k w",
                    "EXEC",
                    "MULTI",
                    "GET k",
                    "EXEC",
                    "CONFIG SET stop-writes-on-bgsave-error no",
                    "SET k w",
                    "CONFIG SET stop-writes-on-bgsave-error yes",
                    "SET k w",
                    "CONFIG SET save \"\"",
                    "SET k x")) {
                String[] words = line.replace("\"\"", "").split(" ", -1);
                assertThat(ours.call(words)).as(line).isEqualTo(theirs.call(words));
            }
            assertThat(node.log())
                    .contains("Failed opening the temp RDB file temp-")
                    .contains("No such file or directory", "Background saving error");

            Files.createDirectory(directory);
            ours.call("CONFIG", "SET", "save", "100000 1");
            assertThat(ours.call("SET", "k", "w")).startsWith("-MISCONF");
            ours.call("BGSAVE");
            node.await("rdb_last_bgsave_status", "ok");
            assertThat(ours.call("SET", "k", "w")).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void shouldKeepTheFileWhenTheDiskIsFull() throws Exception {
        try (SmallDisk disk = SmallDisk.over(directory, "512k");
                SavingNode node = start("--rdbcompression", "no");
                RespConnection client = RespConnection.to(node.port())) {
            node.call("SET", "k", "v");
            node.call("SAVE");
            Path file = disk.directory().resolve("dump.rdb");
            byte[] before = Files.readAllBytes(file);
            node.call("DEBUG", "POPULATE", "10000", "key", "100");

            failToSave(client);
            assertThat(client.call("SAVE")).isEqualTo("-ERR\r\n");

            assertThat(files()).containsExactly("dump.rdb");
            assertThat(file).hasBinaryContent(before);
            assertThat(node.log())
                    .contains("Write error saving DB on disk: No space left on device");
            node.call("FLUSHALL");
            assertThat(node.call("SAVE")).isEqualTo("+OK\r\n");
            assertThat(node.field("rdb_last_bgsave_status")).isEqualTo("ok");
        }
    }

    @Test
    void shouldKeepTheFileOnADiskThatBecameReadOnly() throws Exception {
        try (SmallDisk disk = SmallDisk.over(directory, "1m");
                SavingNode node = start();
                RespConnection client = RespConnection.to(node.port())) {
            node.call("SET", "k", "v");
            node.call("SAVE");
            byte[] before = Files.readAllBytes(directory.resolve("dump.rdb"));
            disk.makeReadOnly();

            failToSave(client);

            assertThat(client.call("SAVE")).isEqualTo("-ERR\r\n");
            assertThat(directory.resolve("dump.rdb")).hasBinaryContent(before);
            assertThat(node.log()).contains("Read-only file system");
        }
    }

    @Test
    void shouldKeepTheFileOfAProcessThatIsKilledInTheMiddle() throws Exception {
        byte[] before;
        try (NodeProcess child = NodeProcess.start(directory, "--enable-debug-command", "yes");
                RespConnection client = RespConnection.to(child.port())) {
            client.call("SET", "k", "v");
            client.call("SAVE");
            before = Files.readAllBytes(directory.resolve("dump.rdb"));
            client.call("DEBUG", "POPULATE", "100000");
            client.call("CONFIG", "SET", "rdb-key-save-delay", "1000");
            client.call("BGSAVE");
            Awaitility.await()
                    .atMost(SavingNode.PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> files().size() == 2);

            child.kill();
        }

        assertThat(files()).hasSize(2).contains("dump.rdb");
        assertThat(directory.resolve("dump.rdb")).hasBinaryContent(before);
        try (SavingNode again = start()) {
            assertThat(again.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
            assertThat(again.call("DBSIZE")).isEqualTo(":1\r\n");
            assertThat(files()).containsExactly("dump.rdb");
            assertThat(again.log()).contains("which an earlier process had begun to save");
        }
    }
}
