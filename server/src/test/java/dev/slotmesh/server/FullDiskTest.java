package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.persistence.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a full disk costs: log lines, never the clients. Needs the right to mount a file system of its own. */
@Timeout(60)
final class FullDiskTest {
    @Test
    void shouldServeClientsWhileTheLogCannotGrow(@TempDir Path directory) throws Exception {
        try (SmallDisk disk = SmallDisk.over(directory, "64k");
                Node node = EmbeddedNode.start(
                        directory, "--logfile", "node.log", "--loglevel", "verbose");
                RespConnection client = RespConnection.to(node.port())) {
            Path filler = disk.fill();

            for (int i = 0; i < 200; i++) {
                try (RespConnection broken = RespConnection.to(node.port())) {
                    broken.send(new byte[] {'*', 'x', '\r', '\n'});
                    assertThat(broken.readReplyText())
                            .isEqualTo("-ERR Protocol error: invalid multibulk length\r\n");
                }
            }
            assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");

            Files.delete(filler);
            node.log().warning("there is room again");
            assertThat(Files.readString(directory.resolve("node.log")))
                    .contains("there is room again");
        }
    }
}
