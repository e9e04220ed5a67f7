package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Saves by command, by rule and by FLUSHALL: what they answer, write and tell. */
@Timeout(120)
final class SaveTest {
    @TempDir
    private Path directory;

    @TempDir
    private Path elsewhere;

    private Path log;

    @BeforeEach
    void name() {
        log = elsewhere.resolve("node.log");
    }

    private SavingNode start(String... directives) throws Exception {
        return SavingNode.start(directory, log, directives);
    }

    @Test
    void shouldAnswerAsRedisDoes() throws Exception {
        try (RedisOracle redis = RedisOracle.start("--enable-debug-command", "yes");
                SavingNode node = start();
                RespConnection theirs = redis.connect()) {
            List<String> lines = List.of(
                    "SAVE x",
                    "LASTSAVE x",
                    "BGSAVE x",
                    "BGSAVE SCHEDULE x",
                    "SAVE",
                    "DEBUG POPULATE 300",
                    "CONFIG SET rdb-key-save-delay 30000",
                    "BGSAVE",
                    "BGSAVE",
                    "BGSAVE SCHEDULE",
                    "SAVE",
                    "MULTI",
                    "SAVE",
                    "MULTI",
                    "BGSAVE",
                    "EXEC",
                    "FLUSHALL",
                    "DEBUG POPULATE",
                    "DEBUG POPULATE x",
                    "DEBUG POPULATE -1",
                    "DEBUG POPULATE 3 ab 0",
                    "GET ab:2",
                    "DEBUG POPULATE 2 y 3",
                    "GET y:1",
                    "DEBUG POPULATE 5 y 3",
                    "DBSIZE",
                    "CONFIG SET save 900",
                    "CONFIG SET save -1",
                    "CONFIG GET save",
                    "CONFIG SET dbfilename a/b",
                    "CONFIG SET dir /no/such/directory");
            for (String line : lines) {
                assertThat(answer(node::call, line)).as(line).isEqualTo(answer(theirs::call, line));
            }
        }
    }

    private static String answer(Function<String[], String> server, String line) {
        return server.apply(line.split(" "));
    }

    @Test
    void shouldWriteInTheBackgroundWhatAnotherNodeLoads() throws Exception {
        String digest;
        try (SavingNode node = start()) {
            node.call("SET", "a", "1");
            node.call("RPUSH", "l", "x", "y");
            assertThat(node.field("rdb_changes_since_last_save")).isEqualTo("3");
            digest = node.call("DEBUG", "DIGEST");

            assertThat(node.call("BGSAVE")).isEqualTo("+Background saving started\r\n");
            node.awaitSaved();

            assertThat(node.field("rdb_changes_since_last_save")).isEqualTo("0");
            assertThat(node.field("rdb_last_bgsave_status")).isEqualTo("ok");
            assertThat(node.field("rdb_saves")).isEqualTo("1");
            assertThat(node.log())
                    .contains("Background saving started", "DB saved on disk")
                    .contains("Background saving terminated with success");
        }
        assertThat(files()).containsExactly("dump.rdb");
        try (SavingNode again = start()) {
            assertThat(again.call("DEBUG", "DIGEST")).isEqualTo(digest);
        }
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldTellHowFarASaveIs() throws Exception {
        try (SavingNode node = start("--rdb-key-save-delay", "2000")) {
            node.call("DEBUG", "POPULATE", "1000");

            node.call("BGSAVE");
            node.await("current_save_keys_total", "1000");
            Awaitility.await()
                    .atMost(SavingNode.PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> Long.parseLong(node.field("current_save_keys_processed")) > 0);

            assertThat(node.field("rdb_bgsave_in_progress")).isEqualTo("1");
            assertThat(Double.parseDouble(node.field("current_fork_perc"))).isBetween(0.01, 100.0);
            assertThat(node.field("rdb_current_bgsave_time_sec")).isNotEqualTo("-1");
            node.awaitSaved();
            assertThat(node.field("current_save_keys_total")).isEqualTo("0");
            assertThat(node.field("rdb_current_bgsave_time_sec")).isEqualTo("-1");
        }
    }

    @Test
    void shouldSaveWhenARuleSaysSo() throws Exception {
        try (SavingNode node = start("--save", "3600 1 1 3")) {
            node.call("SET", "a", "1");
            node.call("SET", "b", "1");
            node.call("SET", "c", "1");

            Awaitility.await()
                    .atMost(SavingNode.PATIENCE)
                    .until(() -> Files.exists(directory.resolve("dump.rdb")));

            node.awaitSaved();
            assertThat(node.log()).contains("3 changes in 1 seconds. Saving...");
            assertThat(node.field("rdb_changes_since_last_save")).isEqualTo("0");
        }
    }

    @Test
    void shouldSaveLaterWhatIsWantedInATransaction() throws Exception {
        try (SavingNode node = start()) {
            node.call("MULTI");
            node.call("BGSAVE");

            assertThat(node.call("EXEC")).isEqualTo("*1\r\n+Background saving scheduled\r\n");

            node.await("rdb_saves", "1");
            node.awaitSaved();
            assertThat(files()).containsExactly("dump.rdb");
        }
    }

    @Test
    void shouldGiveUpASaveAndEmptyTheFileByFlushAll() throws Exception {
        try (SavingNode node = start("--save", "100000 1", "--rdb-key-save-delay", "100000")) {
            node.call("DEBUG", "POPULATE", "1000");
            node.call("BGSAVE");
            node.await("current_save_keys_total", "1000");

            assertThat(node.call("FLUSHALL")).isEqualTo("+OK\r\n");

            node.awaitSaved();
            assertThat(node.field("rdb_last_bgsave_status")).isEqualTo("ok");
            assertThat(files()).containsExactly("dump.rdb");
            assertThat(node.log()).contains("Background saving cancelled");
        }
        try (SavingNode again = start()) {
            assertThat(again.call("DBSIZE")).isEqualTo(":0\r\n");
        }
    }

    @Test
    void shouldKeepAFileThatRulesDoNotAskForWhenAllIsFlushed() throws Exception {
        try (SavingNode node = start()) {
            node.call("SET", "a", "1");
            node.call("SAVE");
            node.call("FLUSHALL");
        }
        try (SavingNode again = start()) {
            assertThat(again.call("DBSIZE")).isEqualTo(":1\r\n");
        }
    }

    @Test
    void shouldTakeTheSameFormAsTheDirectivesSay() throws Exception {
        try (SavingNode node = start(
                "--rdbcompression",
                "no",
                "--rdbchecksum",
                "no",
                "--enable-protected-configs",
                "yes")) {
            node.call("SET", "a", "x".repeat(1000));
            node.call("SAVE");
            byte[] plain = Files.readAllBytes(directory.resolve("dump.rdb"));
            assertThat(plain.length).isGreaterThan(1000);
            assertThat(plain).endsWith(new byte[Long.BYTES]);

            node.call("CONFIG", "SET", "rdbcompression", "yes", "dbfilename", "other.rdb");
            node.call("SAVE");

            byte[] packed = Files.readAllBytes(directory.resolve("other.rdb"));
            assertThat(packed.length).isLessThan(300);
            assertThat(packed).endsWith(new byte[Long.BYTES]);
        }
        try (SavingNode node = start()) {
            node.call("SAVE");

            byte[] summed = Files.readAllBytes(directory.resolve("dump.rdb"));
            assertThat(summed[summed.length - 1] | summed[summed.length - 2]).isNotZero();
        }
    }
}
