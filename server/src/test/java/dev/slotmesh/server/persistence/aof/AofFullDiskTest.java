package dev.slotmesh.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ServerProcess;
import dev.slotmesh.server.persistence.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, and what that costs under each policy. Needs the right to mount a file system. */
@Timeout(120)
final class AofFullDiskTest {
    private static final String VALUE = "x".repeat(10_000);

    @Test
    void shouldRefuseWritesUntilThereIsRoom(@TempDir Path disk) throws Exception {
        try (SmallDisk small = SmallDisk.over(disk, "256k")) {
            String digest;
            try (AofNode node = AofNode.start(disk, "--logfile", "")) {
                int written = 0;
                while (node.call("SET", "key:" + written, VALUE).equals("+OK\r\n")) {
                    written++;
                    assertThat(written).as("writes to a disk of 256 KiB").isLessThan(100);
                }
                assertThat(node.call("SET", "k", "v"))
                        .startsWith("-MISCONF Errors writing to the AOF file: ");
                assertThat(node.call("PING")).startsWith("-MISCONF");
                assertThat(node.call("GET", "key:0")).startsWith("$10000");
                assertThat(node.field("aof_last_write_status")).isEqualTo("err");

                small.resize("4m");

                Awaitility.await()
                        .atMost(AofNode.PATIENCE)
                        .until(() -> node.call("SET", "k", "v").equals("+OK\r\n"));
                assertThat(node.field("aof_last_write_status")).isEqualTo("ok");
                digest = node.digest();
            }
            try (AofNode node = AofNode.start(disk, "--logfile", "")) {
                assertThat(node.digest()).isEqualTo(digest);
            }
            assertThat(Files.exists(disk.resolve("appendonlydir"))).isTrue();
        }
    }

    /** Nothing is answered that is not on the disk, and the process ends. */
    @Test
    void shouldEndAsRedisDoesRatherThanBreakThePromiseOfAlways(@TempDir Path disk) {
        String[] directives = {
            "--dir", disk.toString(), "--appendonly", "yes", "--appendfsync", "always"
        };
        int answered;
        List<String> lastWords;
        try (SmallDisk small = SmallDisk.over(disk, "256k");
                RedisOracle redis = RedisOracle.start(directives)) {
            Assumptions.assumeTrue(redis.isAtLeast(7, 0), "the oracle is older than Redis 7.0");
            answered = writeUntilClosed(redis);
            assertThat(redis.awaitEnd()).isEqualTo(1);
            lastWords = lastWords(redis);
            assertThat(lastWords).hasSize(2);
            assertThat(small.directory()).isNotEmptyDirectory();
        }

        try (SmallDisk small = SmallDisk.over(disk, "256k");
                NodeProcess node = NodeProcess.start(disk, directives)) {
            assertThat(writeUntilClosed(node)).isEqualTo(answered);
            assertThat(node.awaitEnd()).isEqualTo(1);
            assertThat(lastWords(node)).isEqualTo(lastWords);

            small.resize("4m");
            node.restart();
            try (RespConnection client = node.connect()) {
                assertThat(client.call("DBSIZE")).isEqualTo(":" + answered + "\r\n");
            }
            node.stop();
            try (RedisOracle redis = RedisOracle.start(directives);
                    RespConnection client = redis.connect()) {
                assertThat(client.call("DBSIZE")).isEqualTo(":" + answered + "\r\n");
            }
        }
    }

    /** How many writes were answered before the connection was closed without a word. */
    private static int writeUntilClosed(ServerProcess server) {
        try (RespConnection client = server.connect()) {
            int answered = 0;
            client.sendCommand("SET", "key:0", VALUE);
            while (!client.isClosedByPeer()) {
                assertThat(client.readReplyText()).isEqualTo("+OK\r\n");
                answered++;
                assertThat(answered).as("writes to a disk of 256 KiB").isLessThan(100);
                client.sendCommand("SET", "key:" + answered, VALUE);
            }
            return answered;
        }
    }

    /** What the log says of the failure, without times. */
    private static List<String> lastWords(ServerProcess server) {
        return server.log()
                .lines()
                .filter(line -> line.contains("AOF file:") || line.contains("AOF write error"))
                .map(line -> line.substring(line.indexOf(" # ")))
                .toList();
    }
}
