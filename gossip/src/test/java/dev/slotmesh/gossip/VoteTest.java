package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, section 11.2: this primary is asked for its vote by replicas 6 and 7 of the failed peer 1. */
class VoteTest {
    @Test
    void shouldVoteForTheReplicaOfAFailedPrimary() {
        Bench bench = voter();

        asks(bench, 6, 10, 0);

        assertThat(bench.sentOf(BusMessage.AuthAck.class)).hasSize(1);
        assertThat(bench.sentOf(BusMessage.AuthAck.class).get(0).header().currentEpoch())
                .isEqualTo(10);
        assertThat(bench.effects.indexOf("save fsync")).isLessThan(bench.effects.indexOf("send"));
        assertThat(bench.saved).contains("lastVoteEpoch 10");
        assertThat(bench.notices).contains(new FailoverNotice.VoteGranted(Bench.id(6), 10));
    }

    @Test
    void shouldVoteOnceInAnEpoch() {
        Bench bench = voter();

        asks(bench, 6, 10, 0);
        asks(bench, 7, 10, 0);
        asks(bench, 6, 10, 0);

        assertThat(bench.sentOf(BusMessage.AuthAck.class)).hasSize(1);
        assertThat(denials(bench))
                .containsExactly("already voted for epoch 10", "already voted for epoch 10");
    }

    /** The vote of an earlier life counts: it was on disk before it left. */
    @Test
    void shouldNotVoteAgainAfterARestart() {
        Bench before = voter();
        asks(before, 6, 10, 0);

        Bench bench = Bench.with(before.saved.split("\n"));
        failed(bench);
        asks(bench, 7, 10, 0);

        assertThat(bench.sentOf(BusMessage.AuthAck.class)).isEmpty();
        assertThat(denials(bench)).containsExactly("already voted for epoch 10");
    }

    @Test
    void shouldDenyOldEpochs() {
        Bench bench = voter();
        bench.lasting(2).currentEpoch = 0;
        Peer ahead = bench.lasting(2);
        ahead.currentEpoch = 12;
        ahead.pings();

        asks(bench, 6, 11, 0);

        assertThat(denials(bench)).containsExactly("reqEpoch (11) < curEpoch(12)");
    }

    @Test
    void shouldNotVoteWhileThePrimaryIsUpUnlessForced() {
        Bench bench = bench();
        candidate(bench, 6, 0);

        asks(bench, 6, 10, 0);
        assertThat(denials(bench)).containsExactly("its master is up");
        asks(bench, 6, 11, MessageFlags.FORCEACK);

        assertThat(bench.sentOf(BusMessage.AuthAck.class)).hasSize(1);
    }

    /** "last vote for that primary >= 2T ago". */
    @Test
    void shouldGiveTheFirstCandidateOfAPrimaryTime() {
        Bench bench = voter();
        asks(bench, 6, 10, 0);

        asks(bench, 7, 11, 0);
        assertThat(denials(bench))
                .containsExactly(
                        "can't vote about this master before " + 2 * Bench.T + " milliseconds");
        bench.nowMs += 2 * Bench.T;
        asks(bench, 7, 12, 0);

        assertThat(bench.sentOf(BusMessage.AuthAck.class)).hasSize(2);
    }

    /** Who asks again has not won: with prompt elections it need not wait. */
    @Test
    void shouldVoteAgainForTheSameCandidateInANewEpoch() {
        Bench bench = voter();

        asks(bench, 6, 10, 0);
        asks(bench, 6, 11, 0);

        assertThat(bench.sentOf(BusMessage.AuthAck.class)).hasSize(2);
    }

    @Test
    void shouldDenyCandidatesWithOldClaims() {
        Bench bench = voter();
        Peer candidate = candidate(bench, 6, 10);
        candidate.configEpoch = 0;

        candidate.says(new BusMessage.AuthRequest(candidate.header()));

        assertThat(denials(bench)).containsExactly("slot 100 epoch (1) > reqEpoch (0)");
    }

    /** A primary that has just been demoted says so in its request (spec 12, defect b). */
    @Test
    void shouldBelieveARequestAboutTheRoleOfItsSender() {
        Bench bench = voter();
        Peer former = bench.lasting(2);
        former.primary = Bench.id(1);
        former.slots = Bench.slots(100, 199);
        former.configEpoch = 1;
        former.currentEpoch = 10;

        former.says(new BusMessage.AuthRequest(former.header()));

        assertThat(denials(bench)).isEmpty();
        assertThat(bench.view.node(Bench.id(2)).isReplica()).isTrue();
        assertThat(bench.notices).contains(new FailoverNotice.VoteGranted(Bench.id(2), 10));
    }

    @Test
    void shouldDenyAPrimaryAndAReplicaOfNobodyKnown() {
        Bench bench = voter();
        Peer primary = bench.lasting(2);
        primary.currentEpoch = 10;
        primary.says(new BusMessage.AuthRequest(primary.header()));
        Peer lost = candidate(bench, 6, 11);
        lost.primary = NodeId.parse("a".repeat(NodeId.LENGTH_BYTES));
        Bench other = Bench.with(
                Bench.mine(), Bench.line(2), "n6 10.0.0.6:7000@17000 slave - 0 1 0 connected");
        Peer stranger = other.lasting(6);
        stranger.primary = lost.primary;
        stranger.currentEpoch = 10;
        stranger.says(new BusMessage.AuthRequest(stranger.header()));

        assertThat(denials(bench)).containsExactly("it is a master node");
        assertThat(denials(other)).containsExactly("I don't know its master");
    }

    @Test
    void shouldHaveNoVoteWithoutSlots() {
        Bench bench = Bench.with(
                "me " + Bench.MY_IP + ":7000@17000 myself,master - 0 0 5 connected",
                Bench.line(1),
                ElectionTest.replicaLine(6, 1));
        failed(bench);

        asks(bench, 6, 10, 0);

        assertThat(bench.sentOf(BusMessage.AuthAck.class)).isEmpty();
        assertThat(denials(bench)).isEmpty();
    }

    private static Bench voter() {
        Bench bench = bench();
        failed(bench);
        return bench;
    }

    private static Bench bench() {
        return Bench.with(
                Bench.mine(),
                Bench.line(1),
                Bench.line(2),
                ElectionTest.replicaLine(6, 1),
                ElectionTest.replicaLine(7, 1));
    }

    private static void failed(Bench bench) {
        int teller = bench.view.node(Bench.id(2)) == null ? 6 : 2;
        Peer peer = teller == 2 ? bench.lasting(2) : candidate(bench, 6, 0);
        peer.acquainted();
        if (teller == 2) {
            candidate(bench, 7, 0);
        }
        candidate(bench, 6, 0);
        peer.says(new BusMessage.Fail(peer.header(), Bench.id(1)));
        bench.clear();
    }

    private static Peer candidate(Bench bench, int digit, long epoch) {
        Peer candidate = bench.lasting(digit);
        candidate.primary = Bench.id(1);
        candidate.slots = Bench.slots(100, 199);
        candidate.configEpoch = 1;
        candidate.currentEpoch = epoch;
        candidate.outbound();
        return candidate;
    }

    private static void asks(Bench bench, int digit, long epoch, int messageFlags) {
        Peer candidate = candidate(bench, digit, epoch);
        Header header = candidate.header().withMessageFlags(messageFlags);
        candidate.says(new BusMessage.AuthRequest(header));
    }

    private static List<String> denials(Bench bench) {
        return bench.noticesOf(FailoverNotice.VoteDenied.class).stream()
                .map(FailoverNotice.VoteDenied::reason)
                .toList();
    }
}
