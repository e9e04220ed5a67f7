package dev.slotmesh.server.resharding;

import static dev.slotmesh.server.resharding.ToolCluster.address;
import static dev.slotmesh.server.resharding.ToolCluster.ask;
import static dev.slotmesh.server.resharding.ToolCluster.id;
import static dev.slotmesh.server.resharding.ToolCluster.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * {@code redis-cli --cluster} fix on whatever an ended reshard and careless operators leave, while clients write to other slots:
 * the tool makes one of several holders of a slot's keys its owner before it moves the rest, so what is written to that slot
 * meanwhile is at odds with it, with whatever servers. And import, backup, set-timeout, call and info.
 */
@ParameterizedClass
@MethodSource("lineups")
@Timeout(300)
final class RepairToolsTest {
    private static final long SEED = 61_123;
    private static final int THREADS = 3;
    private static final int TAGS = 6;
    /** What is mended lies in slots below, what is written meanwhile in others. */
    private static final int MENDED_SLOTS = 400;

    private static final int PATIENCE_SECONDS = 60;

    private static ToolCluster cluster;
    private static Deposit deposit;
    private static List<String> tags;
    private static List<String> writtenTags;

    @Parameter
    private Lineup lineup;

    static Stream<Lineup> lineups() {
        return Lineup.chosen();
    }

    @BeforeParameterizedClassInvocation
    static void form(Lineup lineup) {
        tags = Deposit.tagsWithin(0, MENDED_SLOTS, TAGS);
        writtenTags = Deposit.tagsWithin(MENDED_SLOTS, 16_384, 3 * TAGS);
        cluster = ToolCluster.create(lineup.primaries());
        deposit = Deposit.under(tags);
        cluster.tool(
                "import",
                address(member(1)),
                "--cluster-from",
                address(deposit.port()),
                "--cluster-copy");
    }

    @AfterParameterizedClassInvocation
    static void end() {
        if (cluster != null) {
            cluster.close();
            cluster = null;
        }
        if (deposit != null) {
            deposit.close();
            deposit = null;
        }
    }

    private static int member(int index) {
        return cluster.ports().get(index % 3);
    }

    private static int slot(int tag) {
        return JedisClusterCRC16.getSlot(tags.get(tag));
    }

    private static String slotText(int tag) {
        return "" + slot(tag);
    }

    private static int other(int port) {
        return cluster.ports().stream().filter(each -> each != port).findFirst().orElseThrow();
    }

    private Traffic startTraffic() {
        Traffic traffic = Traffic.start(cluster.ports(), writtenTags, THREADS, SEED);
        cluster.await("writes", () -> traffic.acknowledged() > 50);
        return traffic;
    }

    private void assertAllWell(Traffic traffic) {
        long soFar = traffic.acknowledged();
        cluster.await("writes", () -> traffic.acknowledged() > soFar + 50);
        traffic.end();
        System.out.println(lineup + ": " + traffic);
        cluster.assertInOrder();
        assertThat(traffic.discrepancies()).isEmpty();
        deposit.assertIn(cluster);
    }

    private static void fix() {
        cluster.tool("fix", address(member(2)));
    }

    /**
     * From each member to the next: marks on both, some of the keys over there. The tool brings them back to the one who has most,
     * which is the owner here. Were it the other one, the tool would give it the slot first and a greater configEpoch after that; a
     * heartbeat of the owner in between takes the slot, and with it the keys, from whatever server.
     */
    @Test
    void shouldEndMovesThatStoppedHalfway() {
        try (Traffic traffic = startTraffic()) {
            for (int round = 0; round < 3; round++) {
                int source = cluster.owner(slot(0));
                int target = member(cluster.ports().indexOf(source) + 1);
                open(source, target);
                int keys = countKeys(source);
                assertThat(keys).isGreaterThan(5);
                migrate(source, target, keys / 3);

                fix();

                cluster.assertInOrder();
                assertThat(cluster.owner(slot(0))).isEqualTo(source);
                assertThat(countKeys(source)).isEqualTo(keys);
                open(source, target);
                migrate(source, target, keys);
                order(target, "CLUSTER", "SETSLOT", slotText(0), "NODE", id(target));
                order(source, "CLUSTER", "SETSLOT", slotText(0), "NODE", id(target));
                cluster.awaitAgreement();
            }
            assertAllWell(traffic);
        }
    }

