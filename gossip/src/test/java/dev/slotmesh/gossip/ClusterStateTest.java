package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, section 14: when keys are served. */
class ClusterStateTest {
    private static final String ALL_MINE =
            "me 10.0.0.5:7000@17000 myself,master - 0 0 5 connected 0-16383";
    private static final String HALF_MINE =
            "me 10.0.0.5:7000@17000 myself,master - 0 0 5 connected 0-8191";
    private static final String OTHER_HALF =
            "n1 10.0.0.1:7000@17000 master - 0 1 1 connected 8192-16383";

    /** "I am a primary, state fail, and less than 2000 ms since the first evaluation: return (stay fail)." */
    @Test
    void shouldNotServeInFirstTwoSecondsAsPrimary() {
        Bench bench = Bench.with(ALL_MINE);

        bench.tickFor(1_900);
        boolean early = bench.view.stateOk();
        bench.tickFor(100);

        assertThat(early).isFalse();
        assertThat(bench.view.stateOk()).isTrue();
        assertThat(bench.noticesOf(Notice.ClusterStateChanged.class).get(0).text())
                .isEqualTo("Cluster state changed: ok");
    }

    /** "Replicas have no such delay." */
    @Test
    void shouldServeAtOnceAsReplica() {
        Bench bench = Bench.with(
                "me 10.0.0.5:7000@17000 myself,slave n1 0 0 0 connected",
                "n1 10.0.0.1:7000@17000 master - 0 1 1 connected 0-16383");

        assertThat(bench.view.stateOk()).isTrue();
    }

    /** "unless cluster-require-full-coverage and some slot has no owner". */
    @Test
    void shouldFailWhileSlotHasNoOwnerUnlessCoverageIsNotRequired() {
        String[] lines = {"me 10.0.0.5:7000@17000 myself,master - 0 0 5 connected 0-16382"};
        Bench strict = Bench.with(lines);
        Bench lenient = Bench.with(Bench.settings().withRequireFullCoverage(false), lines);

        strict.tickFor(10_000);
        lenient.tickFor(10_000);

        assertThat(strict.view.stateOk()).isFalse();
        assertThat(lenient.view.stateOk()).isTrue();
    }

    /** "or a FAIL owner. (PFAIL owners do not matter here.)" */
    @Test
    void shouldFailWhenOwnerFails() {
        Bench bench = Bench.with(
                "me 10.0.0.5:7000@17000 myself,master - 0 0 5 connected 0-8000",
                "n1 10.0.0.1:7000@17000 master - 0 1 1 connected 8001-16382",
                "n2 10.0.0.2:7000@17000 master - 0 1 2 connected 16383");
        bench.tickFor(2_100);
        boolean before = bench.view.stateOk();
        Peer peer = bench.peer(2);
        peer.slots = Bench.slots(16383, 16383);
        peer.pings();

        peer.says(new BusMessage.Fail(peer.header(), Bench.id(1)));

        assertThat(before).isTrue();
        assertThat(bench.view.stateOk()).isFalse();
        assertThat(bench.view.counts().slotsFail()).isEqualTo(16383 - 8001);
    }

    /** "reachable < size/2 + 1: fail". */
    @Test
    void shouldFailInMinority() {
        Bench bench = Bench.with(HALF_MINE, OTHER_HALF);
        bench.tickFor(2_100);
        boolean before = bench.view.stateOk();
        bench.peer(1).outbound();

        bench.tickFor(Bench.T + 100);

        assertThat(before).isTrue();
        assertThat(bench.view.node(Bench.id(1)).isPfail()).isTrue();
        assertThat(bench.view.stateOk()).isFalse();
        assertThat(bench.view.counts().slotsPfail()).isEqualTo(8192);
    }

    /** "Going to ok as a primary: only when now - among_minority_time >= clamp(T, 500, 5000)." */
    @Test
    void shouldWaitBeforeServingAgainAfterMinority() {
        Bench bench = Bench.with(HALF_MINE, OTHER_HALF);
        bench.tickFor(2_100);
        bench.peer(1).outbound();
        bench.tickFor(Bench.T + 100);
        bench.tickFor(200);
        Peer peer = bench.peer(1);
        peer.slots = Bench.slots(8192, 16383);
        peer.pongs();
        long healedMs = bench.nowMs;

        while (!bench.view.stateOk()) {
            bench.tickFor(100);
            peer.pongs();
        }

        assertThat(bench.nowMs - healedMs).isBetween(Bench.T - 200, Bench.T + 100);
    }

    /** "With size 0 (empty node) the needed value is 1, so an empty node is in a minority." */
    @Test
    void shouldSeeEmptyClusterAsMinority() {
        Bench bench = Bench.with(
                Bench.settings().withRequireFullCoverage(false),
                "me 10.0.0.5:7000@17000 myself,master - 0 0 0 connected");

        bench.tickFor(10_000);

        assertThat(bench.view.stateOk()).isFalse();
        assertThat(bench.view.counts().size()).isZero();
    }
}
