package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Slotmesh replica beside a real one: what both answer their clients, and how primaries and histories change. */
@Timeout(240)
final class FollowerTest {
    private static final String OK = "+OK\r\n";
    private static final String[] DEBUG = {"--enable-debug-command", "yes"};
    private static final String ID = "0123456789abcdef0123456789abcdef01234567";

    @AutoClose
    private final Peers peers = new Peers();

    private static void follow(int replica, int primary) {
        assertThat(Peers.ask(replica, "REPLICAOF", "127.0.0.1", "" + primary)).startsWith("+OK");
    }

    private static void assertSame(int ours, int theirs, String... words) {
        assertThat(Peers.ask(ours, words))
                .as(List.of(words).toString())
                .isEqualTo(Peers.ask(theirs, words));
    }

    @Test
    void shouldAnswerAsARealReplicaWithAndWithoutALink() throws Exception {
        var primary = peers.redis();
        int ours = peers.slotmeshReplicaOf(primary.port(), DEBUG).port();
        int theirs = peers.redisReplicaOf(primary.port(), DEBUG).port();
        Peers.ask(primary.port(), "SET", "key", "value");
        Peers.awaitInStep(primary.port(), ours);
        Peers.awaitInStep(primary.port(), theirs);
        assertThat(fields(ours)).isEqualTo(fields(theirs));
        askBoth(ours, theirs);

        primary.kill();
        Peers.awaitInfo(ours, "master_link_status", "down");
        Peers.awaitInfo(theirs, "master_link_status", "down");
        assertThat(fields(ours)).isEqualTo(fields(theirs));
        askBoth(ours, theirs);
        for (int port : new int[] {ours, theirs}) {
            Peers.ask(port, "CONFIG", "SET", "replica-serve-stale-data", "no");
        }
        askBoth(ours, theirs);
        assertThat(Peers.ask(ours, "GET", "key"))
                .isEqualTo(
                        "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set"
                                + " to 'no'.\r\n");
    }

