package dev.slotmesh.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of command lines, and the errors of wrong ones, beside those of a real server. */
final class GetKeysOracleTest {
    private static final int LINES_PER_COMMAND = 15;
    private static final int LONGEST_LINE = 12;

    /** Words that mean something to one command or another, and keys. */
    private static final String[] WORDS = {
        "k1",
        "k2",
        "k3",
        "",
        "0",
        "1",
        "2",
        "3",
        "7",
        "-1",
        "+1",
        "01",
        "1x",
        " 2",
        "x",
        "STREAMS",
        "streams",
        "STORE",
        "storedist",
        "KEYS",
        "keys",
        "GET",
        "get",
        "BY",
        "LIMIT",
        "COUNT",
        "GROUP",
        "BLOCK",
        "AUTH",
        "AUTH2",
        "OVERFLOW",
        "SET",
        "u8",
        "LEFT",
        "MIN"
    };

    /** Lines as people write them; '' is an empty word. */
    private static final List<String> LINES = List.of(
            "GET a",
            "get a b",
            "SET k v",
            "SET k v GET",
            "SET k v XX EX 10 get",
            "SET k GET",
            "SET STORE GET",
            "GETEX k EX 10",
            "MSET a 1 b",
            "MSET a 1 b 2",
            "MSETNX a 1 b 2 c 3",
            "MGET a b c",
            "DEL a b a",
            "RENAME a b",
            "COPY a b REPLACE",
            "BITOP AND d a b",
            "BITFIELD k",
            "BITFIELD k GET u8 0",
            "BITFIELD k GET u8 0 SET u8 0 1",
            "BITFIELD k OVERFLOW SAT GET u8 0",
            "BITFIELD k OVERFLOW SAT INCRBY u8 0 1",
            "BITFIELD k OVERFLOW",
            "BITFIELD k OVERFLOW GET u8 0",
            "BITFIELD k GET u8",
            "BITFIELD k FOO a b c",
            "BITFIELD_RO k GET u8 0",
            "EVAL x 0",
            "EVAL x 2 a b c",
            "EVAL x 5 a",
            "EVAL x -1 a",
            "EVAL x +1 a",
            "EVAL x 01 a",
            "EVAL x 1abc a",
            "EVAL x '' a",
            "EVAL x - a",
            "EVALSHA_RO x 1 a b",
            "FCALL f 0",
            "FCALL f 1",
            "FCALL_RO f 1 k",
            "ZUNIONSTORE d 2 a b",
            "ZUNIONSTORE d 0 a",
            "ZUNIONSTORE d x a",
            "ZUNIONSTORE d 3 a b",
            "ZUNIONSTORE d 1abc a b",
            "ZINTER 2 a b WEIGHTS 1 2",
            "ZDIFF 2 a b",
            "SINTERCARD 2 a b LIMIT 1",
            "LMPOP 2 a b LEFT",
            "LMPOP 3 a b LEFT",
            "LMPOP 9 a b LEFT",
            "LMPOP 1abc a b",
            "LMPOP 99999999999 a b LEFT",
            "LMPOP 4294967297 a b LEFT",
            "LMPOP 9999999999999999999999 a b",
            "BLMPOP 0 1 a LEFT",
            "BZMPOP 0 2 a MIN",
            "BLPOP a b 0",
            "SORT k",
            "SORT k STORE d",
            "SORT k STORE a STORE b",
            "SORT k BY STORE b",
            "SORT k STORE",
            "SORT k LIMIT 0 STORE x",
            "SORT k LIMIT 0 1 GET STORE STORE x",
            "SORT_RO k BY x GET y",
            "MIGRATE h 1 k 0 100",
            "MIGRATE h 1 '' 0 100",
            "MIGRATE h 1 '' 0 100 KEYS a b",
            "MIGRATE h 1 k 0 100 KEYS a b",
            "MIGRATE h 1 '' 0 100 AUTH KEYS KEYS a b",
            "MIGRATE h 1 '' 0 100 AUTH2 u KEYS KEYS a b",
            "MIGRATE h 1 '' 0 100 AUTH KEYS a b",
            "MIGRATE h 1 '' 0 100 KEYS",
            "MIGRATE h 1 k 0 100 KEYS",
            "MIGRATE h 1 k 0 100 AUTH KEYS COPY",
            "MIGRATE h 1 '' 0 100 COPY REPLACE",
            "GEORADIUS k 1 2 3 km",
            "GEORADIUS k 1 2 3 km STORE a STOREDIST b",
            "GEORADIUS k 1 2 3 km STORE a STORE b",
            "GEORADIUS k 1 2 3 km STORE",
            "GEORADIUS k 1 2 3 km STORE a STOREDIST",
            "GEORADIUSBYMEMBER k m 3 km STORE a",
            "GEORADIUSBYMEMBER k m 3 km STORE",
            "GEORADIUS_RO k 1 2 3 km",
            "GEOSEARCHSTORE d s FROMMEMBER m BYRADIUS 1 km",
            "XREAD STREAMS a b 0 0",
            "XREAD STREAMS a b 0",
            "XREAD BLOCK 0 COUNT 2 STREAMS a b c 0 0 0",
            "XREAD COUNT 1 STREAMS",
            "XREAD COUNT STREAMS STREAMS a 0",
            "XREAD a b c",
            "XREADGROUP GROUP g c STREAMS a >",
            "XREADGROUP GROUP STREAMS c STREAMS a >",
            "XREADGROUP GROUP STREAMS STREAMS STREAMS a >",
            "XADD k * a b",
            "XGROUP CREATE k g 0",
            "XGROUP k",
            "XINFO STREAM k",
            "OBJECT ENCODING",
            "OBJECT ENCODING k",
            "OBJECT HELP x",
            "MEMORY USAGE k",
            "PFCOUNT a b",
            "PFMERGE d a b",
            "LCS a b",
            "WATCH a b",
            "SPUBLISH c m",
            "SSUBSCRIBE c",
            "SUBSCRIBE c",
            "PING x",
            "CLUSTER KEYSLOT k",
            "RESTORE k 0 v",
            "RESTORE-ASKING k 0 v",
            "COMMAND GETKEYS GET k");

