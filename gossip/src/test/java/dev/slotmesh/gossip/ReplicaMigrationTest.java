package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeFlags;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, section 13: this node and 6 and 7 are replicas of peer 1, peer 2's replica 8 fails. */
class ReplicaMigrationTest {
    @Test
    void shouldGoToThePrimaryThatHasLostItsReplicas() {
        Bench bench = bench(GossipSettings.Failover.DEFAULTS, 6, 7);
        orphan(bench);
        turns(bench, 50);
        assertThat(bench.view.myPrimary().id()).isEqualTo(Bench.id(1));

        turns(bench, 3);

        assertThat(bench.view.myPrimary().id()).isEqualTo(Bench.id(2));
        assertThat(bench.effects).contains("replicate 2 at 10.0.0.2:7000");
        assertThat(bench.noticesOf(FailoverNotice.Migrating.class)).hasSize(1);
    }

    @Test
    void shouldLeaveItToTheReplicaWithTheSmallestId() {
        Bench bench = bench(GossipSettings.Failover.DEFAULTS, 3, 7);
        orphan(bench);

        turns(bench, 100);

        assertThat(bench.view.myPrimary().id()).isEqualTo(Bench.id(1));
    }

    @Test
    void shouldStayWhereTheBarrierWantsIt() {
        Bench bench = bench(new GossipSettings.Failover(false, 10, 10_000, true, 3), 6, 7);
        orphan(bench);

        turns(bench, 100);

        assertThat(bench.view.myPrimary().id()).isEqualTo(Bench.id(1));
    }

    @Test
    void shouldStayWhenMigrationIsNotAllowed() {
        Bench bench = bench(GossipSettings.Failover.DEFAULTS.withAllowMigration(false), 6, 7);
        orphan(bench);

        turns(bench, 100);

        assertThat(bench.view.myPrimary().id()).isEqualTo(Bench.id(1));
    }

    /** This node's siblings; all slots are covered, so that the cluster state is ok. */
    private static Bench bench(GossipSettings.Failover failover, int... siblings) {
        List<String> lines = new ArrayList<>(List.of(
                "me " + Bench.MY_IP + ":7000@17000 myself,slave n1 0 0 0 connected",
                "n1 10.0.0.1:7000@17000 master - 0 1 1 connected 0-8000",
                "n2 10.0.0.2:7000@17000 master - 0 1 2 connected 8001-16383"));
        for (int sibling : siblings) {
            lines.add(ElectionTest.replicaLine(sibling, 1));
        }
        lines.add(ElectionTest.replicaLine(8, 2));
        Bench bench = Bench.with(
                Bench.settings().withNodeTimeoutMs(600_000).withFailover(failover),
                lines.toArray(String[]::new));
        bench.tick();
        assertThat(bench.view.stateOk()).isTrue();
        return bench;
    }

    private static void orphan(Bench bench) {
        Peer teller = bench.lasting(1);
        teller.slots = Bench.slots(0, 8000);
        teller.pings();
        teller.says(new BusMessage.Fail(teller.header(), Bench.id(8)));
        assertThat(bench.entry(Bench.id(2)).flags() & NodeFlags.MIGRATE_TO).isNotZero();
    }

    private static void turns(Bench bench, int count) {
        bench.tickFor(count * TickRules.PERIOD_MS);
    }
}