    private static void open(int source, int target) {
        order(target, "CLUSTER", "SETSLOT", slotText(0), "IMPORTING", id(source));
        order(source, "CLUSTER", "SETSLOT", slotText(0), "MIGRATING", id(target));
    }

    private static int countKeys(int port) {
        String count = ask(port, "CLUSTER", "COUNTKEYSINSLOT", slotText(0));
        return Integer.parseInt(count.substring(1).strip());
    }

    private static void migrate(int source, int target, int count) {
        String[] lines =
                ask(source, "CLUSTER", "GETKEYSINSLOT", slotText(0), "" + count).split("\r\n");
        for (int i = 2; i < lines.length; i += 2) {
            order(source, "MIGRATE", "127.0.0.1", "" + target, lines[i], "0", "10000");
        }
    }

    /** redis-cli is killed while a slot is open. */
    @Test
    void shouldEndAReshardThatWasKilled() throws Exception {
        int source = cluster.owner(slot(1));
        int target = other(source);
        try (Traffic traffic = startTraffic()) {
            Process tool = new ProcessBuilder(
                            "redis-cli",
                            "--cluster",
                            "reshard",
                            address(source),
                            "--cluster-from",
                            id(source),
                            "--cluster-to",
                            id(target),
                            "--cluster-slots",
                            "1000",
                            "--cluster-pipeline",
                            "1",
                            "--cluster-yes")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                cluster.await(
                        "an open slot", () -> ask(source, "CLUSTER", "NODES").contains("->-"));
            } finally {
                tool.destroyForcibly();
                assertThat(tool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            }

            fix();

            assertAllWell(traffic);
        }
    }

    /** Marks on one side only: the owner's, with keys; another node's, who holds a key that the owner does not have. */
    @Test
    void shouldCloseSlotsThatAreOpenOnOneSide() {
        int owner = cluster.owner(slot(2));
        int stranger = other(owner);
        String orphan = "{" + tags.get(3) + "}orphan";
        try (Traffic traffic = startTraffic()) {
            order(owner, "CLUSTER", "SETSLOT", slotText(2), "MIGRATING", id(stranger));
            order(stranger, "CLUSTER", "SETSLOT", slotText(3), "IMPORTING", id(owner));
            store(stranger, orphan);

            fix();

            assertAllWell(traffic);
        }
        assertThat(ask(cluster.owner(slot(3)), "GET", orphan)).isEqualTo("$5\r\nvalue\r\n");
        assertThat(ask(cluster.owner(slot(3)), "DEL", orphan)).isEqualTo(":1\r\n");
    }

    private static void store(int importing, String key) {
        try (RespConnection client = RespConnection.to(importing)) {
            client.call("ASKING");
            assertThat(client.call("SET", key, "value")).isEqualTo("+OK\r\n");
        }
    }

    /** An empty slot, one with keys at one node, one with keys at two nodes: nobody owns them. */
    @Test
    void shouldCoverSlotsThatNobodyOwns() {
        int owner = cluster.owner(slot(4));
        int stranger = other(owner);
        String orphan = "{" + tags.get(5) + "}orphan";
        order(stranger, "CLUSTER", "SETSLOT", slotText(5), "IMPORTING", id(owner));
        store(stranger, orphan);
        order(stranger, "CLUSTER", "SETSLOT", slotText(5), "STABLE");
        requireFullCoverage("no");
        int[] slots = {slot(4), slot(5), emptySlot()};
        for (int slot : slots) {
            order(cluster.owner(slot), "CLUSTER", "DELSLOTS", "" + slot);
        }
        for (int round = 0; round < 3; round++) {
            for (int slot : slots) {
                dropFromAll(slot);
            }
        }
        assertThat(ToolCluster.run("check", address(owner)).exitCode()).isNotZero();

        fix();

        cluster.assertInOrder();
        requireFullCoverage("yes");
        deposit.assertIn(cluster);
        int now = cluster.owner(slot(5));
        assertThat(ask(now, "GET", orphan)).isEqualTo("$5\r\nvalue\r\n");
        assertThat(ask(now, "DEL", orphan)).isEqualTo(":1\r\n");
    }

    /** Otherwise keys cannot be moved from a node that has not heard yet that all slots are covered again. */
    private static void requireFullCoverage(String value) {
        cluster.ports()
                .forEach(port ->
                        order(port, "CONFIG", "SET", "cluster-require-full-coverage", value));
    }

