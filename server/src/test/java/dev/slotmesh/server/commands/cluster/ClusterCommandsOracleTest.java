package dev.slotmesh.server.commands.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.cluster.TestNode;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same command lines to a lone Slotmesh node and a lone redis-server, replies compared byte for byte; only ids and ports
 * are made equal first. {@code <id>} in a line is the node's own id. The state of both is reset before each test.
 */
final class ClusterCommandsOracleTest {
    private static final String SOMEBODY = "f".repeat(40);

    @TempDir
    static Path directory;

    private static RedisOracle redis;
    private static TestNode slotmesh;
    private RespConnection theirs;
    private RespConnection ours;

    @BeforeAll
    static void start() {
        redis = RedisOracle.start("--cluster-enabled", "yes");
        slotmesh = TestNode.start(directory);
    }

    @AfterAll
    static void stop() {
        slotmesh.close();
        redis.close();
    }

    @BeforeEach
    void connect() {
        theirs = redis.connect();
        ours = slotmesh.connect();
        for (RespConnection client : List.of(theirs, ours)) {
            assertThat(client.call("CLUSTER", "RESET", "HARD")).isEqualTo("+OK\r\n");
            client.call("CONFIG", "SET", "cluster-announce-hostname", "");
            client.call("CONFIG", "SET", "cluster-announce-ip", "");
            client.call("CONFIG", "SET", "cluster-preferred-endpoint-type", "ip");
        }
    }

    @AfterEach
    void disconnect() {
        theirs.close();
        ours.close();
    }

    private static String id(RespConnection client) {
        return client.call("CLUSTER", "MYID").substring(5, 45);
    }

    private static String ask(RespConnection client, int port, String line) {
        String id = id(client);
        String reply = client.call(line.replace("<id>", id).split(" "));
        return reply.replace(id, "i".repeat(40))
                .replaceAll("(?<!\\d)" + port + "(?!\\d)", "port.")
                .replaceAll("(?<!\\d)" + (port + 10_000) + "(?!\\d)", "bus..");
    }

    private void compare(String... lines) {
        SoftAssertions differences = new SoftAssertions();
        for (String line : lines) {
            differences
                    .assertThat(ask(ours, slotmesh.port(), line))
                    .as(line)
                    .isEqualTo(ask(theirs, redis.port(), line));
        }
        differences.assertAll();
    }

    /** The same in both protocol versions. */
    private void compareTwice(String... lines) {
        compare(lines);
        ours.call("HELLO", "3");
        theirs.call("HELLO", "3");
        compare(lines);
    }

    @Test
    void shouldRefuseWrongNumbersOfArguments() {
        compare(
                "CLUSTER",
                "CLUSTER nosuch",
                "CLUSTER nosuch a b",
                "CLUSTER MEET",
                "CLUSTER MEET 127.0.0.1",
                "CLUSTER MEET 127.0.0.1 1 2 3",
                "CLUSTER mEEt 127.0.0.1 1 2 3",
                "CLUSTER FORGET",
                "CLUSTER FORGET a b",
                "CLUSTER RESET hard now",
                "CLUSTER FAILOVER force now",
                "CLUSTER ADDSLOTS",
                "CLUSTER ADDSLOTSRANGE 1",
                "CLUSTER ADDSLOTSRANGE 1 2 3",
                "CLUSTER DELSLOTSRANGE 1 2 3",
                "CLUSTER SETSLOT 1",
                "CLUSTER MYID x",
                "CLUSTER NODES x",
                "CLUSTER INFO x",
                "CLUSTER SLOTS x",
                "CLUSTER SHARDS x",
                "CLUSTER LINKS x",
                "CLUSTER BUMPEPOCH x",
                "CLUSTER FLUSHSLOTS x",
                "CLUSTER SAVECONFIG x",
                "CLUSTER KEYSLOT",
                "CLUSTER COUNTKEYSINSLOT",
                "CLUSTER GETKEYSINSLOT 1",
                "CLUSTER SET-CONFIG-EPOCH",
                "CLUSTER COUNT-FAILURE-REPORTS",
                "CLUSTER REPLICAS",
                "CLUSTER SLAVES",
                "CLUSTER REPLICATE",
                "ASKING x",
                "READONLY x",
                "READWRITE x");
    }

    @Test
    void shouldTellTheSameOfALoneNode() {
        compareTwice(
                "CLUSTER NODES",
                "CLUSTER INFO",
                "CLUSTER SLOTS",
                "CLUSTER SHARDS",
                "CLUSTER LINKS",
                "CLUSTER MYID",
                "CLUSTER HELP",
                "CLUSTER REPLICAS <id>",
                "CLUSTER SLAVES <id>",
                "CLUSTER REPLICAS x",
                "CLUSTER REPLICAS " + SOMEBODY,
                "CLUSTER COUNT-FAILURE-REPORTS <id>",
                "CLUSTER COUNT-FAILURE-REPORTS x",
                "CLUSTER KEYSLOT foo",
                "CLUSTER KEYSLOT {a}{b}",
                "CLUSTER KEYSLOT {}x",
                "CLUSTER SAVECONFIG",
                "ASKING",
                "READONLY",
                "READWRITE");
    }