    @AutoClose
    private static RedisOracle redis;

    @BeforeAll
    static void start() {
        redis = RedisOracle.start();
        assumeTrue(redis.isAtLeast(7, 0) && !redis.isAtLeast(7, 1), "the descriptions are of 7.0");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldFindTheKeysOfWrittenLines(int protocol) {
        try (RespConnection client = redis.connect()) {
            client.call("HELLO", Integer.toString(protocol));
            LINES.forEach(line -> compare(client, protocol, line.split(" ")));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 20260501})
    void shouldFindTheKeysOfRandomLines(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (RespConnection client = redis.connect()) {
            for (String name : AllCommands.names()) {
                int lines = AllCommands.TABLE.find(name).hasKeys() ? LINES_PER_COMMAND : 1;
                for (int i = 0; i < lines; i++) {
                    String[] line = line(name, random);
                    if (!isOfALaterVersion(name, line.length)) {
                        compare(client, 2, line);
                    }
                }
            }
        }
    }

    @Test
    void shouldRefuseCommandsThatAreNotThere() {
        try (RespConnection client = redis.connect()) {
            compare(client, 2, "nope", "k");
            compare(client, 2, "CLUSTER", "nope");
            compare(client, 2, "", "");
        }
    }

    /** Whether we take so many arguments, though 7.0 does not: ZRANK with WITHSCORE. */
    private static boolean isOfALaterVersion(String name, int count) {
        CommandSpec spec = AllCommands.TABLE.find(name);
        return spec.arity() > 0 && spec.arity() != count && spec.acceptsArgumentCount(count);
    }

    private static String[] line(String name, SplittableRandom random) {
        List<String> line = new ArrayList<>(List.of(name.split("\\|")));
        int length = random.nextInt(1, LONGEST_LINE);
        while (line.size() < Math.max(2, length)) {
            line.add(WORDS[random.nextInt(WORDS.length)]);
        }
        return line.toArray(String[]::new);
    }

    private static void compare(RespConnection client, int protocol, String... line) {
        for (String form : List.of("GETKEYS", "GETKEYSANDFLAGS")) {
            String[] words = Stream.concat(
                            Stream.of("COMMAND", form),
                            Stream.of(line).map(word -> word.equals("''") ? "" : word))
                    .toArray(String[]::new);

            assertThat(AllCommands.call(protocol, words))
                    .as(String.join(" ", words))
                    .isEqualTo(client.call(words));
        }
    }
}