    private static int emptySlot() {
        int slot = 0;
        while (isUsed(slot)) {
            slot++;
        }
        return slot;
    }

    private static boolean isUsed(int slot) {
        return tags.stream().anyMatch(tag -> JedisClusterCRC16.getSlot(tag) == slot);
    }

    /** The others are told until they have heard that the owner does not claim it any more; what was on its way may come later. */
    private static void dropFromAll(int slot) {
        for (int port : cluster.ports()) {
            cluster.await("an unowned slot at " + port, () -> {
                ask(port, "CLUSTER", "DELSLOTS", "" + slot);
                return ask(port, "CLUSTER", "DELSLOTS", "" + slot).contains("already unassigned");
            });
        }
    }

    /** Without copy the standalone server is empty afterwards; what is there already is only replaced when that is asked for. */
    @Test
    void shouldImportFromAStandaloneServer() {
        try (RedisOracle standalone = RedisOracle.start();
                RespConnection client = standalone.connect()) {
            for (int i = 0; i < 30; i++) {
                assertThat(client.call("SET", "imported" + i, "first")).isEqualTo("+OK\r\n");
            }
            String from = address(standalone.port());
            cluster.tool("import", address(member(0)), "--cluster-from", from, "--cluster-copy");
            assertThat(client.call("DBSIZE")).isEqualTo(":30\r\n");
            client.call("SET", "imported7", "second");

            assertThat(ToolCluster.run("import", address(member(1)), "--cluster-from", from)
                            .output())
                    .contains("BUSYKEY");
            assertThat(importedAt("imported7")).isEqualTo("$5\r\nfirst\r\n");

            cluster.tool("import", address(member(2)), "--cluster-from", from, "--cluster-replace");
            assertThat(client.call("DBSIZE")).isEqualTo(":0\r\n");
        }
        assertThat(importedAt("imported7")).isEqualTo("$6\r\nsecond\r\n");
        for (int i = 0; i < 30; i++) {
            assertThat(importedAt("imported" + i)).startsWith("$");
        }
        cluster.assertInOrder();
    }

    private static String importedAt(String key) {
        return ask(cluster.owner(JedisClusterCRC16.getSlot(key)), "GET", key);
    }

    /** The snapshots of all primaries together hold all keys. */
    @Test
    void shouldBackUpAllPrimaries() throws IOException {
        int keys = 0;
        for (int port : cluster.ports()) {
            keys += ToolCluster.keys(port).size();
        }
        try (TemporaryDirectory directory = new TemporaryDirectory("backup-")) {
            cluster.tool("backup", address(member(1)), directory.path().toString());

            List<Path> files;
            try (Stream<Path> all = Files.list(directory.path())) {
                files = all.filter(file -> file.toString().endsWith(".rdb")).toList();
            }
            assertThat(files).hasSize(3);
            assertThat(directory.path().resolve("nodes.json")).isNotEmptyFile();
            for (Path file : files) {
                keys -= keysIn(file);
            }
            assertThat(keys).isZero();
        }
    }

    private static int keysIn(Path file) {
        try (RedisOracle reader = RedisOracle.start(
                "--dir",
                file.getParent().toString(),
                "--dbfilename",
                file.getFileName().toString())) {
            return ToolCluster.keys(reader.port()).size();
        }
    }

    @Test
    void shouldSetTheNodeTimeoutOfAllAndKeepIt() {
        String at = address(member(0));

        assertThat(cluster.tool("set-timeout", at, "14321"))
                .contains("New node timeout set. 3 OK, 0 ERR.");

        String asked = cluster.tool("call", at, "config", "get", "cluster-node-timeout");
        assertThat(asked.split("14321", -1)).hasSize(4);
        for (int port : cluster.ports()) {
            assertThat(ask(port, "CONFIG", "REWRITE")).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void shouldCallAllNodesAndTellOfThem() {
        assertThat(cluster.tool("call", address(member(1)), "PING").split("PONG", -1))
                .hasSize(4);
        assertThat(cluster.tool("call", address(member(1)), "DBSIZE", "--cluster-only-masters"))
                .contains(address(member(0)) + ": ");
        assertThat(cluster.tool("info", address(member(2))))
                .contains("[OK]", "keys in 3 masters")
                .doesNotContain("ERR");
        assertThat(cluster.tool("check", address(member(0)), "--cluster-search-multiple-owners"))
                .contains("[OK] All 16384 slots covered.");
    }
}
