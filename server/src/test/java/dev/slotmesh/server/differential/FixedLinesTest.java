package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chosen lines, at limits and in modes that random ones do not reach, answered as redis-server 7.0 answers them. */
final class FixedLinesTest {
    private static final int LONGEST = 1024 * 1024;

    @Test
    void shouldKeepToTheLongestString() throws Exception {
        String half = "h".repeat(LONGEST / 2);
        String[][] lines = {
            {"SET", "half", half},
            {"APPEND", "half", half},
            {"APPEND", "half", ""},
            {"APPEND", "half", "x"},
            {"SETRANGE", "half", "" + (LONGEST - 1), "x"},
            {"SETRANGE", "half", "" + LONGEST, "x"},
            {"SETRANGE", "half", "" + LONGEST, ""},
            {"SETRANGE", "none", "" + (LONGEST - 2), "xyz"},
            {"SETRANGE", "none", "9223372036854775807", "xyz"},
            {"EXISTS", "none"},
            {"SETBIT", "bits", "" + (8L * LONGEST - 1), "1"},
            {"SETBIT", "bits", "" + 8L * LONGEST, "1"},
            {"GETBIT", "bits", "" + (8L * LONGEST - 1)},
            {"GETBIT", "bits", "" + 8L * LONGEST},
            {"BITPOS", "bits", "1"},
            {"BITCOUNT", "bits"},
            {"BITFIELD", "bits", "GET", "u8", "" + (8L * LONGEST - 4)},
            {"BITFIELD", "bits", "SET", "u8", "" + 8L * LONGEST, "1"},
            {"BITFIELD", "bits", "SET", "u8", "#" + LONGEST, "1"},
            {"BITOP", "NOT", "not", "bits"},
            {"BITCOUNT", "not"},
            {"SET", "left", "ab".repeat(255)},
            {"SET", "right", "ba".repeat(255)},
            {"LCS", "left", "right", "LEN"},
            {"LCS", "left", "right", "IDX", "WITHMATCHLEN"},
            {"APPEND", "left", "abcd"},
            {"LCS", "left", "right", "LEN"},
            {"LCS", "left", "right"},
            {"INCRBYFLOAT", "huge", "1.1e4932"},
            {"INCRBYFLOAT", "huge", "1e4931"},
            {"INCRBYFLOAT", "huge", "-1.1e4932"}
        };
        compare(lines, "--proto-max-bulk-len", "1mb");
    }

    @Test
    void shouldAnswerMovesOfDatabasesInClusterModeAsRedisDoes(@TempDir Path directory)
            throws Exception {
        String[][] lines = {
            {"SET", "{t}a", "1"},
            {"SELECT", "0"},
            {"SELECT", "1"},
            {"SELECT", "x"},
            {"SELECT", "99999999999"},
            {"MOVE", "{t}a", "1"},
            {"MOVE", "{t}a", "x"},
            {"SWAPDB", "0", "1"},
            {"SWAPDB", "x", "1"},
            {"COPY", "{t}a", "{t}b", "DB", "1"},
            {"COPY", "{t}a", "{t}b", "DB", "-1"},
            {"COPY", "{t}a", "{t}b", "DB", "x"},
            {"COPY", "{t}a", "{t}b", "DB", "1", "FOO"},
            {"COPY", "{t}a", "{t}b", "DB", "0"},
            {"COPY", "{t}a", "b"},
            {"RENAME", "{t}a", "{t}c"},
            {"RENAME", "{t}c", "c"},
            {"MSET", "{t}x", "1", "{t}y", "2"},
            {"MSET", "x", "1", "y", "2"},
            {"MGET", "{t}x", "{t}y", "{t}z"},
            {"DEL", "x", "y"},
            {"BITOP", "OR", "{t}d", "{t}x", "{t}y"},
            {"BITOP", "OR", "d", "{t}x"},
            {"LCS", "{t}x", "y"},
            {"KEYS", "*"},
            {"SCAN", "0", "COUNT", "1000"},
            {"DBSIZE"},
            {"FLUSHALL"},
            {"DBSIZE"}
        };
        compare(lines, "--cluster-enabled", "yes", "--dir", directory.toString());
    }

    @Test
    void shouldNotTakeAKeyThatFailedStepsMadeForAChange() throws Exception {
        String[][] lines = {
            {"WATCH", "x"},
            {"BITFIELD", "x", "OVERFLOW", "FAIL", "INCRBY", "u5", "51", "-11"},
            {"MULTI"},
            {"EXEC"},
            {"EXISTS", "x"}
        };
        compare(lines);
    }

    @Test
    void shouldShowDebugAKeyWhoseTimeHasPassed() throws Exception {
        String[][] lines = {
            {"DEBUG", "SET-ACTIVE-EXPIRE", "0"},
            {"SET", "late", "text", "PXAT", "1000000000"},
            {"DEBUG", "DIGEST-VALUE", "late"},
            {"DEBUG", "DIGEST"},
            {"GET", "late"},
            {"DEBUG", "DIGEST-VALUE", "late"},
            {"DEBUG", "OBJECT", "late"}
        };
        compare(lines, "--enable-debug-command", "yes");
    }

    @Test
    void shouldAnswerUnderAnLfuPolicyAsRedisDoes() throws Exception {
        String[][] lines = {
            {"SET", "a", "text"},
            {"OBJECT", "IDLETIME", "a"},
            {"OBJECT", "IDLETIME", "none"},
            {"OBJECT", "FREQ", "none"}
        };
        compare(lines, "--maxmemory-policy", "allkeys-lfu");
    }

    private static void compare(String[][] lines, String... arguments) throws Exception {
        try (RedisOracle redis = RedisOracle.start(withoutDirectory(arguments))) {
            Assumptions.assumeTrue(redis.isAtLeast(7, 0), "redis-server 7.0 is compared with");
            try (Node node = EmbeddedNode.start(arguments);
                    RespConnection ours = RespConnection.to(node.port());
                    RespConnection theirs = redis.connect()) {
                if (List.of(arguments).contains("--cluster-enabled")) {
                    own(ours, theirs);
                }
                for (String[] line : lines) {
                    compare(Line.of(line), ours, theirs);
                }
            }
        }
    }

    private static void compare(Line line, RespConnection ours, RespConnection theirs) {
        String left = ours.call(line.toArray());
        String right = theirs.call(line.toArray());
        assertThat(ReplyRule.of(line).agree(left, right))
                .as(() -> line + "\n  slotmesh: " + Line.quoted(left) + "\n  redis:    "
                        + Line.quoted(right))
                .isTrue();
    }

    /** The real server has a directory of its own. */
    private static String[] withoutDirectory(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        int at = words.indexOf("--dir");
        if (at >= 0) {
            words.subList(at, at + 2).clear();
        }
        return words.toArray(String[]::new);
    }

    /** Makes each the only node of a cluster of its own. */
    private static void own(RespConnection... clients) {
        for (RespConnection client : clients) {
            assertThat(client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383")).isEqualTo("+OK\r\n");
        }
        for (RespConnection client : clients) {
            Awaitility.await()
                    .until(() -> client.call("CLUSTER", "INFO").contains("cluster_state:ok"));
        }
    }
}
