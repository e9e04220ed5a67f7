package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.Payload;
import dev.slotmesh.bus.SlotSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, sections 2.8 and 3: what one packet does. */
class PacketRulesTest {
    /** "If found and the link is an unbound inbound link, bind it; an older inbound link of that node is closed." */
    @Test
    void shouldCloseOlderInboundLinkWhenSenderConnectsAgain() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).pings();
        LinkId older = peer.inbound();
        bench.clear();

        peer.reconnecting().pings();

        assertThat(bench.closed).containsExactly(older);
    }

    /** "Link already bound to a node that is not in handshake: that node is the sender; the header id is not looked at (inbound)." */
    @Test
    void shouldAttributePacketsOfBoundInboundLinkToItsNode() {
        Bench bench = Bench.knowing(1, 2);
        Peer first = bench.peer(1).pings();
        Peer second = bench.peer(2);
        second.currentEpoch = 9;
        second.offset = 77;

        first.receive(first.inbound(), second.heartbeat(HeartbeatKind.PING));

        assertThat(bench.entry(first.id).replOffset()).isEqualTo(77);
        assertThat(bench.entry(second.id).replOffset()).isZero();
    }

    /** "Known sender, not handshake: currentEpoch = max(mine, header)." */
    @Test
    void shouldRaiseCurrentEpochFromKnownSender() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.currentEpoch = 40;

        peer.pings();

        assertThat(bench.view.counts().currentEpoch()).isEqualTo(40);
    }

    @Test
    void shouldNotLowerCurrentEpochFromKnownSender() {
        Bench bench = Bench.knowing(9);
        Peer peer = bench.peer(9);
        peer.currentEpoch = 1;

        peer.pings();

        assertThat(bench.view.counts().currentEpoch()).isEqualTo(9);
    }

    /** "sender.configEpoch = max(sender's, header) (save + fsync when raised; in 7.0 also for replicas...)." */
    @Test
    void shouldSaveDurablyWhenConfigEpochOfSenderRises() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.configEpoch = 8;
        bench.clear();

        peer.pings();

        assertThat(bench.entry(peer.id).configEpoch()).isEqualTo(8);
        assertThat(bench.effects).startsWith("save fsync", "view", "send");
    }

    /** "sender.repl_offset and its time." */
    @Test
    void shouldRecordReplicationOffsetOfSender() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.offset = 1234;

        peer.pings();

        assertThat(bench.view.node(peer.id).replOffset()).isEqualTo(1234);
    }

    /** "reply PONG now, on the same link, before the rest of the packet is applied." */
    @Test
    void shouldAnswerPingOnSameLinkBeforeApplyingIt() {
        Bench bench = Bench.knowing(6);
        Peer peer = bench.peer(6);
        peer.slots = Bench.slots(0, 99);
        bench.clear();

        peer.pings();

        BusMessage.Heartbeat pong =
                (BusMessage.Heartbeat) bench.sentOn(peer.inbound()).get(0);
        assertThat(pong.kind()).isEqualTo(HeartbeatKind.PONG);
        assertThat(pong.header().slots()).isEqualTo(Bench.slots(0, 99));
        assertThat(bench.view.myself().slots().isEmpty()).isTrue();
    }

    /** "The PONG is sent to unknown senders of a PING too." */
    @Test
    void shouldAnswerPingOfStranger() {
        Bench bench = Bench.alone();
        Peer stranger = bench.peer(1);

        stranger.pings();

        assertThat(bench.heartbeats(HeartbeatKind.PONG)).hasSize(1);
        assertThat(bench.view.nodeCount()).isEqualTo(1);
    }

    /** "outbound link, header id != node id: set NOADDR, clear ip and ports, close link, stop." */
    @Test
    void shouldDropAddressWhenAnotherNodeAnswersThere() {
        Bench bench = Bench.knowing(1);
        LinkId link = bench.peer(1).outbound();
        Peer impostor = bench.peer(9);
        impostor.currentEpoch = 99;
        bench.clear();

        impostor.receive(link, impostor.heartbeat(HeartbeatKind.PONG));

        NodeView entry = bench.entry(Bench.id(1));
        assertThat(NodeFlags.has(entry.flags(), NodeFlags.NOADDR)).isTrue();
        assertThat(entry.address()).isEqualTo(new NodeAddress("", 0, 0, 0, ""));
        assertThat(bench.closed).containsExactly(link);
        assertThat(bench.view.counts().currentEpoch()).isEqualTo(5);
        assertThat(bench.notices).contains(new Notice.WrongNode(Bench.id(1), impostor.id));
    }

    /** Limits and traps, 15: "the known entry loses its address (NOADDR) and is only found again when it PINGs us." */
    @Test
    void shouldFindNodeWithoutAddressAgainByItsPing() {
        Bench bench = Bench.knowing(1);
        LinkId link = bench.peer(1).outbound();
        Peer impostor = bench.peer(9);
        impostor.receive(link, impostor.heartbeat(HeartbeatKind.PONG));

        bench.peer(1).pings();

        NodeView entry = bench.entry(Bench.id(1));
        assertThat(NodeFlags.has(entry.flags(), NodeFlags.NOADDR)).isFalse();
        assertThat(entry.address()).isEqualTo(new NodeAddress("10.0.0.1", 7000, 0, 17000, ""));
    }

    /** "known sender: copy NOFAILOVER from header flags." */
    @Test
    void shouldCopyNoFailoverFlagOfSender() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);

        peer.flags |= NodeFlags.NOFAILOVER;
        peer.pings();
        boolean raised = NodeFlags.has(bench.view.node(peer.id).flags(), NodeFlags.NOFAILOVER);
        peer.flags &= ~NodeFlags.NOFAILOVER;
        peer.pings();

        assertThat(raised).isTrue();
        assertThat(NodeFlags.has(bench.view.node(peer.id).flags(), NodeFlags.NOFAILOVER))
                .isFalse();
    }

    /** "PONG on an outbound link: pong_received = now, ping_sent = 0." */
    @Test
    void shouldEndWaitForAnswerWithPongOnOutboundLink() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.outbound();
        long askedMs = bench.entry(peer.id).pingSentMs();
        bench.nowMs += 30;

        peer.pongs();

        assertThat(askedMs).isEqualTo(bench.nowMs - 30);
        assertThat(bench.entry(peer.id).pingSentMs()).isZero();
        assertThat(bench.entry(peer.id).pongReceivedMs()).isEqualTo(bench.nowMs);
    }

    @Test
    void shouldNotTakePongOnInboundLinkForAnswer() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.outbound();

        peer.receive(peer.inbound(), peer.heartbeat(HeartbeatKind.PONG));

        assertThat(bench.entry(peer.id).pingSentMs()).isNotZero();
    }

    /** "slaveof non-zero: if it was primary, drop all its slots, flags -MASTER -MIGRATE_TO +SLAVE." */
    @Test
    void shouldTurnPrimaryIntoReplicaWhenItFollowsSomebody() {
        Bench bench = Bench.knowing(1, 2);
        Peer peer = bench.peer(1);
        peer.primary = Bench.id(2);

        peer.pings();

        NodeView entry = bench.view.node(peer.id);
        assertThat(entry.isReplica()).isTrue();
        assertThat(entry.isPrimary()).isFalse();
        assertThat(entry.primaryId()).isEqualTo(Bench.id(2));
        assertThat(entry.slots().isEmpty()).isTrue();
        assertThat(bench.view.replicasOf(Bench.id(2))).containsExactly(entry);
    }

    /** "Unknown primary id: it becomes a replica without known primary." */
    @Test
    void shouldRecordReplicaOfUnknownPrimary() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.primary = Bench.id(8);

        peer.pings();

        assertThat(bench.view.node(peer.id).isReplica()).isTrue();
        assertThat(bench.view.node(peer.id).primaryId()).isEqualTo(NodeId.NONE);
    }

    /** "slaveof zero: make it primary (remove from its old primary's replica list, MIGRATE_TO set when it had one)." */
    @Test
    void shouldTurnReplicaIntoPrimaryWhenItFollowsNobody() {
        Bench bench = Bench.knowing(1, 2);
        Peer peer = bench.peer(1);
        peer.primary = Bench.id(2);
        peer.pings();

        peer.primary = NodeId.NONE;
        peer.slots = SlotSet.none();
        peer.pings();

        NodeView entry = bench.view.node(peer.id);
        assertThat(entry.isPrimary()).isTrue();
        assertThat(entry.primaryId()).isEqualTo(NodeId.NONE);
        assertThat(NodeFlags.has(entry.flags(), NodeFlags.MIGRATE_TO)).isTrue();
        assertThat(bench.view.replicasOf(Bench.id(2))).isEmpty();
    }

    /** "if that primary is known and differs from the recorded one, move it." */
    @Test
    void shouldMoveReplicaToOtherPrimary() {
        Bench bench = Bench.knowing(1, 2, 3);
        Peer peer = bench.peer(1);
        peer.primary = Bench.id(2);
        peer.pings();

        peer.primary = Bench.id(3);
        peer.pings();

        assertThat(bench.view.replicasOf(Bench.id(2))).isEmpty();
        assertThat(bench.view.replicasOf(Bench.id(3))).hasSize(1);
    }

    /** "send one UPDATE about that owner on my outbound link to the sender", for the lowest slot it claims in vain. */
    @Test
    void shouldAnswerStaleClaimWithOneUpdate() {
        Bench bench = Bench.knowing(1, 2, 3);
        Peer peer = bench.peer(1).acquainted();
        peer.slots = Bench.slots(200, 399);
        bench.clear();

        peer.pings();

        List<BusMessage.Update> updates = bench.sentOf(BusMessage.Update.class);
        assertThat(updates).hasSize(1);
        assertThat(updates.get(0).owner()).isEqualTo(Bench.id(2));
        assertThat(updates.get(0).configEpoch()).isEqualTo(2);
        assertThat(updates.get(0).slots()).isEqualTo(Bench.slots(200, 299));
        assertThat(bench.sentOn(peer.outbound())).contains(updates.get(0));
    }

    /** The same goes for a replica, whose header carries its primary's claim. */
    @Test
    void shouldAnswerStaleClaimOfReplicaWithUpdate() {
        Bench bench = Bench.knowing(1, 2, 3);
        Peer peer = bench.peer(1).acquainted();
        peer.primary = Bench.id(2);
        peer.configEpoch = 2;
        peer.slots = Bench.slots(200, 399);
        bench.clear();

        peer.pings();

        assertThat(bench.sentOf(BusMessage.Update.class)).hasSize(1);
        assertThat(bench.view.owner(300).id()).isEqualTo(Bench.id(3));
    }

    /** "FAIL: known sender: named node known, not FAIL, not myself: +FAIL, -PFAIL. Any sender role is believed." */
    @Test
    void shouldBelieveFailMessageOfReplica() {
        Bench bench = Bench.knowing(1, 2);
        Peer peer = bench.peer(1);
        peer.primary = Bench.id(2);
        peer.pings();

        peer.says(new BusMessage.Fail(peer.header(), Bench.id(2)));

        assertThat(bench.view.node(Bench.id(2)).isFail()).isTrue();
        assertThat(bench.noticesOf(Notice.FailReceived.class)).hasSize(1);
    }

    @Test
    void shouldNotBelieveFailMessageAboutMyself() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).pings();

        peer.says(new BusMessage.Fail(peer.header(), Bench.ME));

        assertThat(bench.view.myself().isFail()).isFalse();
    }

    /** "FAIL from unknown: logged, ignored." */
    @Test
    void shouldIgnoreFailMessageOfStranger() {
        Bench bench = Bench.knowing(1);
        Peer stranger = bench.peer(9);

        stranger.says(new BusMessage.Fail(stranger.header(), Bench.id(1)));

        assertThat(bench.view.node(Bench.id(1)).isFail()).isFalse();
        assertThat(bench.notices).containsExactly(new Notice.FailIgnored(stranger.id, Bench.id(1)));
    }

    /** "PUBLISH/PUBLISHSHARD: known sender: deliver to local subscribers only; never forwarded." */
    @Test
    void shouldDeliverPublishOfKnownSenderOnly() {
        Bench bench = Bench.knowing(1, 2);
        Peer known = bench.peer(1).acquainted();
        Peer stranger = bench.peer(9);
        BusMessage.Publish publish = new BusMessage.Publish(
                known.header(), false, Payload.ofText("news"), Payload.ofText("hello"));
        bench.clear();

        known.says(publish);
        stranger.says(new BusMessage.Publish(
                stranger.header(), true, Payload.ofText("x"), Payload.ofText("y")));

        assertThat(bench.delivered).containsExactly(publish);
        assertThat(bench.sent).isEmpty();
    }

    /** "The PONG that completes a handshake only renames the node; its slots ... are not applied." */
    @Test
    void shouldNotApplyClaimsOfPongThatEndsHandshake() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        bench.peer(1).pongs();

        assertThat(bench.view.node(Bench.id(1)).isPrimary()).isTrue();
        assertThat(bench.view.node(Bench.id(1)).slots().isEmpty()).isTrue();
    }

    /** "unknown type: processed up to the sender bookkeeping, then Received unknown packet type: %d." */
    @Test
    void shouldTolerateUnknownMessageType() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).pings();
        peer.currentEpoch = 12;

        peer.says(new BusMessage.Unknown(peer.header(), 11, Payload.EMPTY));

        assertThat(bench.view.counts().currentEpoch()).isEqualTo(12);
        assertThat(bench.notices).contains(new Notice.UnknownPacket(11, peer.id));
    }

    /** Section 2.6: "on each PING/PONG/MEET from a known sender, a missing type 0 clears the stored hostname." */
    @Test
    void shouldLearnAndClearHostname() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.hostname = "n1.test";
        peer.pings();
        String learnt = bench.view.node(peer.id).address().hostname();

        peer.hostname = "";
        peer.pings();

        assertThat(learnt).isEqualTo("n1.test");
        assertThat(bench.view.node(peer.id).address().hostname()).isEmpty();
    }

    @Test
    void shouldNotStoreHostnameThatWouldBreakAFile() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.hostname = "bad name\nvars";

        peer.pings();

        assertThat(bench.view.node(peer.id).address().hostname()).isEmpty();
    }

    /** "(type < 11: received counter of the type +1, even if dropped later)." */
    @Test
    void shouldCountReceivedPacketsEvenWhenDropped() {
        Bench bench = Bench.knowing(1);
        bench.peer(1).pings();

        bench.gossip.packetRefused(3);
        bench.gossip.packetRefused(11);
        bench.gossip.packetRefused(-1);

        assertThat(bench.gossip.infoText())
                .contains("cluster_stats_messages_ping_received:1\r\n")
                .contains("cluster_stats_messages_fail_received:1\r\n")
                .contains("cluster_stats_messages_received:2\r\n");
    }
}
