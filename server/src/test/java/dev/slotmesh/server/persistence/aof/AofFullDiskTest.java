package dev.slotmesh.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.persistence.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full refuses writes, and nothing else, until there is room. Needs the right to mount a file system. */
@Timeout(120)
final class AofFullDiskTest {
    @Test
    void shouldRefuseWritesUntilThereIsRoom(@TempDir Path disk) throws Exception {
        try (SmallDisk small = SmallDisk.over(disk, "256k")) {
            String digest;
            try (AofNode node = AofNode.start(disk, "--logfile", "")) {
                String value = "x".repeat(10_000);
                int written = 0;
                while (node.call("SET", "key:" + written, value).equals("+OK\r\n")) {
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
}
