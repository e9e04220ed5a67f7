package dev.slotmesh.server.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RespConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What becomes of clusters of Slotmesh nodes and of both kinds together when a primary is lost, roles are changed by hand, a
 * replica is missing, or everybody moves. Every test leaves its cluster as it found it. Other lineups, as
 * that of real servers alone, run by {@code -Dslotmesh.failover.lineups=ALL_REDIS}.
 */
@ParameterizedClass
@MethodSource("lineups")
@Timeout(300)
final class BesideRedisTest {
    private static final String LINEUPS = "SLOTMESH_PRIMARIES,REDIS_PRIMARIES,ALL_SLOTMESH";
    private static final long NODE_TIMEOUT_MS = 2000;
    private static final int KEYS = 20;
    private static final int ROUND_TRIPS = 2;
    private static final int WRITES_BETWEEN = 50;

    private static RealCluster cluster;

    @Parameter
    private Lineup lineup;

    static Stream<Lineup> lineups() {
        return Arrays.stream(
                        System.getProperty("slotmesh.failover.lineups", LINEUPS).split(","))
                .map(Lineup::valueOf);
    }

    @BeforeParameterizedClassInvocation
    static void form(Lineup lineup) {
        cluster = RealCluster.form(lineup, Network.best(), NODE_TIMEOUT_MS);
    }

    @AfterParameterizedClassInvocation
    static void end() {
        if (cluster != null) {
            cluster.close();
            cluster = null;
        }
    }

    /** Each fault has a shard of its own. */
    @ParameterizedTest
    @EnumSource
    void shouldHaveTheReplicaServeWhenThePrimaryIsLost(Fault fault) {
        int shard = fault.ordinal();
        Member lost = cluster.primary(shard);
        Member heir = cluster.replica(shard);
        write(lost, shard);
        cluster.awaitHealthy();

        try {
            Takeover takeover = Takeover.after(fault, cluster, shard);

            System.out.println(lineup + ", " + fault + ": " + takeover);
            assertHas(heir, shard);
        } finally {
            fault.undo(cluster, lost);
        }
        cluster.awaitHealthy();
        assertThat(cluster.primaryOf(lost)).contains(heir);
        assertThat(heir.isPrimary()).isTrue();
        assertHas(heir, shard);
        cluster.restoreRoles();
        assertHas(lost, shard);
    }

    private static void write(Member primary, int shard) {
        try (RespConnection client = primary.connect()) {
            for (int i = 1; i <= KEYS; i++) {
                assertThat(client.call("SET", RealCluster.key(shard, i), "value"))
                        .isEqualTo("+OK\r\n");
            }
        }
    }

    private static void assertHas(Member primary, int shard) {
        try (RespConnection client = primary.connect()) {
            for (int i = 1; i <= KEYS; i++) {
                assertThat(client.call("GET", RealCluster.key(shard, i)))
                        .as("key %d of %s", i, primary)
                        .isEqualTo("$5\r\nvalue\r\n");
            }
        }
    }

    /** There and back for each shard, and that twice. */
    @Test
    void shouldLoseNoAcknowledgedWriteInFailoversByHand() {
        List<PatientWriter> writers = new ArrayList<>();
        List<Long> tookMs = new ArrayList<>();
        try {
            for (int shard = 0; shard < RealCluster.SHARDS; shard++) {
                writers.add(PatientWriter.start(
                        cluster.address(cluster.primary(0)), RealCluster.key(shard, KEYS + 1)));
            }
            for (int trip = 0; trip < ROUND_TRIPS; trip++) {
                for (int shard = 0; shard < RealCluster.SHARDS; shard++) {
                    awaitWrites(writers.get(shard));
                    tookMs.add(cluster.failOver(cluster.replica(shard)));
                    awaitWrites(writers.get(shard));
                    tookMs.add(cluster.failOver(cluster.primary(shard)));
                }
            }
            writers.forEach(BesideRedisTest::awaitWrites);
            writers.forEach(PatientWriter::end);
            cluster.awaitHealthy();

            assertThat(cluster.members().subList(0, RealCluster.SHARDS))
                    .allMatch(Member::isPrimary);
            System.out.printf("%s, failovers by hand, ms: %s%n", lineup, tookMs);
            for (PatientWriter writer : writers) {
                System.out.printf("%s, beside them: %s%n", lineup, writer);
                assertThat(writer.missing()).as("acknowledged and lost").isEmpty();
            }
        } finally {
            writers.forEach(PatientWriter::close);
        }
    }

    private static void awaitWrites(PatientWriter writer) {
        int soFar = writer.acknowledged();
        cluster.await("writes", () -> writer.acknowledged() >= soFar + WRITES_BETWEEN);
    }

    /** Shard 0 has two replicas and shard 1 loses its only one. It takes long, so only where it happens across kinds. */
    @Test
    void shouldGiveAShardThatLostItsReplicaOneOfAnother() {
        Assumptions.assumeTrue(lineup != Lineup.ALL_SLOTMESH, "one kind");
        Member spare = cluster.replica(2);
        Member lost = cluster.replica(1);
        spare.order("CLUSTER", "REPLICATE", cluster.primary(0).id());
        cluster.awaitHealthy();

        lost.process().kill();

        List<Member> spares = List.of(cluster.replica(0), spare);
        cluster.await(
                "a replica that moved to " + cluster.primary(1),
                () -> spares.stream().anyMatch(each -> isFollowing(each, cluster.primary(1))));
        lost.process().restart();
        cluster.awaitHealthy();
        for (int shard = 0; shard < RealCluster.SHARDS; shard++) {
            cluster.replica(shard)
                    .order("CLUSTER", "REPLICATE", cluster.primary(shard).id());
        }
        cluster.awaitHealthy();
    }

    private static boolean isFollowing(Member replica, Member primary) {
        return cluster.primaryOf(replica).filter(primary::equals).isPresent()
                && replica.info("master_link_status").equals("up");
    }

    /** Meanwhile a replica may be faster than its primary and take over. */
    /**
     * With real servers in the cluster only by {@code -Dslotmesh.failover.moves=true}: they may go back to old addresses that others
     * still tell, which makes it a matter of luck how long it takes.
     */
    @Test
    void shouldFindTogetherAfterARestartAtOtherAddresses() {
        Assumptions.assumeTrue(
                lineup == Lineup.ALL_SLOTMESH || Boolean.getBoolean("slotmesh.failover.moves"),
                "real servers may go back to old addresses");
        List<String> ids = cluster.members().stream().map(Member::id).toList();
        List<Integer> ports = cluster.members().stream().map(Member::port).toList();
        IntStream.range(0, RealCluster.SHARDS)
                .forEach(shard -> write(cluster.primary(shard), shard));
        cluster.awaitHealthy();

        cluster.moveAll();

        cluster.restoreRoles();
        assertThat(cluster.members()).extracting(Member::port).doesNotContainAnyElementsOf(ports);
        assertThat(cluster.members()).extracting(Member::id).isEqualTo(ids);
        for (int shard = 0; shard < RealCluster.SHARDS; shard++) {
            assertHas(cluster.primary(shard), shard);
        }
    }
}