    @Test
    void shouldAssignAndUnassignSlots() {
        compareTwice(
                "CLUSTER ADDSLOTS a",
                "CLUSTER ADDSLOTS -1",
                "CLUSTER ADDSLOTS 16384",
                "CLUSTER ADDSLOTS 1 1",
                "CLUSTER ADDSLOTS 1 1 x",
                "CLUSTER ADDSLOTS 99999999999999999999",
                "CLUSTER ADDSLOTS 7 9",
                "CLUSTER ADDSLOTS 8 7 7",
                "CLUSTER ADDSLOTS 8 8 7",
                "CLUSTER ADDSLOTSRANGE 3 2",
                "CLUSTER ADDSLOTSRANGE 3 x",
                "CLUSTER ADDSLOTSRANGE 1 2 2 3 x y",
                "CLUSTER ADDSLOTSRANGE 6 8 x y",
                "CLUSTER ADDSLOTSRANGE 10 12 9 8",
                "CLUSTER ADDSLOTSRANGE 0 16383 0 16383",
                "CLUSTER ADDSLOTSRANGE 10 12 20 20 16383 16383",
                "CLUSTER NODES",
                "CLUSTER SLOTS",
                "CLUSTER SHARDS",
                "CLUSTER INFO",
                "CLUSTER DELSLOTS 8",
                "CLUSTER DELSLOTS 7 7",
                "CLUSTER DELSLOTS 7 x",
                "CLUSTER DELSLOTS 7",
                "CLUSTER DELSLOTSRANGE 10 11 13 x",
                "CLUSTER DELSLOTSRANGE 13 14 x y",
                "CLUSTER DELSLOTSRANGE 10 11 11 12",
                "CLUSTER DELSLOTSRANGE 10 12 20 20",
                "CLUSTER SLOTS",
                "CLUSTER FLUSHSLOTS",
                "CLUSTER SLOTS",
                "CLUSTER NODES");
    }

    @Test
    void shouldMoveSlotsStepByStep() {
        compare(
                "CLUSTER ADDSLOTSRANGE 0 100",
                "CLUSTER SETSLOT x STABLE",
                "CLUSTER SETSLOT 16384 nosuch",
                "CLUSTER SETSLOT 1 nosuch",
                "CLUSTER SETSLOT 1 nosuch x",
                "CLUSTER SETSLOT 1 STABLE x",
                "CLUSTER SETSLOT 1 MIGRATING",
                "CLUSTER SETSLOT 1 NODE <id> x",
                "CLUSTER SETSLOT 1 MIGRATING x",
                "CLUSTER SETSLOT 200 MIGRATING <id>",
                "CLUSTER SETSLOT 1 IMPORTING <id>",
                "CLUSTER SETSLOT 200 IMPORTING x",
                "CLUSTER SETSLOT 200 IMPORTING " + SOMEBODY,
                "CLUSTER SETSLOT 1 NODE x",
                "CLUSTER SETSLOT 1 migrating <id>",
                "CLUSTER SETSLOT 3 migrating <id>",
                "CLUSTER SETSLOT 200 importing <id>",
                "CLUSTER NODES",
                "CLUSTER SETSLOT 1 stable",
                "CLUSTER NODES",
                "CLUSTER SETSLOT 3 node <id>",
                "CLUSTER SETSLOT 200 node <id>",
                "CLUSTER NODES",
                "CLUSTER INFO");
    }

    @Test
    void shouldCountAndListKeys() {
        compareTwice(
                "CLUSTER COUNTKEYSINSLOT x",
                "CLUSTER COUNTKEYSINSLOT -1",
                "CLUSTER COUNTKEYSINSLOT 16384",
                "CLUSTER COUNTKEYSINSLOT 4294967296",
                "CLUSTER COUNTKEYSINSLOT 12182",
                "CLUSTER GETKEYSINSLOT x 1",
                "CLUSTER GETKEYSINSLOT 1 x",
                "CLUSTER GETKEYSINSLOT -1 1",
                "CLUSTER GETKEYSINSLOT 16384 1",
                "CLUSTER GETKEYSINSLOT 1 -1",
                "CLUSTER GETKEYSINSLOT 12182 10",
                "CLUSTER GETKEYSINSLOT 12182 9223372036854775807");
    }

    @Test
    void shouldServeKeysOnceTheStateIsOkAndKeepSlotsThatHoldKeys() {
        compare("CLUSTER ADDSLOTSRANGE 0 16383");
        for (RespConnection client : List.of(ours, theirs)) {
            await().until(() -> client.call("CLUSTER", "INFO").contains("cluster_state:ok"));
        }

        compare(
                "SET foo 1",
                "CLUSTER COUNTKEYSINSLOT 12182",
                "CLUSTER GETKEYSINSLOT 12182 10",
                "CLUSTER GETKEYSINSLOT 12182 0",
                "MGET foo bar",
                "CLUSTER FLUSHSLOTS",
                "CLUSTER RESET",
                "CLUSTER RESET HARD",
                "CLUSTER SETSLOT 12182 MIGRATING <id>",
                "GET foo",
                "CLUSTER SETSLOT 12182 NODE <id>",
                "CLUSTER DELSLOTS 12182",
                "GET foo",
                "CLUSTER ADDSLOTS 12182",
                "GET foo",
                "FLUSHALL",
                "CLUSTER FLUSHSLOTS");
    }

