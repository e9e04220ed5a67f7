package dev.slotmesh.server.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ToolRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Both tools in one cluster of two redis-servers and a Slotmesh node, all with a password. */
@Timeout(120)
final class MovesBetweenServersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "open sesame";
    private static final Map<String, String> ENVIRONMENT = Map.of("REDISCLI_AUTH", PASSWORD);
    private static final int KEYS = 1000;
    private static final int SLOTS_WITH_KEYS = 100;
    private static final String[] DIRECTIVES = {
        "--cluster-enabled", "yes", "--requirepass", PASSWORD, "--masterauth", PASSWORD
    };

    @TempDir
    static Path directory;

    private static RedisOracle first;
    private static RedisOracle second;
    private static Node slotmesh;

    @BeforeAll
    static void form() throws Exception {
        first = RedisOracle.start(DIRECTIVES);
        second = RedisOracle.start(DIRECTIVES);
        slotmesh = EmbeddedNode.start(directory, DIRECTIVES);
        call(first.port(), "CLUSTER", "ADDSLOTSRANGE", "0", "5499");
        call(second.port(), "CLUSTER", "ADDSLOTSRANGE", "5500", "10999");
        call(slotmesh.port(), "CLUSTER", "ADDSLOTSRANGE", "11000", "16383");
        for (int at = 0; at < 3; at++) {
            call(ports().get(at), "CLUSTER", "SET-CONFIG-EPOCH", "" + (at + 1));
        }
        for (int port : ports()) {
            call(first.port(), "CLUSTER", "MEET", "127.0.0.1", "" + port);
        }
    }

    @AfterAll
    static void end() {
        if (slotmesh != null) {
            slotmesh.close();
        }
        first.close();
        second.close();
    }

    /** The first server with slots 0 to 5,499, the second up to 10,999, the node with the others; no keys. */
    @BeforeEach
    void shareOut() {
        for (int port : ports()) {
            await().atMost(PATIENCE)
                    .until(() -> call(port, "CLUSTER", "INFO").contains("state:ok"));
            call(port, "FLUSHALL");
        }
        assertMoved(run(
                "reshard " + seed() + " --to " + id(first.port()) + " --slots-range 0-5499 --yes"));
        assertMoved(run("reshard " + seed() + " --to " + id(second.port())
                + " --slots-range 5500-10999 --yes"));
        assertMoved(run("reshard " + seed() + " --to " + id(slotmesh.port())
                + " --slots-range 11000-16383 --yes"));
    }

    private static List<Integer> ports() {
        return List.of(first.port(), second.port(), slotmesh.port());
    }

    private static String seed() {
        return "127.0.0.1:" + first.port();
    }

    private static ToolOutcome run(String line) {
        return ToolOutcome.of(ENVIRONMENT, line);
    }

    private static void assertMoved(ToolOutcome outcome) {
        assertThat(outcome.output())
                .matches("(?s).*(all primaries agree|Nothing has to be moved)\\.\\s*");
        assertThat(outcome.exitCode()).isZero();
    }

    private static String call(int port, String... words) {
        try (RespConnection client = RespConnection.to(port)) {
            client.call("AUTH", PASSWORD);
            return client.call(words);
        }
    }

    private static String id(int port) {
        return call(port, "CLUSTER", "MYID").substring(5, 45);
    }

    /** Keys of slots 0 to 99, which the first server has; some of them are lists. */
    private static void fill() {
        try (RespConnection client = RespConnection.to(first.port())) {
            client.call("AUTH", PASSWORD);
            int written = 0;
            for (int at = 0; written < KEYS; at++) {
                String key = "key\n" + at;
                if (JedisClusterCRC16.getSlot(key) < SLOTS_WITH_KEYS) {
                    client.sendCommand(at % 3 == 0 ? "RPUSH" : "SET", key, "value " + at);
                    written++;
                }
            }
            IntStream.range(0, KEYS)
                    .forEach(at -> assertThat(client.readReplyText()).doesNotStartWith("-"));
        }
    }

    private static int keysOf(int port) {
        return Integer.parseInt(call(port, "DBSIZE").substring(1).strip());
    }

    /** All slots are owned, all nodes agree, nothing is open, as redis-cli sees it. */
    private static void assertSound() {
        ToolRun check = ToolRun.ofRedis("redis-cli", "-a", PASSWORD, "--cluster", "check", seed());
        assertThat(check.output())
                .contains("[OK] All nodes agree about slots configuration.")
                .contains("[OK] All 16384 slots covered.")
                .doesNotContain("open slots:");
        assertThat(ports().stream().mapToInt(MovesBetweenServersTest::keysOf).sum())
                .isEqualTo(KEYS);
    }

    @Test
    void shouldMoveSlotsFromOneKindOfServerToTheOther() {
        fill();

        ToolOutcome there = run("reshard " + seed() + " --from " + id(first.port()) + " --to "
                + "127.0.0.1:" + slotmesh.port() + " --slots-range 0-99 --yes");

        assertMoved(there);
        assertThat(there.output()).contains("0 -> 1,000", "Moved 100 slots with 1,000 keys");
        assertThat(keysOf(slotmesh.port())).isEqualTo(KEYS);
        assertSound();

        assertMoved(run("reshard " + seed() + " --from " + id(slotmesh.port()) + " --to "
                + id(second.port()) + " --slots-range 0-99 --yes"));

        assertThat(keysOf(second.port())).isEqualTo(KEYS);
        assertSound();
    }

    @Test
    void shouldBalanceKeys() {
        fill();

        ToolOutcome outcome = run("rebalance " + seed() + " --by keys --threshold 5 --yes");

        assertMoved(outcome);
        for (int port : ports()) {
            assertThat(keysOf(port)).isBetween(KEYS / 3 - KEYS / 40, KEYS / 3 + KEYS / 40);
        }
        assertSound();
        assertThat(run("rebalance " + seed() + " --by keys --threshold 5").output())
                .contains("Nothing has to be moved.");
    }

    @Test
    void shouldBalanceSlotsByWeight() {
        ToolOutcome outcome =
                run("rebalance " + seed() + " --weight " + id(first.port()) + "=1.1 --yes");

        assertMoved(outcome);
        assertThat(outcome.output()).contains("5,500 -> 5,813", "5,500 -> 5,286", "5,384 -> 5,285");
        assertThat(run("rebalance " + seed() + " --dry-run --weight " + id(first.port()) + "=1.1")
                        .output())
                .contains("Nothing has to be moved.");
    }

    @Test
    void shouldFinishWhatWasLeftHalfWay() {
        fill();
        String source = id(first.port());
        String target = id(slotmesh.port());
        call(slotmesh.port(), "CLUSTER", "SETSLOT", "7", "IMPORTING", source);
        call(first.port(), "CLUSTER", "SETSLOT", "7", "MIGRATING", target);
        call(first.port(), "CLUSTER", "SETSLOT", "8", "MIGRATING", target);
        String key = call(first.port(), "CLUSTER", "GETKEYSINSLOT", "7", "1")
                .split("\r\n", 3)[2]
                .strip();
        assertThat(call(
                        first.port(),
                        "MIGRATE",
                        "127.0.0.1",
                        "" + slotmesh.port(),
                        key,
                        "0",
                        "10000",
                        "AUTH",
                        PASSWORD))
                .isEqualTo("+OK\r\n");

        ToolOutcome outcome = run("reshard " + seed() + " --to " + id(second.port()) + " --from "
                + source + " --slots-range 9 --yes");

        assertMoved(outcome);
        assertThat(outcome.output())
                .contains("Left half-way by an earlier run, finished first:")
                .contains("Moved 3 slots");
        assertThat(call(second.port(), "CLUSTER", "NODES"))
                .containsPattern(target + ".* connected 7-8 11000-16383")
                .containsPattern(id(second.port()) + ".* connected 9 5500-10999");
        assertSound();
    }

    @Test
    void shouldAskAndTakeNoForAnAnswer() {
        String line =
                "reshard " + seed() + " --password sesame --to " + id(second.port()) + " --slots 1";
        assertThat(run(line).output()).contains("refuses the password");
        String authorised = "rebalance " + seed() + " --threshold 0";

        ToolOutcome unasked = run(authorised);
        assertThat(unasked.exitCode()).isEqualTo(2);
        assertThat(unasked.output()).contains("nobody is there to agree: add --yes");

        ToolOutcome refused = ToolOutcome.answered(ENVIRONMENT, authorised, "n");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output()).contains("Move them? [y/N]", "nothing was changed");

        ToolOutcome agreed = ToolOutcome.answered(ENVIRONMENT, authorised, "yes");
        assertMoved(agreed);
        assertThat(agreed.output()).contains("5,384 -> 5,461");
    }

    @Test
    void shouldSayWhereFiguresAreMissing() {
        ToolOutcome outcome = run("rebalance " + seed() + " --by memory --yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("CONFIG SET cluster-slot-stats-enabled yes", "--by keys");
    }

    @Test
    void shouldRefuseAClusterThatHasSlotsOfNobody() {
        call(second.port(), "CLUSTER", "DELSLOTS", "6000");
        try {
            ToolOutcome outcome = run("rebalance " + seed() + " --yes");

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.output())
                    .contains("not in a state to move slots", "sees other owners of slots")
                    .contains("redis-cli --cluster fix " + seed());
        } finally {
            call(second.port(), "CLUSTER", "ADDSLOTS", "6000");
        }
    }

    /** The operator stops it while keys are on their way: the open slots are finished, no others are begun. */
    @Test
    void shouldStopWithNoSlotHalfWay() throws Exception {
        fill();
        Interruption interruption = new Interruption();
        AtomicInteger looks = new AtomicInteger();

        int moved = move("0-999", interruption, () -> looks.incrementAndGet() == 5);

        assertThat(moved).isBetween(1, 999);
        Inspection after = inspect();
        assertThat(after.open()).isEmpty();
        Member target = after.map().byId(id(slotmesh.port())).orElseThrow();
        assertThat(target.slots().cardinality()).isEqualTo(5384 + moved);
        assertSound();
    }

    /** Told twice, it ends in the middle and says what is open; the next run finishes that. */
    @Test
    void shouldStopAtOnceWhenToldTwice() throws Exception {
        fill();
        Interruption interruption = new Interruption();
        AtomicInteger looks = new AtomicInteger();

        assertThatThrownBy(() -> move(
                        "0-9",
                        interruption,
                        () -> looks.incrementAndGet() == 3 && interruption.ask()))
                .isInstanceOf(ReshardFailure.class)
                .hasMessageStartingWith("stopped at once, as told twice")
                .hasMessageContaining("slots 0-9 are half-way from 127.0.0.1:" + first.port());

        assertThat(inspect().open()).hasSize(10);
        ToolOutcome next = run("reshard " + seed() + " --to " + id(slotmesh.port())
                + " --slots-range 10 --from " + id(first.port()) + " --yes");
        assertMoved(next);
        assertThat(next.output()).contains("Left half-way by an earlier run", "Moved 11 slots");
        assertSound();
    }

    private static Inspection inspect() throws ReshardFailure {
        try (Cluster cluster = new Cluster(
                Address.parse(seed()), new Credentials("", PASSWORD), 10_000, new Interruption())) {
            return Inspection.ofSound(cluster, 30_000, new Interruption());
        }
    }

    /**
     * Moves slots of the first server to the node, key by key, and asks to stop when a look at the clock tells to.
     *
     * @return how many it has moved
     */
    private static int move(String slots, Interruption interruption, BooleanSupplier asks)
            throws ReshardFailure {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        Credentials credentials = new Credentials("", PASSWORD);
        try (Cluster cluster =
                new Cluster(Address.parse(seed()), credentials, 10_000, interruption)) {
            ClusterMap map = cluster.map();
            Figures figures = FigureReader.read(cluster, map);
            Plan.Draft draft = new Plan.Draft();
            draft.add(id(first.port()), id(slotmesh.port()), SlotRuns.parse(slots));
            Progress progress = new Progress(
                    new Terminal(nowhere, nowhere, Optional.empty()), draft.plan(), figures, () -> {
                        if (asks.getAsBoolean()) {
                            interruption.ask();
                        }
                        return System.nanoTime();
                    });
            KeySettings settings = new KeySettings(10, 10_000, false, true);
            new KeyMover(cluster, map, settings, progress, interruption)
                    .move(draft.plan().moves());
            return progress.slotsMoved();
        }
    }
}
