package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Hard evidence of death: both ports of a host that answers are closed, twice. */
class EvidenceTest {
    private static final String REPLICA = "n4 10.0.0.4:7000@17000 slave n1 0 1 1 connected";

    /** Two looks, a tenth of a second apart at least. */
    @Test
    void shouldSuspectNodeWhoseTwoPortsAreFoundClosedTwice() {
        Bench bench = replaceable();
        Peer dead = dies(bench);
        refuses(bench, dead, ProbeOutcome.REFUSED);
        boolean afterFirstLook = suspects(bench);
        bench.tickFor(100);
        refuses(bench, dead, ProbeOutcome.REFUSED);

        assertThat(afterFirstLook).isFalse();
        assertThat(suspects(bench)).isTrue();
        assertThat(bench.notices)
                .containsSubsequence(
                        new Notice.ProcessEnded(dead.id), new Notice.PossiblyFailing(dead.id));
    }

    @Test
    void shouldConnectAgainAtOnceWhenLinkBreaks() {
        Bench bench = replaceable();
        bench.peer(1).acquainted();
        Peer peer = bench.peer(1);
        LinkId link = bench.linkOpenedTo(peer.ip);
        bench.clear();

        bench.gossip.linkClosed(bench.nowMs, link);

        assertThat(bench.opened).hasSize(1);
    }

    /** A peer that accepts and closes again and again is not tried more often than the tick tries. */
    @Test
    void shouldNotConnectAgainAtOnceTwiceInASecond() {
        Bench bench = replaceable();
        Peer peer = bench.peer(1).acquainted();
        bench.gossip.linkClosed(bench.nowMs, peer.outbound());
        LinkId again = peer.reconnecting().outbound();
        bench.clear();

        bench.gossip.linkClosed(bench.nowMs, again);

        assertThat(bench.opened).isEmpty();
    }

    @Test
    void shouldLookAtClientPortOnceAtATime() {
        Bench bench = replaceable();
        Peer dead = dies(bench);
        bench.gossip.linkFailed(bench.nowMs, bench.linkOpenedTo(dead.ip), ConnectFailure.REFUSED);
        bench.tickFor(100);
        bench.gossip.linkFailed(bench.nowMs, bench.linkOpenedTo(dead.ip), ConnectFailure.REFUSED);

        assertThat(bench.probes).containsExactly(new Bench.Probe(dead.id, dead.ip, 7000));
    }

    /** A process that is replaced within the time between the looks is not suspected. */
    @Test
    void shouldStartOverWhenNodeIsHeardOfBetweenTheLooks() {
        Bench bench = replaceable();
        Peer dead = dies(bench);
        refuses(bench, dead, ProbeOutcome.REFUSED);
        dead.reconnecting().pings();
        bench.tickFor(100);
        refuses(bench, dead, ProbeOutcome.REFUSED);

        assertThat(suspects(bench)).isFalse();
    }

    @Test
    void shouldTakeOpenClientPortForNoEvidence() {
        Bench bench = replaceable();
        Peer dead = dies(bench);
        refuses(bench, dead, ProbeOutcome.REFUSED);
        bench.tickFor(100);
        refuses(bench, dead, ProbeOutcome.OPEN);
        bench.tickFor(1_000);
        refuses(bench, dead, ProbeOutcome.REFUSED);

        assertThat(suspects(bench)).isFalse();
    }

    @Test
    void shouldTakeSilenceForNoEvidence() {
        Bench bench = replaceable();
        Peer dead = dies(bench);
        bench.gossip.linkFailed(bench.nowMs, bench.linkOpenedTo(dead.ip), ConnectFailure.TIMED_OUT);
        boolean probed = !bench.probes.isEmpty();
        bench.tickFor(100);
        refuses(bench, dead, ProbeOutcome.NO_ANSWER);

        assertThat(probed).isFalse();
        assertThat(suspects(bench)).isFalse();
    }

    /** FAIL would keep its slots unserved for longer than a restart takes, and nobody could take over. */
    @Test
    void shouldLeavePrimaryWithoutReplicaToTheRulesOfSilence() {
        Bench bench = Bench.knowing(1, 2, 3);
        Peer dead = dies(bench);
        bench.gossip.linkFailed(bench.nowMs, bench.linkOpenedTo(dead.ip), ConnectFailure.REFUSED);

        assertThat(bench.probes).isEmpty();
    }

    /** When a whole cluster starts again, node after node, the last ones are not dead. */
    @Test
    void shouldNotJudgeNodeThatWasNeverHeardOf() {
        Bench bench = replaceable();
        bench.clear();
        Peer late = bench.peer(1);

        bench.tickFor(100);
        bench.gossip.linkFailed(bench.nowMs, new LinkId(1), ConnectFailure.REFUSED);

        assertThat(bench.entry(late.id)).isNotNull();
        assertThat(bench.probes).isEmpty();
    }

    @Test
    void shouldNotLookWhenSwitchedOff() {
        GossipSettings settings = Bench.settings().withPolicies(GossipSettings.Policies.STOCK);
        Bench bench = Bench.with(settings, Bench.mine(), Bench.line(1), REPLICA);
        Peer dead = bench.peer(1).acquainted();
        LinkId link = dead.outbound();
        bench.clear();

        bench.gossip.linkClosed(bench.nowMs, link);
        boolean opened = !bench.opened.isEmpty();
        bench.tickFor(100);
        bench.gossip.linkFailed(bench.nowMs, bench.linkOpenedTo(dead.ip), ConnectFailure.REFUSED);

        assertThat(opened).isFalse();
        assertThat(bench.probes).isEmpty();
    }

    private static Bench replaceable() {
        return Bench.with(Bench.mine(), Bench.line(1), Bench.line(2), Bench.line(3), REPLICA);
    }

    /** Peer 1 was connected, and its process ends: the machine connects to it again. */
    private static Peer dies(Bench bench) {
        Peer peer = bench.peer(1).acquainted();
        LinkId link = peer.outbound();
        bench.clear();
        bench.gossip.linkClosed(bench.nowMs, peer.inbound());
        bench.gossip.linkClosed(bench.nowMs, link);
        return peer;
    }

    private static void refuses(Bench bench, Peer peer, ProbeOutcome clientPort) {
        bench.gossip.linkFailed(bench.nowMs, bench.linkOpenedTo(peer.ip), ConnectFailure.REFUSED);
        bench.gossip.probed(bench.nowMs, peer.id, clientPort);
    }

    private static boolean suspects(Bench bench) {
        return bench.view.node(Bench.id(1)).isPfail();
    }
}
