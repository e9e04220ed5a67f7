package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeFlags;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, sections 7.2 step 1 and 8: suspicion, agreement and recovery. */
class FailureDetectionTest {
    private static final int SUSPECT = NodeFlags.PRIMARY | NodeFlags.PFAIL;

    /** "delay > T since an unanswered PING and no data of any kind from that node for > T." */
    @Test
    void shouldSuspectNodeThatIsSilentForLongerThanTheTimeout() {
        Bench bench = Bench.knowing(1, 2, 3);
        bench.peer(1).outbound();

        bench.tickFor(Bench.T);
        boolean atTimeout = bench.view.node(Bench.id(1)).isPfail();
        bench.tickFor(100);

        assertThat(atTimeout).isFalse();
        assertThat(bench.view.node(Bench.id(1)).isPfail()).isTrue();
        assertThat(bench.notices).contains(new Notice.PossiblyFailing(Bench.id(1)));
    }

    /** "reports not older than 2T (+ 1 if I am a primary) >= size/2 + 1 ... Then -PFAIL +FAIL, broadcast FAIL." */
    @Test
    void shouldAgreeOnFailureWhenQuorumReports() {
        Bench bench = suspecting(1);
        Peer second = bench.peer(2).acquainted();
        Peer third = bench.peer(3).acquainted();
        bench.clear();

        second.pings(bench.peer(1).gossiped(SUSPECT));
        boolean withTwoOfFour = bench.view.node(Bench.id(1)).isFail();
        third.pings(bench.peer(1).gossiped(SUSPECT));

        assertThat(withTwoOfFour).isFalse();
        assertThat(bench.view.node(Bench.id(1)).isFail()).isTrue();
        assertThat(bench.view.node(Bench.id(1)).isPfail()).isFalse();
        assertThat(bench.notices).contains(new Notice.MarkedFailing(Bench.id(1)));
        assertThat(bench.sentOf(BusMessage.Fail.class))
                .extracting(BusMessage.Fail::failed)
                .containsExactly(Bench.id(1), Bench.id(1));
    }

    /** "Conditions: I have it as PFAIL". */
    @Test
    void shouldNotFailNodeItDoesNotSuspectItself() {
        Bench bench = Bench.knowing(1, 2, 3);

        bench.peer(2).pings(bench.peer(1).gossiped(SUSPECT));
        bench.peer(3).pings(bench.peer(1).gossiped(SUSPECT));

        assertThat(bench.view.node(Bench.id(1)).isFail()).isFalse();
        assertThat(reports(bench)).isEqualTo(2);
    }

    /** "Sender is a primary ... and the node is not me". */
    @Test
    void shouldCountReportsOfPrimariesOnly() {
        Bench bench = Bench.knowing(1, 2, 3);
        Peer replica = bench.peer(2);
        replica.primary = Bench.id(3);

        replica.pings(bench.peer(1).gossiped(SUSPECT), bench.peer(5).gossiped(SUSPECT));

        assertThat(reports(bench)).isZero();
    }

    /** "else delete the sender's report." */
    @Test
    void shouldTakeReportBackWhenReporterSeesNodeAgain() {
        Bench bench = Bench.knowing(1, 2, 3);
        Peer reporter = bench.peer(2).pings(bench.peer(1).gossiped(SUSPECT));

        reporter.pings(bench.peer(1).gossiped(NodeFlags.PRIMARY));

        assertThat(reports(bench)).isZero();
        assertThat(bench.notices)
                .contains(
                        new Notice.NodeReported(reporter.id, Bench.id(1)),
                        new Notice.NodeReportedBack(reporter.id, Bench.id(1)));
    }

    /** "fail report validity: 2 x T". */
    @Test
    void shouldForgetReportsAfterTwoTimeouts() {
        Bench bench = Bench.knowing(1, 2, 3);
        bench.peer(2).pings(bench.peer(1).gossiped(SUSPECT));

        bench.nowMs += 2 * Bench.T;
        long atLimit = reports(bench);
        bench.nowMs += 1;

        assertThat(atLimit).isEqualTo(1);
        assertThat(reports(bench)).isZero();
    }

