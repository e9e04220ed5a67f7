package dev.slotmesh.server.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.local.LocalCluster;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ToolRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Both tools in a cluster of four Slotmesh nodes, which hand over whole slots. */
@Timeout(120)
final class WholeSlotsTest {
    private static final int KEYS = 3000;

    private static LocalCluster cluster;
    private static List<String> ids;

    @BeforeAll
    static void form() throws Exception {
        cluster = LocalCluster.start(
                LocalCluster.Options.nodes(4).with("--cluster-allow-replica-migration", "no"));
        ids = new ArrayList<>();
        for (int port : cluster.ports()) {
            ids.add(call(port, "CLUSTER", "MYID").substring(5, 45));
        }
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    /** A quarter of the slots for each, whatever the test before has left. */
    @BeforeEach
    void shareOut() {
        for (int at = 0; at < 4; at++) {
            assertThat(call(cluster.ports().get(at), "FLUSHALL")).isEqualTo("+OK\r\n");
        }
        assertMoved(run("rebalance " + seed() + " --use-empty-primaries --threshold 0 --yes"));
    }

    private static String seed() {
        return "127.0.0.1:" + cluster.ports().get(0);
    }

    private static ToolOutcome run(String line) {
        return ToolOutcome.of(Map.of(), line);
    }

    private static String call(int port, String... words) {
        try (RespConnection client = RespConnection.to(port)) {
            return client.call(words);
        }
    }

    private static void assertMoved(ToolOutcome outcome) {
        assertThat(outcome.output())
                .matches("(?s).*(all primaries agree|Nothing has to be moved)\\.\\s*")
                .doesNotContain("key by key");
        assertThat(outcome.exitCode()).isZero();
    }

    private static void fill() throws Exception {
        List<RespConnection> clients = new ArrayList<>();
        cluster.ports().forEach(port -> clients.add(RespConnection.to(port)));
        Inspection inspection = inspect();
        for (int at = 0; at < KEYS; at++) {
            String key = "key " + at;
            Member owner =
                    inspection.map().owner(JedisClusterCRC16.getSlot(key)).orElseThrow();
            RespConnection client = clients.get(ids.indexOf(owner.id()));
            assertThat(client.call("SET", key, "value " + at)).isEqualTo("+OK\r\n");
        }
        clients.forEach(RespConnection::close);
    }

    private static Inspection inspect() throws ReshardFailure {
        try (Cluster seen =
                new Cluster(Address.parse(seed()), Credentials.NONE, 10_000, new Interruption())) {
            return Inspection.ofSound(seen, 30_000, new Interruption());
        }
    }

    private static int keysOf(int at) {
        String size = call(cluster.ports().get(at), "DBSIZE");
        return Integer.parseInt(size.substring(1).strip());
    }

    /** Every key is where its slot is, once; redis-cli finds no fault. */
    private static void assertSound() throws Exception {
        Inspection inspection = inspect();
        assertThat(inspection.open()).isEmpty();
        for (int at = 0; at < KEYS; at += 7) {
            String key = "key " + at;
            Member owner =
                    inspection.map().owner(JedisClusterCRC16.getSlot(key)).orElseThrow();
            assertThat(call(owner.address().port(), "GET", key)).contains("value " + at);
        }
        ToolRun check = ToolRun.ofRedis("redis-cli", "--cluster", "check", seed());
        assertThat(check.exitCode()).as(check.output()).isZero();
        assertThat(check.output())
                .contains("[OK] All nodes agree about slots configuration.")
                .contains("[OK] All 16384 slots covered.");
    }

    @Test
    void shouldFreeANodeAndFillItAgain() throws Exception {
        fill();

        ToolOutcome freed = run("rebalance " + seed() + " --weight " + ids.get(3) + "=0 --yes");

        assertMoved(freed);
        assertThat(freed.output()).contains("whole slots", "4,096 -> 0", "Moved 4,096 slots");
        assertThat(inspect().map().byId(ids.get(3)).orElseThrow().slots().isEmpty())
                .isTrue();
        assertSound();

        ToolOutcome filled = run("rebalance " + seed() + " --use-empty-primaries --yes");

        assertMoved(filled);
        assertThat(filled.output()).contains("0 -> 4,096");
        assertSound();
        assertThat(IntStream.range(0, 4).map(WholeSlotsTest::keysOf)).allMatch(keys -> keys > 600);
    }

    @Test
    void shouldMoveCertainSlots() throws Exception {
        fill();

        assertMoved(run("reshard " + seed() + " --to " + ids.get(0)
                + " --slots-range 4096,5000-5010,9000-9999,16383 --yes"));

        assertThat(SlotRuns.text(inspect().map().byId(ids.get(0)).orElseThrow().slots()))
                .isEqualTo("0-4096,5000-5010,9000-9999,16383");
        assertSound();
    }

    @Test
    void shouldGoKeyByKeyWhenToldTo() throws Exception {
        fill();

        ToolOutcome outcome = run("reshard " + seed() + " --key-by-key --to " + ids.get(0)
                + " --slots-range 4096-4105 --yes");

        assertThat(outcome.output()).contains("key by key", "Moved 10 slots");
        assertThat(outcome.exitCode()).isZero();
        assertSound();
    }

    /** Asked to stop before anything else: no job stays, nothing has moved. */
    @Test
    void shouldCancelWhatIsUnderWay() throws Exception {
        fill();
        Interruption interruption = new Interruption();
        PrintStream asking = new PrintStream(new ByteArrayOutputStream()) {
            @Override
            public void println(String line) {
                if (line.equals("To be moved:")) {
                    interruption.ask();
                }
            }
        };

        int exitCode = ReshardCommand.run(
                List.of(seed(), "--to", ids.get(0), "--slots", "9000", "--yes"),
                Map.of(),
                new Terminal(asking, asking, Optional.empty()),
                interruption);

        assertThat(exitCode).isEqualTo(1);
        assertThat(inspect().map().byId(ids.get(0)).orElseThrow().slots().cardinality())
                .isEqualTo(4096);
        assertSound();
    }
}
