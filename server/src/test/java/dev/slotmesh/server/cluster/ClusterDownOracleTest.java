package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A Slotmesh node and a redis-server in one cluster whose third primary was killed: the same commands to both, each with keys of
 * its own, of the other and of the dead one, replies compared byte for byte. {@code MINE}, {@code ITS} and {@code DEAD} in a line
 * stand for such keys.
 */
@Timeout(120)
final class ClusterDownOracleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String[] OPTIONS = {
        "--cluster-enabled", "yes", "--cluster-node-timeout", "1000"
    };
    /** Slot 12182, of the dead one. */
    private static final String DEAD = "foo";
    /** Slot 5061. */
    private static final String THEIRS = "bar";
    /** Slot 8579. */
    private static final String OURS = "k0";

    private static final List<String> LINES = List.of(
            "GET MINE",
            "SET MINE v",
            "MGET MINE MINE",
            "MGET MINE ITS",
            "GET ITS",
            "SET ITS v",
            "GET DEAD",
            "SET DEAD v",
            "SPUBLISH MINE message",
            "SPUBLISH DEAD message",
            "PUBLISH MINE message",
            "MULTI",
            "GET MINE",
            "EXEC",
            "MULTI",
            "SET MINE w",
            "EXEC",
            "EXEC",
            "WATCH MINE",
            "UNWATCH",
            "PING",
            "DBSIZE",
            "KEYS *",
            "OBJECT ENCODING MINE",
            "TTL MINE",
            "BLPOP list{MINE} 0.01",
            "XREAD STREAMS stream{MINE} 0",
            "SORT list{MINE}",
            "SORT_RO list{MINE}",
            "PFCOUNT log{MINE}",
            "GEOSEARCH geo{MINE} FROMLONLAT 0 0 BYBOX 1 1 m",
            "GEOSEARCHSTORE geo{MINE} geo{MINE} FROMMEMBER a BYBOX 1 1 m",
            "ASKING",
            "RESTORE-ASKING MINE 0 x",
            "READONLY",
            "GET ITS",
            "READWRITE",
            "SSUBSCRIBE DEAD",
            "SSUBSCRIBE ITS",
            "CLUSTER KEYSLOT DEAD");

    @TempDir
    static Path directory;

    private static RedisOracle redis;
    private static RedisOracle dead;
    private static TestNode slotmesh;

    @BeforeAll
    static void loseOneOfThreePrimaries() {
        redis = RedisOracle.start(OPTIONS);
        dead = RedisOracle.start(OPTIONS);
        Assumptions.assumeTrue(redis.isAtLeast(7, 0), "the oracle is older than Redis 7.0");
        slotmesh = TestNode.start(directory, OPTIONS);
        call(redis.port(), "CLUSTER ADDSLOTSRANGE 0 5460");
        call(slotmesh.port(), "CLUSTER ADDSLOTSRANGE 5461 10922");
        call(dead.port(), "CLUSTER ADDSLOTSRANGE 10923 16383");
        call(redis.port(), "CLUSTER MEET 127.0.0.1 " + dead.port());
        call(redis.port(), "CLUSTER MEET 127.0.0.1 " + slotmesh.port());
        awaitBoth("cluster_state:ok");
        assertThat(call(redis.port(), "CLUSTER KEYSLOT " + OURS)).isEqualTo(":8579\r\n");

        try (RespConnection ours = slotmesh.connect();
                RespConnection theirs = redis.connect()) {
            ours.sendCommand("BLPOP", OURS, "0");
            theirs.sendCommand("BLPOP", THEIRS, "0");
            dead.kill();
            awaitBoth("cluster_state:fail");
            assertThat(ours.readReplyText())
                    .isEqualTo(theirs.readReplyText())
                    .isEqualTo("-CLUSTERDOWN The cluster is down\r\n");
        }
    }

    @AfterAll
    static void end() {
        if (slotmesh != null) {
            slotmesh.close();
        }
        dead.close();
        redis.close();
    }

    /** Cluster bus facts, section 18.3, rows 2 to 6. */
    @ParameterizedTest(name = "full coverage {0}, reads {1}, shard channels {2}")
    @CsvSource({
        "yes, no, yes",
        "yes, no, no",
        "yes, yes, yes",
        "yes, yes, no",
        "no, no, yes",
        "no, yes, no"
    })
    void shouldServeAndRefuseAsRedisDoes(String coverage, String reads, String channels) {
        for (int port : List.of(redis.port(), slotmesh.port())) {
            String set = "CONFIG SET cluster-require-full-coverage " + coverage
                    + " cluster-allow-reads-when-down " + reads
                    + " cluster-allow-pubsubshard-when-down " + channels;
            assertThat(call(port, set)).isEqualTo("+OK\r\n");
        }
        awaitBoth(coverage.equals("yes") ? "cluster_state:fail" : "cluster_state:ok");

        for (String protocol : List.of("2", "3")) {
            try (RespConnection ours = slotmesh.connect();
                    RespConnection theirs = redis.connect()) {
                ours.call("HELLO", protocol);
                theirs.call("HELLO", protocol);
                SoftAssertions differences = new SoftAssertions();
                for (String line : LINES) {
                    differences
                            .assertThat(ask(ours, line, OURS, THEIRS))
                            .as(line)
                            .isEqualTo(ask(theirs, line, THEIRS, OURS));
                }
                differences.assertAll();
            }
        }
    }

    private static String ask(RespConnection client, String line, String mine, String its) {
        String command = line.replace("MINE", mine).replace("ITS", its).replace("DEAD", DEAD);
        return client.call(command.split(" "))
                .replaceAll("MOVED (5061|8579) 127.0.0.1:\\d+", "MOVED to the other")
                .replaceAll("\\$\\d\r\n" + mine + "\r\n", "a key\r\n");
    }

    private static void awaitBoth(String state) {
        await().atMost(PATIENCE)
                .until(() -> call(redis.port(), "CLUSTER INFO").contains(state)
                        && call(slotmesh.port(), "CLUSTER INFO").contains(state));
    }

    private static String call(int port, String line) {
        try (RespConnection client = RespConnection.to(port)) {
            return client.call(line.split(" "));
        }
    }
}
