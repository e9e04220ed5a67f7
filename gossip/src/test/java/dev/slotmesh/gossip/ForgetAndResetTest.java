package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, section 15. */
class ForgetAndResetTest {
    private static final SlotKeys SOME_KEYS = new SlotKeys() {
        @Override
        public long keysIn(int slot) {
            return 1;
        }

        @Override
        public boolean empty() {
            return false;
        }
    };

    /** "its slots become unassigned, open-slot marks to/from it cleared, ..., links closed." */
    @Test
    void shouldForgetNodeWithAllThatHangsOnIt() {
        Bench bench = Bench.knowing(1, 2);
        Peer peer = bench.peer(1).acquainted();
        Peer replica = bench.peer(2);
        replica.primary = peer.id;
        replica.pings();
        bench.gossip.operator().setSlotMigrating(bench.nowMs, 5, peer.id.toString());
        bench.gossip.operator().setSlotImporting(bench.nowMs, 150, peer.id.toString());

        OperatorResult result = bench.gossip.operator().forget(bench.nowMs, peer.id.toString());

        assertThat(result).isEqualTo(OperatorResult.OK);
        assertThat(bench.view.node(peer.id)).isNull();
        assertThat(bench.view.owner(150)).isNull();
        assertThat(bench.view.migratingTo(5)).isNull();
        assertThat(bench.view.importingFrom(150)).isNull();
        assertThat(bench.view.node(replica.id).primaryId()).isEqualTo(NodeId.NONE);
        assertThat(bench.closed).contains(peer.inbound(), peer.outbound());
    }

    /** "U; I tried hard but I can't forget myself...; Can't forget my master!" */
    @Test
    void shouldRefuseToForgetUnknownNodeMyselfAndMyPrimary() {
        Bench bench =
                Bench.with("me 10.0.0.5:7000@17000 myself,slave n1 0 0 0 connected", Bench.line(1));

        assertThat(bench.gossip.operator().forget(bench.nowMs, "abc"))
                .isEqualTo(new OperatorResult.Rejected("Unknown node abc"));
        assertThat(bench.gossip.operator().forget(bench.nowMs, Bench.ME.toString()))
                .isEqualTo(
                        new OperatorResult.Rejected("I tried hard but I can't forget myself..."));
        assertThat(bench.gossip.operator().forget(bench.nowMs, Bench.id(1).toString()))
                .isEqualTo(new OperatorResult.Rejected("Can't forget my master!"));
    }

    /** "blacklist id for 60 s ... The blacklist only blocks re-adding through gossip". */
    @Test
    void shouldNotLearnForgottenNodeByGossipForAMinute() {
        Bench bench = Bench.knowing(1, 2);
        Peer teller = bench.peer(1).acquainted();
        bench.gossip.operator().forget(bench.nowMs, Bench.id(2).toString());

        bench.nowMs += 59_999;
        teller.pings(bench.peer(2).gossiped(NodeFlags.PRIMARY));
        boolean duringBlacklist = bench.view.node(Bench.id(2)) != null;
        bench.nowMs += 1;
        teller.pings(bench.peer(2).gossiped(NodeFlags.PRIMARY));

        assertThat(duringBlacklist).isFalse();
        assertThat(bench.view.node(Bench.id(2))).isNotNull();
    }

    /** "FORGET again renews". The node has to be known again for that, by a MEET. */
    @Test
    void shouldRenewBlacklistWhenForgottenAgain() {
        Bench bench = Bench.knowing(1, 2);
        Peer teller = bench.peer(1).acquainted();
        bench.gossip.operator().forget(bench.nowMs, Bench.id(2).toString());
        bench.nowMs += 40_000;
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.2", 7000, 17000);
        bench.peer(2).pongs();
        bench.gossip.operator().forget(bench.nowMs, Bench.id(2).toString());

        bench.nowMs += 40_000;
        teller.pings(bench.peer(2).gossiped(NodeFlags.PRIMARY));

        assertThat(bench.view.node(Bench.id(2))).isNull();
    }

