package dev.slotmesh.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file is switched on and off, and rewritten, while others do the same or the disk does not take it. */
@Timeout(180)
final class SwitchingTest {
    private static final int ROUNDS = 150;

    @TempDir
    private Path directory;

    @Test
    void shouldSwitchBesideTransactionsThatConfigure() throws Exception {
        try (AofNode node = AofNode.start(directory);
                RespConnection switching = RespConnection.to(node.port());
                RespConnection transacting = RespConnection.to(node.port())) {
            CompletableFuture<Void> switched = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    String wanted = i % 2 == 0 ? "no" : "yes";
                    switching.call("CONFIG", "SET", "appendonly", wanted);
                }
            });
            CompletableFuture<Void> transacted = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    transacting.call("MULTI");
                    transacting.call("CONFIG", "SET", "maxmemory-samples", "5");
                    transacting.call("CONFIG", "SET", "appendonly", i % 2 == 0 ? "yes" : "no");
                    transacting.call("BGREWRITEAOF");
                    transacting.call("EXEC");
                }
            });

            CompletableFuture.allOf(switched, transacted).get(60, TimeUnit.SECONDS);
            node.call("CONFIG", "SET", "appendonly", "yes");
            // It is on for good when a rewrite has ended well that nobody gives up any more.
            Awaitility.await()
                    .atMost(AofNode.PATIENCE)
                    .until(() -> node.call("BGREWRITEAOF").endsWith("rewriting started\r\n"));
            node.awaitField("aof_rewrite_in_progress", "0");
            assertThat(node.field("aof_last_bgrewrite_status")).isEqualTo("ok");
            node.call("SET", "last", "value");
        }

        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.call("GET", "last")).isEqualTo("$5\r\nvalue\r\n");
        }
    }

    @Test
    void shouldTryAgainWhenTheFirstRewriteCannotBegin() throws Exception {
        try (AofNode node = AofNode.start(directory, "--appendonly", "no")) {
            node.call("SET", "k", "v");
            node.call("CONFIG", "SET", "rdb-key-save-delay", "10000000");
            node.call("BGSAVE");
            node.awaitField("rdb_bgsave_in_progress", "1");
            assertThat(node.call("CONFIG", "SET", "appendonly", "yes")).isEqualTo("+OK\r\n");
            Path obstacle = Files.createFile(directory.resolve("appendonlydir"));
            node.call("CONFIG", "SET", "rdb-key-save-delay", "0");
            node.call("FLUSHALL");
            node.call("SET", "k", "w");
            node.awaitField("aof_last_bgrewrite_status", "err");

            Files.delete(obstacle);

            // Three failures in a row hold it back for a minute.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(100))
                    .until(() -> Files.exists(
                            directory.resolve("appendonlydir/appendonly.aof.manifest")));
        }

        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.call("GET", "k")).isEqualTo("$1\r\nw\r\n");
        }
    }
}