    private static void askBoth(int ours, int theirs) {
        assertSame(ours, theirs, "GET", "key");
        assertSame(ours, theirs, "SET", "key", "other");
        assertSame(ours, theirs, "PING");
        assertSame(ours, theirs, "DBSIZE");
        assertSame(ours, theirs, "CONFIG", "GET", "replica-read-only");
        assertSame(ours, theirs, "WAIT", "0", "0");
        assertSame(ours, theirs, "REPLICAOF", "127.0.0.1", "70000");
        assertSame(ours, theirs, "REPLICAOF", "NO");
        assertSame(ours, theirs, "FLUSHALL");
        try (RespConnection left = RespConnection.to(ours);
                RespConnection right = RespConnection.to(theirs)) {
            for (String[] line : new String[][] {
                {"MULTI"}, {"GET", "key"}, {"EXEC"}, {"MULTI"}, {"SET", "key", "x"}, {"EXEC"}
            }) {
                assertThat(left.call(line)).isEqualTo(right.call(line));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void shouldGetDeadlinesOfFieldsByAFullResync(String diskless) throws Exception {
        int primary = peers.slotmesh("--repl-diskless-sync", diskless).port();
        Peers.ask(primary, "HSET", "hash", "f", "v", "g", "w", "h", "x");
        Peers.ask(primary, "HPEXPIREAT", "hash", "4000000000000", "FIELDS", "1", "g");
        Peers.ask(primary, "HPEXPIREAT", "hash", "3000000000000", "FIELDS", "1", "h");

        int replica = peers.slotmeshReplicaOf(primary).port();
        Peers.awaitInStep(primary, replica);

        assertThat(Peers.ask(replica, "HPEXPIRETIME", "hash", "FIELDS", "3", "f", "g", "h"))
                .isEqualTo("*3\r\n:-1\r\n:4000000000000\r\n:3000000000000\r\n");
        Peers.ask(primary, "HPEXPIRE", "hash", "1", "FIELDS", "1", "g");
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> Peers.ask(replica, "HLEN", "hash").equals(":2\r\n"));
    }

    /** Names of the fields of INFO replication, in their order. */
    private static List<String> fields(int port) {
        return Pattern.compile("(?m)^\\w+(?=:)")
                .matcher(Peers.ask(port, "INFO", "replication"))
                .results()
                .map(found -> found.group())
                .toList();
    }

    @Test
    void shouldHideWhatHasExpiredAndLeaveItToThePrimary() throws Exception {
        int primary = peers.redis(DEBUG).port();
        int ours = peers.slotmeshReplicaOf(primary, DEBUG).port();
        int theirs = peers.redisReplicaOf(primary, DEBUG).port();
        Peers.ask(primary, "DEBUG", "SET-ACTIVE-EXPIRE", "0");
        Peers.ask(primary, "SET", "brief", "value", "PX", "60");
        Peers.awaitInStep(primary, ours);
        Peers.awaitInStep(primary, theirs);

        Awaitility.await().until(() -> Peers.ask(ours, "GET", "brief").equals("$-1\r\n"));
        Awaitility.await().until(() -> Peers.ask(theirs, "GET", "brief").equals("$-1\r\n"));
        assertSame(ours, theirs, "EXISTS", "brief");
        assertSame(ours, theirs, "TTL", "brief");
        assertSame(ours, theirs, "TYPE", "brief");
        assertSame(ours, theirs, "DBSIZE");
        assertThat(Peers.ask(ours, "DBSIZE")).isEqualTo(":1\r\n");

        Peers.ask(primary, "GET", "brief");
        Peers.awaitInStep(primary, ours);
        assertThat(Peers.ask(ours, "DBSIZE")).isEqualTo(":0\r\n");
    }

    @Test
    void shouldWriteWhenItIsNotReadOnlyAndKeepThatToItself() throws Exception {
        int primary = peers.redis().port();
        int ours = peers.slotmeshReplicaOf(primary, "--replica-read-only", "no").port();
        Peers.awaitInStep(primary, ours);

        assertThat(Peers.ask(ours, "SET", "own", "value")).isEqualTo(OK);
        Peers.ask(primary, "SET", "other", "value");
        Peers.awaitInStep(primary, ours);

        assertThat(Peers.ask(ours, "GET", "own")).isEqualTo("$5\r\nvalue\r\n");
        assertThat(Peers.ask(ours, "GET", "other")).isEqualTo("$5\r\nvalue\r\n");
    }

    @Test
    void shouldSayWhoItIs() throws Exception {
        int primary = peers.redis("--requirepass", "secret").port();
        int ours = peers.slotmesh(
                        "--replica-announce-ip", "10.9.8.7", "--replica-announce-port", "1234")
                .port();
        follow(ours, primary);
        Awaitility.await()
                .until(() -> Peers.info(ours, "master_link_status").equals("down")
                        && Peers.ask(ours, "ROLE").contains("conn"));
        assertThat(Peers.ask(ours, "CONFIG", "SET", "masterauth", "secret")).isEqualTo(OK);
        Peers.awaitInfo(ours, "master_link_status", "up");

        try (RespConnection client = RespConnection.to(primary)) {
            client.call("AUTH", "secret");
            assertThat(client.call("INFO", "replication"))
                    .contains("slave0:ip=10.9.8.7,port=1234,");
            client.call("ACL", "SETUSER", "copier", "on", ">word", "+psync", "+replconf", "+ping");
            Peers.ask(ours, "CONFIG", "SET", "masteruser", "copier", "masterauth", "word");
            client.call("CLIENT", "KILL", "TYPE", "replica");
            Awaitility.await()
                    .atMost(Peers.PATIENCE)
                    .until(() -> client.call("CLIENT", "LIST", "TYPE", "replica")
                            .contains("user=copier"));
        }
    }

    /** Replicas of the promoted one and the former primary go on where they are. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGoOnUnderTheSecondHistory(boolean oursIsPromoted) throws Exception {
        String[] quiet = {"--repl-ping-replica-period", "3600", "--enable-debug-command", "yes"};
        int former = oursIsPromoted
                ? peers.redis(quiet).port()
                : peers.slotmesh(quiet).port();
        int promoted = oursIsPromoted
                ? peers.slotmeshReplicaOf(former, quiet).port()
                : peers.redisReplicaOf(former, quiet).port();
        Peers.awaitInfo(promoted, "master_link_status", "up");
        int below = oursIsPromoted
                ? peers.redisReplicaOf(promoted, quiet).port()
                : peers.slotmeshReplicaOf(promoted, quiet).port();
        Peers.ask(former, "SET", "key", "value");
        Peers.awaitInStep(former, promoted);
        Peers.awaitInStep(promoted, below);
        assertThat(Peers.info(below, "master_replid"))
                .isEqualTo(Peers.info(former, "master_replid"));

        assertThat(Peers.ask(promoted, "REPLICAOF", "NO", "ONE")).isEqualTo(OK);
        assertThat(Peers.info(promoted, "master_replid2"))
                .isEqualTo(Peers.info(former, "master_replid"));
        follow(former, promoted);
        Peers.ask(promoted, "SET", "key", "other");
        Peers.awaitInStep(promoted, former);
        Peers.awaitInStep(promoted, below);

        assertThat(Peers.info(promoted, "sync_full")).isEqualTo("1");
        assertThat(Peers.info(promoted, "sync_partial_ok")).isEqualTo("2");
        assertThat(Peers.digest(former)).isEqualTo(Peers.digest(promoted));
        assertThat(Peers.digest(below)).isEqualTo(Peers.digest(promoted));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldShareOffsetsAlongAChain(boolean oursInTheMiddle) throws Exception {
        int first = oursInTheMiddle
                ? peers.redis(DEBUG).port()
                : peers.slotmesh(DEBUG).port();
        int second = oursInTheMiddle
                ? peers.slotmeshReplicaOf(first, DEBUG).port()
                : peers.redisReplicaOf(first, DEBUG).port();
        int third = oursInTheMiddle
                ? peers.redisReplicaOf(second, DEBUG).port()
                : peers.slotmeshReplicaOf(second, DEBUG).port();
        Peers.awaitInfo(third, "master_link_status", "up");
        try (RespConnection client = RespConnection.to(first)) {
            for (int i = 0; i < 50; i++) {
                client.call("SELECT", "" + i % 5);
                client.call("RPUSH", "list", "element " + i);
                client.call("MULTI");
                client.call("INCR", "number");
                client.call("SPOP", "nothing");
                client.call("EXEC");
            }
        }
        Peers.awaitInStep(first, second);
        Peers.awaitInStep(second, third);

        for (int port : new int[] {second, third}) {
            assertThat(Peers.info(port, "master_replid"))
                    .isEqualTo(Peers.info(first, "master_replid"));
            assertThat(Peers.digest(port)).isEqualTo(Peers.digest(first));
        }
    }

    /** How images are loaded, and what is left of the old data when one breaks. */
    private static Stream<Arguments> loads() {
        return Stream.of(
                Arguments.of("disabled", false),
                Arguments.of("on-empty-db", false),
                Arguments.of("swapdb", true));
    }

    @ParameterizedTest
    @MethodSource("loads")
    void shouldServeNoPartOfABrokenImage(String way, boolean keeps) throws Exception {
        String image = imageOf(2000);
        String wrongInside = image.substring(0, image.length() - 3) + "xyz";
        int ours = peers.slotmesh("--repl-diskless-load", way).port();
        Peers.ask(ours, "SET", "old", "value");
        ScriptedPrimary primary = peers.closing(ScriptedPrimary.answering(
                "+FULLRESYNC " + ID + " 1\r\n$" + wrongInside.length() + "\r\n" + wrongInside,
                false));

        follow(ours, primary.port());
        Awaitility.await().atMost(Peers.PATIENCE).until(() -> primary.answered() > 1);
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> Peers.ask(ours, "GET", "old")
                        .equals(keeps ? "$5\r\nvalue\r\n" : "$-1\r\n"));
        assertThat(Peers.ask(ours, "EXISTS", "key:1")).isEqualTo(":0\r\n");

        // Refused while the next attempt is being loaded.
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> Peers.ask(ours, "REPLICAOF", "NO", "ONE").equals(OK));
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> Peers.ask(ours, "SET", "new", "value").equals(OK));
        assertThat(Peers.ask(ours, "DBSIZE")).isEqualTo(keeps ? ":2\r\n" : ":1\r\n");
    }

    @Test
    void shouldServeTheOldDataWhileTheNewIsOnItsWay() throws Exception {
        String image = imageOf(2000);
        int ours = peers.slotmesh("--repl-diskless-load", "swapdb").port();
        Peers.ask(ours, "SET", "old", "value");
        ScriptedPrimary primary = peers.closing(ScriptedPrimary.answering(
                "+FULLRESYNC " + ID + " 1\r\n$" + image.length() + "\r\n"
                        + image.substring(0, image.length() / 2),
                false));

        follow(ours, primary.port());
        Peers.awaitInfo(ours, "master_sync_in_progress", "1");

        assertThat(Peers.ask(ours, "GET", "old")).isEqualTo("$5\r\nvalue\r\n");
        assertThat(Peers.info(ours, "master_sync_total_bytes")).isEqualTo("" + image.length());
    }

    /** An RDB file of a real server. */
    private String imageOf(int keys) throws Exception {
        var server = peers.redis();
        try (RespConnection client = server.connect()) {
            for (int i = 0; i < keys; i++) {
                client.call("SET", "key:" + i, "value " + i);
            }
            client.call("SAVE");
        }
        return Files.readString(
                server.directory().resolve("dump.rdb"),
                java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static Stream<String> rubbish() {
        String full = "+FULLRESYNC " + ID + " 1\r\n";
        return Stream.of(
                "rubbish\r\n",
                " \r\n",
                "+FULLRESYNC\r\n",
                "+FULLRESYNC " + ID + " -5\r\n",
                "+CONTINUE\r\n",
                "-LOADING not yet\r\n",
                "x".repeat(200_000),
                full + "rubbish\r\n",
                full + "-ERR no\r\n",
                full + "$-1\r\n",
                full + "$99999999999999999999\r\n",
                full + "$9223372036854775807\r\nREDIS0010",
                full + "$20\r\nno RDB file, not one",
                full + "$EOF:short\r\n",
                full + "$EOF:" + ID + "\r\nREDIS0010\u0000\u0081\u00ff\u00ff\u00ff\u00ff" + ID,
                full + "$" + "9".repeat(100_000));
    }

    /** Whatever a primary says costs the link, and the next one is followed as ever. */
    @ParameterizedTest
    @MethodSource("rubbish")
    void shouldSurviveRubbish(String answer) throws Exception {
        int ours = peers.slotmesh("--repl-diskless-load", "swapdb").port();
        Peers.ask(ours, "SET", "old", "value");
        ScriptedPrimary primary = peers.closing(ScriptedPrimary.answering(answer, true));
        follow(ours, primary.port());
        Awaitility.await().atMost(Peers.PATIENCE).until(() -> primary.answered() > 1);
        assertThat(Peers.ask(ours, "GET", "old")).isEqualTo("$5\r\nvalue\r\n");

        int real = peers.redis().port();
        Peers.ask(real, "SET", "key", "value");
        follow(ours, real);
        Peers.awaitInStep(real, ours);
        assertThat(Peers.ask(ours, "GET", "key")).isEqualTo("$5\r\nvalue\r\n");
    }

    /** The stream of a primary that goes out of step ends the link; nothing of it is applied from there on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rubbish\r\n",
                "*1\r\n$-5\r\n",
                "*3\r\n$3\r\nSET\r\n$99999999999\r\n",
                "*2147483648\r\n"
            })
    void shouldEndALinkWhoseStreamIsOutOfStep(String stream) throws Exception {
        String image = imageOf(3);
        int ours = peers.slotmesh().port();
        String good = "*3\r\n$3\r\nSET\r\n$3\r\nnew\r\n$5\r\nvalue\r\n";
        ScriptedPrimary primary = peers.closing(ScriptedPrimary.answering(
                "+FULLRESYNC " + ID + " 1\r\n$" + image.length() + "\r\n" + image + good + stream,
                false));

        follow(ours, primary.port());

        Awaitility.await().atMost(Peers.PATIENCE).until(() -> primary.answered() > 1);
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> Peers.ask(ours, "GET", "new").equals("$5\r\nvalue\r\n"));
        assertThat(primary.asked(1)).as("the second question").isEqualTo("?");
    }

    /** A stream may come late: a deadline has passed on the way that the primary then took away, or moved. */
    @Test
    void shouldKeepFieldsWhoseDeadlineComesLate() throws Exception {
        String image = imageOf(1);
        int ours = peers.slotmesh().port();
        String stream = command("HSET hash a 1 b 2 c 3 d 4")
                + command("HPEXPIREAT hash 1 FIELDS 3 a b c")
                + command("HPERSIST hash FIELDS 1 a")
                + command("HPEXPIREAT hash 4000000000000 FIELDS 1 b")
                + command("HSETEX hash PXAT 1 FIELDS 2 e 5 f 6")
                + command("HSETEX hash KEEPTTL FIELDS 1 f 7")
                + command("HPERSIST hash FIELDS 1 e")
                + command("SET last one");
        ScriptedPrimary primary = peers.closing(ScriptedPrimary.answering(
                "+FULLRESYNC " + ID + " 1\r\n$" + image.length() + "\r\n" + image + stream, false));

        follow(ours, primary.port());

        Awaitility.await().atMost(Peers.PATIENCE).untilAsserted(() -> {
            assertThat(Peers.ask(ours, "EXISTS", "last")).isEqualTo(":1\r\n");
            assertThat(Peers.ask(ours, "HMGET", "hash", "a", "b", "c", "d", "e", "f"))
                    .isEqualTo(
                            "*6\r\n" + values("1", "2") + "$-1\r\n" + values("4", "5") + "$-1\r\n");
            assertThat(Peers.ask(ours, "HPEXPIRETIME", "hash", "FIELDS", "3", "a", "b", "e"))
                    .isEqualTo("*3\r\n:-1\r\n:4000000000000\r\n:-1\r\n");
            assertThat(Peers.ask(ours, "HLEN", "hash")).as("c and f wait").isEqualTo(":6\r\n");
        });
    }

    /** Replicas have it until they are told, and must not take its deadline away. */
    @Test
    void shouldNotReviveAFieldThatThePrimaryFindsAbsent() throws Exception {
        int primary = peers.slotmesh(DEBUG).port();
        int ours = peers.slotmeshReplicaOf(primary, DEBUG).port();
        Peers.ask(primary, "DEBUG", "SET-ACTIVE-EXPIRE", "0");
        Peers.ask(primary, "HSET", "hash", "brief", "1", "other", "2");
        Peers.ask(primary, "HPEXPIRE", "hash", "100000", "FIELDS", "1", "other");
        Peers.ask(primary, "HPEXPIRE", "hash", "1", "FIELDS", "1", "brief");
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> Peers.ask(primary, "HGET", "hash", "brief").equals("$-1\r\n"));

        assertThat(Peers.ask(primary, "HPERSIST", "hash", "FIELDS", "2", "brief", "other"))
                .isEqualTo("*2\r\n:-2\r\n:1\r\n");
        Peers.awaitInStep(primary, ours);

        assertThat(Peers.ask(ours, "HPEXPIRETIME", "hash", "FIELDS", "2", "brief", "other"))
                .isEqualTo("*2\r\n:-2\r\n:-1\r\n");
    }

    private static String values(String... words) {
        return Stream.of(words)
                .map(word -> "$" + word.length() + "\r\n" + word + "\r\n")
                .collect(Collectors.joining());
    }

    private static String command(String line) {
        String[] words = line.split(" ");
        return "*" + words.length + "\r\n" + values(words);
    }

    @Test
    void shouldNotFollowAnybodyAnyMoreWhenToldSo() throws Exception {
        int primary = peers.redis().port();
        int ours = peers.slotmeshReplicaOf(primary).port();
        Peers.awaitInStep(primary, ours);

        assertSame(ours, primary, "SLAVEOF", "NO", "ONE");
        assertThat(Peers.ask(ours, "REPLICAOF", "NO", "ONE")).isEqualTo(OK);
        Peers.awaitInfo(primary, "connected_slaves", "0");
        assertThat(Peers.info(ours, "role")).isEqualTo("master");
        assertThat(Peers.ask(ours, "CONFIG", "GET", "replicaof")).endsWith("$0\r\n\r\n");
        assertThat(Optional.of(Peers.ask(ours, "SET", "key", "value"))).contains(OK);
    }
}