    /** "The forgotten node keeps PINGing and gets PONGs"; a late packet does not bring it back. */
    @Test
    void shouldAnswerForgottenNodeWithoutTakingItBack() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).acquainted();
        LinkId late = peer.inbound();
        bench.gossip.operator().forget(bench.nowMs, peer.id.toString());
        bench.clear();

        peer.receive(late, peer.heartbeat(HeartbeatKind.PING));
        int answersToLatePacket = bench.sent.size();
        peer.reconnecting().pings();

        assertThat(answersToLatePacket).isZero();
        assertThat(bench.sent).hasSize(1);
        assertThat(bench.view.nodeCount()).isEqualTo(1);
    }

    /** A handshake that its MEET had begun before the FORGET must not bring it back either. */
    @Test
    void shouldAbandonHandshakeWithForgottenNode() {
        Bench bench = Bench.knowing(1);
        bench.peer(1).acquainted();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        bench.gossip.operator().forget(bench.nowMs, Bench.id(1).toString());

        assertThat(bench.view.nodeCount()).isEqualTo(1);
        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.FORGOTTEN);
    }

    /** "a MEET (either direction) re-adds it": the operator's at this node always, {@link LastingForgetTest} has the other. */
    @Test
    void shouldTakeForgottenNodeBackByMeet() {
        Bench bench = Bench.knowing(1);
        bench.gossip.operator().forget(bench.nowMs, Bench.id(1).toString());

        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        bench.peer(1).pongs();

        assertThat(bench.view.node(Bench.id(1))).isNotNull();
    }

    /** "Close open slots, ..., unassign all slots, delete all other nodes"; "SOFT keeps id and epochs"; "Save + fsync." */
    @Test
    void shouldResetSoftly() {
        Bench bench = Bench.knowing(1);
        bench.gossip.operator().setSlotImporting(bench.nowMs, 150, Bench.id(1).toString());
        bench.clear();

        OperatorResult result = bench.gossip.operator().reset(bench.nowMs, false, Bench.NO_KEYS);

        assertThat(result).isEqualTo(OperatorResult.OK);
        assertThat(bench.view.nodeCount()).isEqualTo(1);
        assertThat(bench.view.myId()).isEqualTo(Bench.ME);
        assertThat(bench.view.counts().currentEpoch()).isEqualTo(5);
        assertThat(bench.view.counts().slotsAssigned()).isZero();
        assertThat(bench.view.importingSlots()).isEmpty();
        assertThat(bench.effects).startsWith("save fsync", "view");
    }

    /** "HARD additionally: currentEpoch = lastVoteEpoch = configEpoch = 0 and a new random id." */
    @Test
    void shouldResetHard() {
        Bench bench = Bench.knowing(1);

        bench.gossip.operator().reset(bench.nowMs, true, Bench.NO_KEYS);

        assertThat(bench.view.myId()).isNotEqualTo(Bench.ME);
        assertThat(bench.view.counts().currentEpoch()).isZero();
        assertThat(bench.view.counts().myEpoch()).isZero();
        assertThat(bench.notices).contains(new Notice.HardReset(bench.view.myId()));
    }

    /** "replica: become primary, stop replication, flush data." */
    @Test
    void shouldPromoteAndFlushReplicaOnReset() {
        Bench bench = Bench.with(
                        "me 10.0.0.5:7000@17000 myself,slave n1 0 0 0 connected", Bench.line(1))
                .clear();

        bench.gossip.operator().reset(bench.nowMs, false, SOME_KEYS);

        assertThat(bench.view.myself().isPrimary()).isTrue();
        assertThat(bench.effects)
                .containsSubsequence("save fsync", "view", "promote", "delete all keys");
    }

    /** "primary with keys: CLUSTER RESET can't be called with master nodes containing keys". */
    @Test
    void shouldRefuseResetOfPrimaryWithKeys() {
        Bench bench = Bench.knowing(1).clear();

        OperatorResult result = bench.gossip.operator().reset(bench.nowMs, true, SOME_KEYS);

        assertThat(result)
                .isEqualTo(new OperatorResult.Rejected(
                        "CLUSTER RESET can't be called with master nodes containing keys"));
        assertThat(bench.effects).isEmpty();
    }
}