    @Test
    void shouldRejectReportCountOfUnknownNode() {
        Bench bench = Bench.alone();

        assertThat(bench.gossip.operator().countFailureReports(bench.nowMs, "nonsense"))
                .isEqualTo(new OperatorResult.Rejected("Unknown node nonsense"));
    }

    /** "Reports are never aged by anything but 2T, an OK entry from the same sender, or deletion of the reporter." */
    @Test
    void shouldDropReportsOfForgottenReporter() {
        Bench bench = Bench.knowing(1, 2, 3);
        bench.peer(2).pings(bench.peer(1).gossiped(SUSPECT));

        bench.gossip.operator().forget(bench.nowMs, Bench.id(2).toString());

        assertThat(reports(bench)).isZero();
    }

    /** "PFAIL: cleared by the next PONG on my outbound link." */
    @Test
    void shouldClearSuspicionWithNextPong() {
        Bench bench = suspecting(1);

        bench.peer(1).pings();
        boolean afterPing = bench.view.node(Bench.id(1)).isPfail();
        Peer peer = bench.peer(1);
        peer.pongs();

        assertThat(afterPing).isTrue();
        assertThat(bench.view.node(Bench.id(1)).isPfail()).isFalse();
    }

    /** "FAIL: only on such a PONG and only if the node is a replica or has 0 slots (immediately)". */
    @Test
    void shouldClearFailOfNodeWithoutSlotsAtOnce() {
        Bench bench =
                Bench.with(Bench.mine(), "n1 10.0.0.1:7000@17000 master,fail - 0 1 1 connected");

        bench.peer(1).pongs();

        assertThat(bench.view.node(Bench.id(1)).isFail()).isFalse();
        assertThat(bench.noticesOf(Notice.FailCleared.class).get(0).text())
                .isEqualTo("Clear FAIL state for node " + Bench.id(1)
                        + ": master without slots is reachable again.");
    }

    @Test
    void shouldClearFailOfReplicaAtOnce() {
        Bench bench = Bench.with(
                Bench.mine(),
                Bench.line(2),
                "n1 10.0.0.1:7000@17000 slave,fail n2 0 1 1 connected");

        bench.peer(1).pongs();

        assertThat(bench.view.node(Bench.id(1)).isFail()).isFalse();
    }

    /** "or it is a primary with slots and fail_time is older than 2T (nobody took its slots)." */
    @Test
    void shouldKeepFailOfSlotOwnerForTwoTimeouts() {
        Bench bench = Bench.with(
                Bench.mine(), "n1 10.0.0.1:7000@17000 master,fail - 0 1 1 connected 100-199");
        Peer peer = bench.peer(1).pongs();
        boolean atOnce = bench.view.node(peer.id).isFail();

        bench.nowMs += 2 * Bench.T + 1;
        peer.pongs();

        assertThat(atOnce).isTrue();
        assertThat(bench.view.node(peer.id).isFail()).isFalse();
    }

    /** "A cluster with one primary never reaches FAIL for other nodes by itself": alone with the slots, two are needed of one. */
    @Test
    void shouldNotFailAnybodyAloneWithoutReports() {
        Bench bench = Bench.with(Bench.mine(), "n1 10.0.0.1:7000@17000 master - 0 1 1 connected");
        bench.peer(1).outbound();

        bench.tickFor(3 * Bench.T);

        assertThat(bench.view.node(Bench.id(1)).isPfail()).isTrue();
        assertThat(bench.view.node(Bench.id(1)).isFail()).isFalse();
    }

    private static Bench suspecting(int peer) {
        Bench bench = Bench.knowing(1, 2, 3);
        Peer silent = bench.peer(peer);
        silent.outbound();
        bench.tickFor(Bench.T + 100);
        bench.gossip.linkClosed(bench.nowMs, silent.outbound());
        // Links that were not answered are made anew in these ticks.
        bench.tickFor(200);
        return bench;
    }

    private static long reports(Bench bench) {
        OperatorResult result = bench.gossip
                .operator()
                .countFailureReports(bench.nowMs, Bench.id(1).toString());
        return ((OperatorResult.Counted) result).value();
    }
}
