package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ToolRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines of hash fields in the files of a node: kept by its own restarts, in nobody's way elsewhere. */
@Timeout(120)
final class FieldDeadlineFilesTest {
    private static final String FILE = "dump.rdb";
    private static final int MANY = 20_000;
    private static final String SOON = "3000000000000";
    private static final String LATER = "4000000000000";

    @TempDir
    private Path directory;

    @Test
    void shouldKeepThemOverReloadAndRestart() throws Exception {
        try (SavingNode node = start()) {
            fill(node);
            node.call("HPEXPIRE", "short", "1", "FIELDS", "1", "f");
            assertThat(node.call("DEBUG", "RELOAD")).isEqualTo("+OK\r\n");
            assertKept(node);
            assertThat(node.call("SAVE")).isEqualTo("+OK\r\n");
        }
        try (SavingNode node = start()) {
            assertKept(node);
            assertThat(node.call("HPERSIST", "small", "FIELDS", "1", "f"))
                    .isEqualTo("*1\r\n:1\r\n");
            assertThat(node.call("DEBUG", "RELOAD")).isEqualTo("+OK\r\n");
            assertThat(deadlines(node, "small"))
                    .isEqualTo("*3\r\n:-1\r\n:" + LATER + "\r\n:-1\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void shouldKeepThemInTheBaseOfAnAppendOnlyFile(String rdb) throws Exception {
        String[] directives = {"--appendonly", "yes", "--aof-use-rdb-preamble", rdb};
        try (SavingNode node = start(directives)) {
            fill(node);
            assertThat(node.call("BGREWRITEAOF")).startsWith("+Background");
            Awaitility.await()
                    .atMost(SavingNode.PATIENCE)
                    .until(() -> node.field("aof_rewrites").equals("1")
                            && node.field("aof_rewrite_in_progress").equals("0"));
            node.call("HPEXPIREAT", "small", LATER, "FIELDS", "1", "h");
        }
        try (SavingNode node = start(directives)) {
            assertThat(deadlines(node, "small"))
                    .isEqualTo("*3\r\n:" + SOON + "\r\n:" + LATER + "\r\n:" + LATER + "\r\n");
            node.call("HPERSIST", "small", "FIELDS", "1", "h");
            assertKept(node);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void shouldWriteWhatRedisLoadsWithoutThem(String compressing) throws Exception {
        try (RedisOracle redis = RedisOracle.start("--enable-debug-command", "yes")) {
            Assumptions.assumeTrue(redis.isAtLeast(7, 0));
            redis.kill();
            try (SavingNode node = start("--rdbcompression", compressing)) {
                try (RespConnection client = RespConnection.to(node.port())) {
                    EveryEncoding.fill(client);
                }
                fill(node);
                assertThat(node.call("SAVE")).isEqualTo("+OK\r\n");
                Files.copy(directory.resolve(FILE), redis.directory().resolve(FILE));

                redis.restart();

                try (RespConnection theirs = redis.connect()) {
                    assertThat(theirs.call("DEBUG", "DIGEST"))
                            .isEqualTo(node.call("DEBUG", "DIGEST"));
                    assertThat(theirs.call("HGETALL", "single"))
                            .isEqualTo(node.call("HGETALL", "single"));
                }
            }
        }
        assertThat(ToolRun.ofRedis("redis-check-rdb", directory.resolve(FILE).toString())
                        .output())
                .contains("RDB looks OK!")
                .doesNotContain("\0");
    }

    /** The deadline was to come when it was written, and was taken away before it passed. */
    @Test
    void shouldKeepWhatWasPersistedInTimeWhenAnAppendOnlyFileIsReadLate() throws Exception {
        Files.writeString(
                directory.resolve("appendonly.aof"),
                command("SELECT 0")
                        + command("HSET hash f v g w")
                        + command("HPEXPIREAT hash 1 FIELDS 2 f g")
                        + command("HPERSIST hash FIELDS 1 f")
                        + command("HSETEX hash PXAT 1 FIELDS 1 h x")
                        + command("HPERSIST hash FIELDS 1 h"));

        try (SavingNode node = start("--appendonly", "yes")) {
            assertThat(deadlines(node, "hash")).isEqualTo("*3\r\n:-1\r\n:-2\r\n:-1\r\n");
        }
    }

    private static String command(String line) {
        String[] words = line.split(" ");
        return Stream.of(words)
                .map(word -> "$" + word.length() + "\r\n" + word + "\r\n")
                .collect(Collectors.joining("", "*" + words.length + "\r\n", ""));
    }

    private SavingNode start(String... directives) throws Exception {
        Path log = directory.resolve("node.log");
        return SavingNode.start(directory, log, directives);
    }

    private static void fill(SavingNode node) {
        for (int i = 0; i < MANY; i++) {
            node.call("HSET", "big", "f" + i, "v");
        }
        for (int i = 0; i < MANY; i += 10) {
            node.call(
                    "HPEXPIREAT",
                    "big",
                    LATER.substring(0, 8) + (10_000 + i),
                    "FIELDS",
                    "1",
                    "f" + i);
        }
        node.call("HSET", "small", "f", "v", "g", "12", "h", "");
        node.call("HPEXPIREAT", "small", SOON, "FIELDS", "1", "f");
        node.call("HPEXPIREAT", "small", LATER, "FIELDS", "1", "g");
        node.call("PEXPIREAT", "small", LATER);
        node.call("HSET", "single", "f", "v");
        node.call("HPEXPIREAT", "single", SOON, "FIELDS", "1", "f");
        node.call("HSET", "short", "f", "v", "g", "w");
    }

    private static void assertKept(SavingNode node) {
        assertThat(deadlines(node, "small"))
                .isEqualTo("*3\r\n:" + SOON + "\r\n:" + LATER + "\r\n:-1\r\n");
        assertThat(deadlines(node, "single")).isEqualTo("*3\r\n:" + SOON + "\r\n:-2\r\n:-2\r\n");
        for (int i = 0; i < MANY; i += 5) {
            String deadline = i % 10 == 0 ? LATER.substring(0, 8) + (10_000 + i) : "-1";
            assertThat(node.call("HPEXPIRETIME", "big", "FIELDS", "1", "f" + i))
                    .as("f%d", i)
                    .isEqualTo("*1\r\n:" + deadline + "\r\n");
        }
        assertThat(node.call("HLEN", "big")).isEqualTo(":" + MANY + "\r\n");
        assertThat(node.call("PEXPIRETIME", "small")).isEqualTo(":" + LATER + "\r\n");
    }

    private static String deadlines(SavingNode node, String key) {
        return node.call("HPEXPIRETIME", key, "FIELDS", "3", "f", "g", "h");
    }
}
