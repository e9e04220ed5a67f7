package dev.slotmesh.server.resharding;

import static dev.slotmesh.server.resharding.ToolCluster.address;
import static dev.slotmesh.server.resharding.ToolCluster.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code redis-cli --cluster} reshard, rebalance, add-node and del-node while clients write to the slots that move. Every test
 * leaves the cluster with all slots at the first three nodes.
 */
@ParameterizedClass
@MethodSource("lineups")
@Timeout(300)
final class MovingToolsTest {
    private static final long SEED = 20_261_123;
    private static final int MOVING_SLOTS = 20;
    private static final int THREADS = 3;
    /** At least so many slots more has the node of the greater weight. */
    private static final int MORE = 25;

    private static final long WRITES_BETWEEN = 100;

    private static ToolCluster cluster;
    private static Deposit deposit;
    private static List<String> tags;

    @Parameter
    private Lineup lineup;

    static Stream<Lineup> lineups() {
        return Lineup.chosen();
    }

    /** The values get into the cluster by {@code import}, into the first slots of the first node. */
    @BeforeParameterizedClassInvocation
    static void form(Lineup lineup) {
        tags = Deposit.tagsWithin(0, MOVING_SLOTS, MOVING_SLOTS / 2);
        cluster = ToolCluster.create(lineup.primaries());
        deposit = Deposit.under(tags);
        cluster.tool(
                "import",
                address(cluster.ports().get(2)),
                "--cluster-from",
                address(deposit.port()),
                "--cluster-copy");
        deposit.assertIn(cluster);
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

    private Traffic startTraffic() {
        return Traffic.start(cluster.ports(), tags, THREADS, SEED);
    }

    private static void awaitWrites(Traffic traffic) {
        long soFar = traffic.acknowledged();
        cluster.await("writes", () -> traffic.acknowledged() >= soFar + WRITES_BETWEEN);
    }

    private void assertAllWell(Traffic traffic) {
        traffic.end();
        System.out.println(lineup + ": " + traffic);
        cluster.assertInOrder();
        assertThat(traffic.discrepancies()).isEmpty();
        deposit.assertIn(cluster);
    }

    /** The same slots from each to the next, until they are back at the first. */
    @Test
    void shouldReshardUnderLoad() {
        try (Traffic traffic = startTraffic()) {
            awaitWrites(traffic);
            for (int from = 0; from < 3; from++) {
                int target = member(from + 1);
                cluster.tool(
                        "reshard",
                        address(member(from + 2)),
                        "--cluster-from",
                        id(member(from)),
                        "--cluster-to",
                        id(target),
                        "--cluster-slots",
                        "" + MOVING_SLOTS,
                        "--cluster-pipeline",
                        "" + (3 + 7 * from),
                        "--cluster-timeout",
                        "30000",
                        "--cluster-yes");
                assertThat(cluster.owner(0)).isEqualTo(target);
                assertThat(cluster.owner(MOVING_SLOTS - 1)).isEqualTo(target);
                cluster.assertInOrder();
                awaitWrites(traffic);
            }
            assertAllWell(traffic);
        }
    }

    /** By weight there and back; and what is only simulated changes nothing. */
    @Test
    void shouldRebalanceByWeightUnderLoad() {
        String heavy = id(member(1)) + "=1.01";
        try (Traffic traffic = startTraffic()) {
            awaitWrites(traffic);
            int before = ToolCluster.slotCount(member(1));
            assertThat(rebalance(
                            "--cluster-weight",
                            heavy,
                            "--cluster-simulate",
                            "--cluster-threshold",
                            "0.3"))
                    .contains("Moving");
            assertThat(ToolCluster.slotCount(member(1))).isEqualTo(before);

            rebalance("--cluster-weight", heavy, "--cluster-threshold", "0.3");
            cluster.assertInOrder();
            assertThat(ToolCluster.slotCount(member(1))).isGreaterThan(before + MORE);

            rebalance("--cluster-threshold", "0.3");
            assertThat(ToolCluster.slotCount(member(1))).isLessThan(before + MORE);
            awaitWrites(traffic);
            assertAllWell(traffic);
        }
    }

    private static String rebalance(String... words) {
        return cluster.tool(
                Stream.concat(Stream.of("rebalance", address(member(0))), Stream.of(words))
                        .toArray(String[]::new));
    }

    /** A node joins, gets slots for being empty, gives them back, and leaves. */
    @Test
    void shouldAddFillEmptyAndDeleteAPrimaryUnderLoad() {
        int added = cluster.startNode(lineup.newcomer());
        try (Traffic traffic = startTraffic()) {
            awaitWrites(traffic);
            assertThat(cluster.tool("add-node", address(added), address(member(1))))
                    .contains("[OK] New node added correctly.");
            cluster.awaitAgreement();

            rebalance("--cluster-use-empty-masters", "--cluster-weight", id(added) + "=0.01");
            cluster.assertInOrder();
            assertThat(ToolCluster.slotCount(added)).isBetween(40, 70);
            awaitWrites(traffic);

            rebalance("--cluster-weight", id(added) + "=0");
            cluster.awaitAgreement();
            assertThat(ToolCluster.slotCount(added)).isZero();

            cluster.tool("del-node", address(member(2)), id(added));
            cluster.leave(added);
            awaitWrites(traffic);
            assertAllWell(traffic);
        }
        assertThat(ToolCluster.ask(added, "CLUSTER", "INFO")).contains("cluster_known_nodes:1\r\n");
    }

    /** A replica joins the node whose slots move away and back: it has what its primary has, and nothing else. */
    @Test
    void shouldKeepAReplicaInStepWhileSlotsMove() {
        int replica = cluster.startNode(lineup.newcomer());
        String first = id(member(0));
        try (Traffic traffic = startTraffic()) {
            cluster.tool(
                    "add-node",
                    address(replica),
                    address(member(2)),
                    "--cluster-slave",
                    "--cluster-master-id",
                    first);
            cluster.await(
                    "a replica that follows",
                    () -> ToolCluster.ask(replica, "ROLE").contains("\r\nconnected\r\n"));
            for (int round = 0; round < 2; round++) {
                cluster.tool(
                        "reshard",
                        address(member(0)),
                        "--cluster-from",
                        id(member(round)),
                        "--cluster-to",
                        id(member(1 - round)),
                        "--cluster-slots",
                        "" + MOVING_SLOTS,
                        "--cluster-replace",
                        "--cluster-yes");
                awaitWrites(traffic);
            }
            traffic.end();
            awaitSameKeys(replica);
            assertThat(cluster.tool("info", address(replica))).contains("1 slaves");
            cluster.tool("del-node", address(member(1)), id(replica));
            cluster.leave(replica);
            assertAllWell(traffic);
        }
    }

    private static void awaitSameKeys(int replica) {
        cluster.await(
                "a replica in step",
                () -> ToolCluster.ask(replica, "DEBUG", "DIGEST")
                        .equals(ToolCluster.ask(member(0), "DEBUG", "DIGEST")));
    }
}