    @Test
    void shouldBumpAndSetEpochs() {
        compare(
                "CLUSTER SET-CONFIG-EPOCH x",
                "CLUSTER SET-CONFIG-EPOCH -1",
                "CLUSTER SET-CONFIG-EPOCH 5",
                "CLUSTER SET-CONFIG-EPOCH 6",
                "CLUSTER INFO",
                "CLUSTER BUMPEPOCH",
                "CLUSTER RESET HARD",
                "CLUSTER BUMPEPOCH",
                "CLUSTER BUMPEPOCH",
                "CLUSTER RESET SOFT",
                "CLUSTER INFO",
                "CLUSTER NODES");
    }

    @Test
    void shouldRefuseWhatOperatorsGetWrong() {
        compare(
                "CLUSTER MEET a b",
                "CLUSTER MEET 127.0.0.1 b",
                "CLUSTER MEET 127.0.0.1 1 b",
                "CLUSTER MEET 127.0.0.1 0",
                "CLUSTER MEET 127.0.0.1 -5",
                "CLUSTER MEET 127.0.0.1 60000",
                "CLUSTER MEET 127.0.0.1 70000",
                "CLUSTER MEET 127.0.0.1 9223372036854775807",
                "CLUSTER MEET 127.0.0.1 5 0",
                "CLUSTER MEET 300.1.1.1 1",
                "CLUSTER MEET localhost 1",
                "CLUSTER FORGET x",
                "CLUSTER FORGET " + SOMEBODY,
                "CLUSTER FORGET <id>",
                "CLUSTER REPLICATE x",
                "CLUSTER REPLICATE <id>",
                "CLUSTER RESET x",
                "CLUSTER FAILOVER",
                "CLUSTER FAILOVER x",
                "CLUSTER FAILOVER FORCE");
    }

    @Test
    void shouldAnnounceAddressesAndEndpointTypes() {
        for (String type : List.of("ip", "hostname", "unknown-endpoint")) {
            compare(
                    "CONFIG SET cluster-preferred-endpoint-type " + type,
                    "CONFIG SET cluster-announce-ip 10.1.2.3",
                    "CLUSTER ADDSLOTS 1");
            compareTwice("CLUSTER SLOTS", "CLUSTER SHARDS");
            compare("CONFIG SET cluster-announce-hostname node.test");
            for (RespConnection client : List.of(ours, theirs)) {
                await().until(() -> client.call("CLUSTER", "NODES").contains("node.test"));
            }
            compareTwice("CLUSTER SLOTS", "CLUSTER SHARDS", "CLUSTER NODES");
            disconnect();
            connect();
        }
    }

    @Test
    void shouldKeepRepliesInOrderBehindAnOperatorsRequest() {
        ours.sendCommand("CLUSTER", "ADDSLOTS", "1");
        ours.sendCommand("PING");
        ours.sendCommand("CLUSTER", "DELSLOTS", "1");
        ours.sendCommand("CLUSTER", "SLOTS");
        ours.sendCommand("PING");

        assertThat(ours.readReplyText()).isEqualTo("+OK\r\n");
        assertThat(ours.readReplyText()).isEqualTo("+PONG\r\n");
        assertThat(ours.readReplyText()).isEqualTo("+OK\r\n");
        assertThat(ours.readReplyText()).isEqualTo("*0\r\n");
        assertThat(ours.readReplyText()).isEqualTo("+PONG\r\n");
    }

    @Test
    void shouldRouteTheNextCommandByTheViewThatARequestMade() {
        Pattern notServed = Pattern.compile("-CLUSTERDOWN Hash slot not served\r\n");
        for (int round = 0; round < 50; round++) {
            assertThat(ours.call("GET", "foo")).matches(notServed);
            assertThat(ours.call("CLUSTER", "ADDSLOTS", "12182")).isEqualTo("+OK\r\n");
            assertThat(ours.call("GET", "foo")).doesNotMatch(notServed);
            assertThat(ours.call("CLUSTER", "DELSLOTS", "12182")).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void shouldRefuseAllOfItWithoutClusterMode() throws Exception {
        try (RedisOracle plain = RedisOracle.start();
                RespConnection their = plain.connect();
                TestNode node = TestNode.start(directory, "--cluster-enabled", "no");
                RespConnection our = node.connect()) {
            for (String line : List.of(
                    "CLUSTER",
                    "CLUSTER nosuch",
                    "CLUSTER MEET 1",
                    "CLUSTER MEET 1 2",
                    "CLUSTER INFO",
                    "CLUSTER HELP",
                    "CLUSTER KEYSLOT a",
                    "ASKING",
                    "READONLY",
                    "READWRITE",
                    "MGET foo bar")) {
                assertThat(our.call(line.split(" ")))
                        .as(line)
                        .isEqualTo(their.call(line.split(" ")));
            }
        }
    }
}
