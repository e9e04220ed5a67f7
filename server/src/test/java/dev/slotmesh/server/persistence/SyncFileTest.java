package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a full resync leaves on a replica's disk. */
@Timeout(120)
final class SyncFileTest {
    @TempDir
    private Path directory;

    @TempDir
    private Path elsewhere;

    @ParameterizedTest
    @CsvSource({"yes, '', false", "no, '', true", "yes, 100000 1, true"})
    void shouldKeepTheFileReceivedUnlessNothingIsToBeKept(String delete, String rules, boolean kept)
            throws Exception {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection theirs = redis.connect()) {
            theirs.call("SET", "k", "v");
            try (SavingNode node = SavingNode.start(
                    directory,
                    elsewhere.resolve("node.log"),
                    "--replicaof",
                    "127.0.0.1",
                    "" + redis.port(),
                    "--repl-diskless-load",
                    "disabled",
                    "--rdb-del-sync-files",
                    delete,
                    "--save",
                    rules)) {
                Awaitility.await()
                        .atMost(SavingNode.PATIENCE)
                        .until(() ->
                                node.call("INFO", "replication").contains("master_link_status:up"));

                assertThat(node.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
                assertThat(directory.resolve("dump.rdb").toFile().exists()).isEqualTo(kept);
            }
        }
    }
}
