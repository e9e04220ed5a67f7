package dev.slotmesh.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RespConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept and found again, with one node at a time. */
@Timeout(120)
final class AppendOnlyFileTest {
    private static final String FIRST_INCREMENT = "appendonlydir/appendonly.aof.1.incr.aof";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"always", "everysec", "no"})
    void shouldFindEverythingAgainAfterARestart(String policy) throws Exception {
        String digest;
        try (AofNode node = AofNode.start(directory, "--appendfsync", policy)) {
            fill(node);
            node.call("MULTI");
            node.call("SELECT", "3");
            node.call("SET", "other", "database");
            node.call("EXEC");
            digest = node.digest();
        }

        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
            assertThat(node.call("SET", "more", "1")).isEqualTo("+OK\r\n");
            digest = node.digest();
        }

        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
            assertThat(AofNode.files(directory))
                    .containsOnlyKeys(
                            "appendonly.aof.1.base.rdb",
                            "appendonly.aof.1.incr.aof",
                            "appendonly.aof.manifest");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void shouldRewriteIntoABaseOfEitherForm(String preamble) throws Exception {
        String suffix = preamble.equals("yes") ? "rdb" : "aof";
        String digest;
        String streams;
        try (AofNode node = AofNode.start(directory, "--aof-use-rdb-preamble", preamble)) {
            fill(node);
            node.rewrite();
            node.call("RPUSH", "list", "after");
            digest = node.digest();
            streams = streams(node);
            Awaitility.await()
                    .atMost(AofNode.PATIENCE)
                    .until(() -> AofNode.files(directory).size() == 3);
        }

        Map<String, Long> files = AofNode.files(directory);
        assertThat(files)
                .containsOnlyKeys(
                        "appendonly.aof.2.base." + suffix,
                        "appendonly.aof.2.incr.aof",
                        "appendonly.aof.manifest");
        assertThat(AofNode.text(directory.resolve("appendonlydir/appendonly.aof.manifest")))
                .isEqualTo("file appendonly.aof.2.base." + suffix + " seq 2 type b\n"
                        + "file appendonly.aof.2.incr.aof seq 2 type i\n");
        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
            assertThat(streams(node)).isEqualTo(streams);
            assertThat(node.field("aof_current_size"))
                    .isEqualTo(Long.toString(files.get("appendonly.aof.2.base." + suffix)
                            + files.get("appendonly.aof.2.incr.aof")));
        }
    }

    @Test
    void shouldKeepWhatChangesDuringARewrite() throws Exception {
        String digest;
        try (AofNode node = AofNode.start(directory);
                RespConnection other = RespConnection.to(node.port())) {
            for (int i = 0; i < 2000; i++) {
                node.call("SET", "key:" + i, "before");
            }
            node.call("CONFIG", "SET", "rdb-key-save-delay", "100");
            node.call("BGREWRITEAOF");
            node.awaitField("aof_rewrite_in_progress", "1");
            for (int i = 0; i < 2000; i += 3) {
                other.call("INCR", "count");
                other.call("APPEND", "key:" + i, "after");
                other.call("DEL", "key:" + (i + 1));
            }
            node.call("CONFIG", "SET", "rdb-key-save-delay", "0");
            node.awaitField("aof_rewrite_in_progress", "0");
            assertThat(node.field("aof_last_bgrewrite_status")).isEqualTo("ok");
            digest = node.digest();
        }

        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
        }
    }

    @Test
    void shouldBeSwitchedOnAndOffWhileTheNodeRuns() throws Exception {
        String digest;
        try (AofNode node = AofNode.start(directory, "--appendonly", "no")) {
            node.call("SET", "before", "1");
            assertThat(Files.exists(directory.resolve("appendonlydir"))).isFalse();

            assertThat(node.call("CONFIG", "SET", "appendonly", "yes")).isEqualTo("+OK\r\n");
            assertThat(node.call("SET", "at once", "1")).isEqualTo("+OK\r\n");
            node.awaitField("aof_rewrite_in_progress", "0");
            node.awaitField("aof_enabled", "1");
            node.call("SET", "after", "1");
            digest = node.digest();
            assertThat(node.call("CONFIG", "SET", "appendonly", "no")).isEqualTo("+OK\r\n");
            node.call("SET", "not kept", "1");
            assertThat(node.field("aof_enabled")).isEqualTo("0");
        }

        assertThat(AofNode.files(directory))
                .containsOnlyKeys(
                        "appendonly.aof.1.base.rdb",
                        "appendonly.aof.1.incr.aof",
                        "appendonly.aof.manifest");
        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
            node.call("CONFIG", "SET", "appendonly", "no");
            node.call("SET", "k", "unseen");
            node.call("CONFIG", "SET", "appendonly", "yes");
            node.awaitField("aof_rewrites", "1");
            node.awaitField("aof_rewrite_in_progress", "0");
            digest = node.digest();
        }
        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
            assertThat(node.call("GET", "k")).isEqualTo("$6\r\nunseen\r\n");
        }
    }

    @Test
    void shouldCutOffWhateverIsUnfinishedAtTheEnd() throws Exception {
        Path file = directory.resolve(FIRST_INCREMENT);
        String[] digests = new String[4];
        long[] ends = new long[4];
        try (AofNode node = AofNode.start(directory, "--appendfsync", "always")) {
            node.call("SET", "a", "1");
            digests[0] = node.digest();
            ends[0] = Files.size(file);
            node.call("RPUSH", "list", "x\r\n", "y");
            digests[1] = node.digest();
            ends[1] = Files.size(file);
            node.call("MULTI");
            node.call("INCR", "a");
            node.call("INCR", "b");
            node.call("EXEC");
            digests[2] = node.digest();
            ends[2] = Files.size(file);
            node.call("SET", "b", "2");
            digests[3] = node.digest();
            ends[3] = Files.size(file);
        }
        byte[] whole = Files.readAllBytes(file);

        for (int length = (int) ends[0]; length <= whole.length; length += 3) {
            Files.write(file, Arrays.copyOf(whole, length));
            int last = 0;
            while (last < 3 && ends[last + 1] <= length) {
                last++;
            }

            try (AofNode node = AofNode.start(directory)) {
                assertThat(node.digest()).as("cut at %d", length).isEqualTo(digests[last]);
                assertThat(Files.size(file)).isEqualTo(ends[last]);
            }
        }
        assertThat(AofNode.text(directory.resolve("node.log")))
                .contains("Revert incomplete MULTI/EXEC transaction in AOF file")
                .contains("!!! Truncating the AOF appendonly.aof.1.incr.aof at offset " + ends[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void shouldAdoptTheSingleFileOfOlderVersions(String preamble) throws Exception {
        String digest;
        try (AofNode node = AofNode.start(directory, "--aof-use-rdb-preamble", preamble)) {
            fill(node);
            node.rewrite();
            node.call("SET", "tail", "1");
            digest = node.digest();
        }
        Path parts = directory.resolve("appendonlydir");
        String suffix = preamble.equals("yes") ? "rdb" : "aof";
        Path single = directory.resolve("appendonly.aof");
        Files.copy(parts.resolve("appendonly.aof.2.base." + suffix), single);
        Files.write(
                single,
                Files.readAllBytes(parts.resolve("appendonly.aof.2.incr.aof")),
                StandardOpenOption.APPEND);
        for (String name : AofNode.files(directory).keySet()) {
            Files.delete(parts.resolve(name));
        }
        Files.delete(parts);

        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
            assertThat(node.log()).contains("Successfully migrated an old-style AOF file");
            node.call("SET", "new", "1");
            digest = node.digest();
        }

        assertThat(Files.exists(single)).isFalse();
        assertThat(AofNode.text(parts.resolve("appendonly.aof.manifest")))
                .isEqualTo("file appendonly.aof seq 1 type b\n"
                        + "file appendonly.aof.1.incr.aof seq 1 type i\n");
        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
            node.rewrite();
            assertThat(AofNode.text(parts.resolve("appendonly.aof.manifest")))
                    .contains("file appendonly.aof.2.base.rdb seq 2 type b\n");
        }
    }

    @Test
    void shouldNoteTheTime() throws Exception {
        String digest;
        try (AofNode node = AofNode.start(directory, "--aof-timestamp-enabled", "yes")) {
            node.call("SET", "a", "1");
            node.call("MULTI");
            node.call("SET", "b", "1");
            node.call("SET", "c", "1");
            node.call("EXEC");
            digest = node.digest();
        }

        assertThat(AofNode.text(directory.resolve(FIRST_INCREMENT)))
                .matches("(?s)#TS:\\d{10}\r\n\\*2\r\n\\$6\r\nSELECT\r\n.*");
        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
        }
    }

    @Test
    void shouldKeepWhatItEvictsAsDeletions() throws Exception {
        String digest;
        long evicted;
        try (AofNode node = AofNode.start(
                directory, "--maxmemory", "2mb", "--maxmemory-policy", "allkeys-random")) {
            String value = "v".repeat(1000);
            for (int i = 0; i < 4000; i++) {
                assertThat(node.call("SET", "key:" + i, value)).isEqualTo("+OK\r\n");
            }
            node.call("CONFIG", "SET", "maxmemory", "0");
            evicted = Long.parseLong(AofNode.field(node.call("INFO", "stats"), "evicted_keys"));
            digest = node.digest();
        }

        assertThat(evicted).isGreaterThan(1000);
        assertThat(AofNode.text(directory.resolve(FIRST_INCREMENT)).split("\r\nDEL\r\n", -1))
                .hasSize((int) evicted + 1);
        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
        }
    }

    @Test
    void shouldRewriteByItselfWhenTheFileHasGrown() throws Exception {
        try (AofNode node = AofNode.start(
                directory,
                "--auto-aof-rewrite-min-size",
                "4kb",
                "--auto-aof-rewrite-percentage",
                "100")) {
            for (int i = 0; i < 200; i++) {
                node.call("SET", "k", "a value of some bytes");
            }

            node.awaitField("aof_rewrites", "1");
            node.awaitField("aof_rewrite_in_progress", "0");
            assertThat(node.log()).contains("Starting automatic rewriting of AOF on ");
        }
    }

    @Test
    void shouldReplaceTheDataSetByWhatIsKept() throws Exception {
        try (AofNode node = AofNode.start(directory)) {
            fill(node);
            String digest = node.digest();

            assertThat(node.call("DEBUG", "LOADAOF")).isEqualTo("+OK\r\n");

            assertThat(node.digest()).isEqualTo(digest);
            node.call("SET", "after", "1");
            digest = node.digest();
            node.call("DEBUG", "LOADAOF");
            assertThat(node.digest()).isEqualTo(digest);
        }
    }

    @Test
    void shouldGiveUpARewriteThatCannotBeWritten() throws Exception {
        String digest;
        try (AofNode node = AofNode.start(directory)) {
            node.call("SET", "k", "1");
            Path obstacle = directory.resolve(
                    "temp-rewriteaof-bg-" + ProcessHandle.current().pid() + ".aof");
            Files.createDirectories(obstacle.resolve("full"));
            node.call("BGREWRITEAOF");

            node.awaitField("aof_last_bgrewrite_status", "err");
            assertThat(node.field("aof_rewrites_consecutive_failures")).isEqualTo("1");
            node.call("SET", "k", "2");
            Files.delete(obstacle.resolve("full"));
            Files.deleteIfExists(obstacle);
            digest = node.digest();
        }

        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.digest()).isEqualTo(digest);
            node.rewrite();
            assertThat(node.field("aof_last_bgrewrite_status")).isEqualTo("ok");
            assertThat(node.field("aof_rewrites_consecutive_failures")).isEqualTo("0");
        }
    }

    /** A manifest of history alone and a base tells no number of an increment, and history is deleted at the start. */
    @Test
    void shouldNotWriteToAFileOfHistory() throws Exception {
        try (AofNode node = AofNode.start(directory, "--aof-disable-auto-gc", "yes")) {
            node.call("SET", "a", "1");
            node.call("CONFIG", "SET", "appendonly", "no");
            node.rewrite();
        }
        assertThat(AofNode.text(directory.resolve("appendonlydir/appendonly.aof.manifest")))
                .isEqualTo("file appendonly.aof.2.base.rdb seq 2 type b\n"
                        + "file appendonly.aof.1.incr.aof seq 1 type h\n"
                        + "file appendonly.aof.1.base.rdb seq 1 type h\n");

        try (AofNode node = AofNode.start(directory)) {
            node.call("SET", "b", "2");
        }

        assertThat(AofNode.files(directory))
                .containsOnlyKeys(
                        "appendonly.aof.2.base.rdb",
                        "appendonly.aof.2.incr.aof",
                        "appendonly.aof.manifest");
        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.call("GET", "a")).isEqualTo("$1\r\n1\r\n");
            assertThat(node.call("GET", "b")).isEqualTo("$1\r\n2\r\n");
        }
    }

    @Test
    void shouldDeleteWhatKilledProcessesHaveLeft() throws Exception {
        List<Path> left = Stream.of(
                        "temp-rewriteaof-bg-999999999.aof",
                        "temp-999999999-dump.rdb",
                        "temp-now-999999999-dump.rdb",
                        "temp-sent-999999999-dump.rdb",
                        "temp-received-999999999-dump.rdb")
                .map(directory::resolve)
                .toList();
        Path other = Files.createFile(directory.resolve("temp-999999999-other.rdb"));
        Path running = Files.createFile(directory.resolve("temp-rewriteaof-bg-1.aof"));
        for (Path file : left) {
            Files.createFile(file);
        }

        AofNode.start(directory).close();

        assertThat(left).noneMatch(Files::exists);
        assertThat(other).exists();
        assertThat(running).exists();
    }

    /** Some of every type. */
    private static void fill(AofNode node) {
        for (int i = 0; i < 300; i++) {
            String n = Integer.toString(i);
            node.call("SET", "string:" + i, "value " + i);
            node.call("RPUSH", "list", n, "text " + i);
            node.call("SADD", "numbers", n);
            node.call("SADD", "words", "word " + i);
            node.call("ZADD", "scores", i / 7.0 + "", "member " + i);
            node.call("HSET", "hash", "field " + i, n, "f" + i % 20, "a longer value " + n);
            node.call("XADD", "stream", i + 1 + "-1", "field", n, "other", "x" + n);
        }
        node.call("ZADD", "scores", "-inf", "least", "inf", "most", "1e300", "big");
        node.call("SET", "number", "-9223372036854775808");
        node.call(
                "SET", new String(new byte[] {0, -1, '\r', '\n'}, StandardCharsets.ISO_8859_1), "");
        node.call("SET", "dying", "1", "PXAT", "99999999999999");
        node.call("XGROUP", "CREATE", "stream", "group", "0");
        node.call(
                "XREADGROUP",
                "GROUP",
                "group",
                "consumer",
                "COUNT",
                "70",
                "STREAMS",
                "stream",
                ">");
        node.call("XGROUP", "CREATECONSUMER", "stream", "group", "idle one");
        node.call("XDEL", "stream", "200-1", "250-1");
        node.call("XADD", "gone", "5-5", "a", "b");
        node.call("XDEL", "gone", "5-5");
        node.call("PFADD", "count", "a", "b", "c");
    }

    private static String streams(AofNode node) {
        return (node.call("XINFO", "STREAM", "stream")
                        + node.call("XINFO", "STREAM", "gone")
                        + node.call("XINFO", "GROUPS", "stream")
                        + node.call("XPENDING", "stream", "group"))
                .replaceAll("radix-tree-(keys|nodes)\r\n:\\d+", "$1");
    }
}
