package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a full disk costs: log lines, never the clients. Needs the right to mount a file system of its own. */
@Timeout(60)
final class FullDiskTest {
    @Test
    void shouldServeClientsWhileTheLogCannotGrow(@TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory.toString()) == 0,
                "may not mount a small disk");
        try (Node node = Node.start(
                        Configuration.of(
                                "--port",
                                "" + RedisOracle.freePort(),
                                "--bind",
                                "127.0.0.1",
                                "--dir",
                                directory.toString(),
                                "--save",
                                "",
                                "--logfile",
                                "node.log",
                                "--loglevel",
                                "verbose"),
                        new NodeLog(""));
                RespConnection client = RespConnection.to(node.port())) {
            fill(directory.resolve("filler"));

            for (int i = 0; i < 200; i++) {
                try (RespConnection broken = RespConnection.to(node.port())) {
                    broken.send(new byte[] {'*', 'x', '\r', '\n'});
                    assertThat(broken.readReplyText())
                            .isEqualTo("-ERR Protocol error: invalid multibulk length\r\n");
                }
            }
            assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");

            Files.delete(directory.resolve("filler"));
            node.log().warning("there is room again");
            assertThat(Files.readString(directory.resolve("node.log")))
                    .contains("there is room again");
        } finally {
            assertThat(run("umount", "-l", directory.toString())).isZero();
        }
    }

    private static void fill(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 1000; i++) {
                out.write(new byte[512]);
            }
            throw new AssertionError("the disk is larger than asked for");
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }

    private static int run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException missing) {
            return -1;
        }
    }
}
