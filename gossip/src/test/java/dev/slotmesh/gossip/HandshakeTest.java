package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cluster bus facts, section 4: joining, and what Slotmesh does beyond it so that a MEET never lies. */
class HandshakeTest {
    private static final BusAddress PEER_1 = new BusAddress("10.0.0.1", 17000);

    /** "ip is a literal IPv4 (strict dotted quad) or IPv6; host names are refused." "1..65535 for both ports." */
    @ParameterizedTest
    @CsvSource({
        "localhost, 7000, 17000",
        "10.0.0, 7000, 17000",
        "10.0.0.256, 7000, 17000",
        "010.0.0.1, 7000, 17000",
        "10.0.0.1, 0, 10000",
        "10.0.0.1, 65536, 17000",
        "10.0.0.1, 60000, 70000",
        "10.0.0.1, -1, 9999",
        "fe80::1::2, 7000, 17000",
        "1:2:3:4:5:6:7, 7000, 17000"
    })
    void shouldRefuseUnusableAddress(String ip, long port, long busPort) {
        Bench bench = Bench.alone();

        OperatorResult result = bench.gossip.operator().meet(bench.nowMs, ip, port, busPort);

        assertThat(result)
                .isEqualTo(new OperatorResult.Rejected(
                        "Invalid node address specified: " + ip + ":" + port));
        assertThat(bench.view.nodeCount()).isEqualTo(1);
    }

    /** "normalized ip". */
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "::1, ::1",
        "FE80:0:0:0:0:0:0:000A, fe80::a",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "::ffff:10.0.0.1, ::ffff:a00:1",
        "::, ::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8"
    })
    void shouldNormalizeAddress(String given, String stored) {
        Bench bench = Bench.alone();

        bench.gossip.operator().meet(bench.nowMs, given, 7000, 17000);

        assertThat(bench.view.node(1).address().ip()).isEqualTo(stored);
    }

    /** "create table entry: random 40 hex name, flags HANDSHAKE+MEET"; Slotmesh does not wait for the cron to connect. */
    @Test
    void shouldConnectAtOnceWhenAskedToMeet() {
        Bench bench = Bench.alone().clear();

        OperatorResult result = bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        assertThat(result).isEqualTo(OperatorResult.OK);
        assertThat(bench.opened).extracting(Bench.Opened::address).containsExactly(PEER_1);
        assertThat(bench.view.node(1).flags()).isEqualTo(NodeFlags.HANDSHAKE | NodeFlags.MEET);
        assertThat(bench.view.node(1).id().toString()).matches("[0-9a-f]{40}");
    }

    /** "a handshake node with the same ip, port, bus port exists: nothing done, reply is still +OK." */
    @Test
    void shouldNotStartSecondHandshakeWithSameAddress() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        OperatorResult again = bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        assertThat(again).isEqualTo(OperatorResult.OK);
        assertThat(bench.view.nodeCount()).isEqualTo(2);
        assertThat(bench.opened).hasSize(1);
    }

    /** "On connect: send MEET (because MEET flag)." */
    @Test
    void shouldSendMeetOnConnect() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        bench.peer(1).outbound();

        assertThat(bench.heartbeats(HeartbeatKind.MEET)).hasSize(1);
        assertThat(bench.heartbeats(HeartbeatKind.PING)).isEmpty();
    }

    /** Section 4.7, first defect: "connection lost before B handles the MEET: A reconnects with PING". Not here. */
    @Test
    void shouldSendMeetAgainWhenConnectionIsLostBeforeAnswer() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        Peer peer = bench.peer(1);
        LinkId lost = peer.outbound();
        bench.gossip.linkClosed(bench.nowMs, lost);
        bench.clear();

        bench.tickFor(100);
        peer.reconnecting().outbound();

        assertThat(bench.heartbeats(HeartbeatKind.MEET)).hasSize(1);
        assertThat(bench.heartbeats(HeartbeatKind.PING)).isEmpty();
    }

    /** "inbound MEET, sender id unknown: set own ip from the local socket address; create entry Y1 ...; save; reply PONG." */
    @Test
    void shouldStartHandshakeWithStrangerThatMeets() {
        Bench bench =
                Bench.with("me :7000@17000 myself,master - 0 0 0 connected").clear();

        bench.peer(1).meets();

        assertThat(bench.view.myself().address().ip()).isEqualTo(Bench.MY_IP);
        assertThat(bench.view.node(1).flags()).isEqualTo(NodeFlags.HANDSHAKE);
        assertThat(bench.view.node(1).address())
                .isEqualTo(new NodeAddress("10.0.0.1", 7000, 0, 17000, ""));
        assertThat(bench.effects).startsWith("save", "view");
        assertThat(bench.heartbeats(HeartbeatKind.PONG)).hasSize(1);
        assertThat(bench.opened).extracting(Bench.Opened::address).containsExactly(PEER_1);
    }

    /** Section 4.7: "several MEETs on one link must not create several entries". */
    @Test
    void shouldKeepOneHandshakeForSeveralMeets() {
        Bench bench = Bench.alone();
        Peer peer = bench.peer(1);

        peer.meets().meets();
        peer.reconnecting().meets();

        assertThat(bench.view.nodeCount()).isEqualTo(2);
        assertThat(bench.opened).hasSize(1);
    }

    /** "rename X1 to B's id, -HANDSHAKE, +MASTER or +SLAVE from header flags, pong_received set, save." */
    @Test
    void shouldGiveNodeItsNameAtEndOfHandshake() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        Peer peer = bench.peer(1);
        peer.flags = NodeFlags.REPLICA | NodeFlags.MYSELF;
        peer.outbound();
        bench.clear();

        peer.pongs();

        NodeView entry = bench.view.node(peer.id);
        assertThat(bench.view.nodeCount()).isEqualTo(2);
        assertThat(entry.flags()).isEqualTo(NodeFlags.REPLICA);
        assertThat(entry.pongReceivedMs()).isEqualTo(bench.nowMs);
        assertThat(bench.effects).startsWith("save");
    }

    /** Speed: the new node is asked right after its handshake, not at the next heartbeat. */
    @Test
    void shouldPingRightAfterHandshake() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        bench.peer(1).pongs();

        assertThat(bench.heartbeats(HeartbeatKind.PING)).hasSize(1);
        assertThat(bench.entry(Bench.id(1)).pingSentMs()).isEqualTo(bench.nowMs);
    }

    /** "in table (already known, or myself): update that node's address from this packet, then delete the handshake entry." */
    @Test
    void shouldEndHandshakeWithKnownNode() {
        Bench bench = Bench.knowing(1);
        bench.peer(1).acquainted();
        bench.gossip.operator().meet(bench.nowMs, "10.9.9.1", 7000, 17000);
        LinkId link = bench.linkOpenedTo("10.9.9.1");
        bench.gossip.linkOpened(bench.nowMs, link, new LinkContext(Bench.MY_IP, "10.9.9.1"));

        Peer peer = bench.peer(1);
        peer.receive(link, peer.heartbeat(HeartbeatKind.PONG));

        assertThat(bench.view.nodeCount()).isEqualTo(2);
        assertThat(bench.view.node(peer.id).address().ip()).isEqualTo("10.9.9.1");
        assertThat(bench.closed).contains(link);
        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.ALREADY_KNOWN);
    }

    /** "a MEET to myself is harmless; the self-MEET even discovers my own ip." */
    @Test
    void shouldSurviveMeetingItself() {
        Bench bench = Bench.with("me :7000@17000 myself,master - 0 0 0 connected");
        bench.gossip.operator().meet(bench.nowMs, Bench.MY_IP, 7000, 17000);
        LinkId outbound = bench.linkOpenedTo(Bench.MY_IP);
        LinkContext loop = new LinkContext(Bench.MY_IP, Bench.MY_IP);
        LinkId inbound = bench.gossip.linkAccepted(bench.nowMs, loop);
        bench.gossip.linkOpened(bench.nowMs, outbound, loop);

        bench.gossip.packetReceived(bench.nowMs, inbound, bench.sentOn(outbound).get(0));
        bench.gossip.packetReceived(bench.nowMs, outbound, bench.sentOn(inbound).get(0));

        assertThat(bench.view.nodeCount()).isEqualTo(1);
        assertThat(bench.view.myself().address().ip()).isEqualTo(Bench.MY_IP);
        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.MYSELF);
    }

    /** "They are deleted in the cron when older than max(T, 1000) ms." */
    @Test
    void shouldDeleteHandshakeThatGotNoAnswer() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        bench.peer(1).outbound();

        bench.tickFor(Bench.T);
        int before = bench.view.nodeCount();
        bench.tickFor(100);

        assertThat(before).isEqualTo(2);
        assertThat(bench.view.nodeCount()).isEqualTo(1);
        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.TIMED_OUT);
    }

    @Test
    void shouldLetHandshakeLiveASecondWithShortNodeTimeout() {
        Bench bench = Bench.with(
                Bench.settings().withNodeTimeoutMs(10),
                "me 10.0.0.5:7000@17000 myself,master - 0 0 0 connected");
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        bench.tickFor(1_000);
        int before = bench.view.nodeCount();
        bench.tickFor(100);

        assertThat(before).isEqualTo(2);
        assertThat(bench.view.nodeCount()).isEqualTo(1);
    }

    /** Section 4.7: "CLUSTER MEET of an unreachable address: silent". Not here. */
    @Test
    void shouldTellThatMeetFoundNobody() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        for (int i = 0; i < 41; i++) {
            bench.gossip.linkFailed(
                    bench.nowMs, bench.linkOpenedTo("10.0.0.1"), ConnectFailure.REFUSED);
            bench.tickFor(100);
        }

        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.UNREACHABLE);
        assertThat(bench.view.nodeCount()).isEqualTo(1);
    }

    /** "While they live and the link drops, the cron reconnects every 100 ms." */
    @Test
    void shouldReconnectHandshakeEveryTick() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        bench.gossip.linkFailed(
                bench.nowMs, bench.linkOpenedTo("10.0.0.1"), ConnectFailure.REFUSED);
        bench.tickFor(100);

        assertThat(bench.opened).hasSize(2);
    }

    /** A MEET is a success when both list each other; the first packet of the peer could still be one of its handshake. */
    @Test
    void shouldReportJoinedOnceThePeerKnowsThisNodeForGood() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        Peer peer = bench.peer(1).pongs().pings();
        List<MeetOutcome> early = bench.meetOutcomes();

        peer.pings();

        assertThat(early).isEmpty();
        assertThat(bench.notices)
                .contains(new Notice.MeetEnded("10.0.0.1", 7000, peer.id, MeetOutcome.JOINED));
    }

    /** A handshake lives for one timeout; that it ended may be known later, so one timeout proves nothing. */
    @Test
    void shouldReportJoinedWhenThePeersLinkOutlivesAHandshake() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        bench.peer(1).pongs().pings();

        bench.tickFor(2 * Bench.T);
        List<MeetOutcome> early = bench.meetOutcomes();
        bench.tickFor(Bench.T + 100);

        assertThat(early).isEmpty();
        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.JOINED);
    }

    /** A Slotmesh node says whether it lists the receiver; what it sends besides proves nothing. */
    @Test
    void shouldReportJoinedWhenSlotmeshPeerSaysThatItListsThisNode() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        Peer peer = bench.peer(1).slotmesh().pongs().pings().pings();
        List<MeetOutcome> early = bench.meetOutcomes();
        peer.messageFlags |= MessageFlags.LISTED;

        peer.pongs();

        assertThat(early).isEmpty();
        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.JOINED);
    }

    @Test
    void shouldTellMembersAndOnlyThemThatTheyAreListed() {
        Bench bench = Bench.knowing(1);
        bench.peer(1).acquainted();
        Peer stranger = bench.peer(2);

        stranger.pings().meets();

        for (Bench.Sent sent : bench.sent) {
            Header header = ((BusMessage.Full) sent.message()).header();
            boolean toStranger = sent.link().equals(stranger.inbound());
            assertThat(MessageFlags.has(header.messageFlags(), MessageFlags.LISTED))
                    .isNotEqualTo(toStranger);
        }
        assertThat(bench.sentOn(stranger.inbound())).hasSize(2);
    }

    /** The end of its handshake is not noticed when its host is gone: the link stays, and the node is met again all the same. */
    @Test
    void shouldMeetAgainSlotmeshPeerWhoseLinkIsLeftOfAHandshake() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        Peer peer = bench.peer(1).slotmesh().pongs().pings();
        bench.clear();

        bench.tickFor(Bench.T / 2);
        peer.pongs();
        int early = bench.heartbeats(HeartbeatKind.MEET).size();
        bench.tickFor(Bench.T / 2 + 200);

        assertThat(early).isZero();
        assertThat(bench.heartbeats(HeartbeatKind.MEET)).hasSize(1);
        assertThat(bench.meetOutcomes()).isEmpty();
    }

    /** A restart makes no end of an acquaintance that was not mutual yet. */
    @Test
    void shouldMeetAgainAfterRestartNodeThatHadNotShownThatItListsThisOne() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        bench.peer(1).pongs();

        Bench restarted = Bench.with(bench.saved.split("\n"));
        Peer peer = restarted.peer(1).pongs();
        restarted.tickFor(300);
        int again = restarted.heartbeats(HeartbeatKind.MEET).size();
        peer.pings().pings();

        assertThat(bench.saved).contains("slotmesh-unconfirmed " + peer.id);
        assertThat(again).isEqualTo(1);
        assertThat(restarted.saved).doesNotContain("slotmesh-unconfirmed");
    }

    /** "a known node without inbound link for longer than the handshake timeout gets a MEET again ... at most once per handshake timeout." */
    @Test
    void shouldMeetAgainNodeThatKeepsNoLink() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        Peer peer = bench.peer(1).pongs();
        bench.clear();

        for (long ms = 0; ms < 3 * Bench.T; ms += 100) {
            bench.tickFor(100);
            peer.pongs();
        }

        assertThat(bench.heartbeats(HeartbeatKind.MEET)).hasSize(2);
        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.NOT_RECIPROCATED);
    }

    /** Gossip-learnt nodes get one soon, once an answer has confirmed their id. */
    @Test
    void shouldMeetNodeLearntByGossipThatDoesNotConnect() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).acquainted();
        Peer learnt = bench.peer(2);
        peer.pings(learnt.gossiped(NodeFlags.PRIMARY));
        bench.clear();

        bench.tickFor(1_000);
        int beforeAnswer = bench.heartbeats(HeartbeatKind.MEET).size();
        bench.opened.add(new Bench.Opened(
                bench.gossip.links().stream()
                        .filter(link -> link.node().equals(learnt.id))
                        .findFirst()
                        .orElseThrow()
                        .link(),
                new BusAddress(learnt.ip, 17000)));
        learnt.pongs();
        bench.tickFor(300);

        assertThat(beforeAnswer).isZero();
        assertThat(bench.heartbeats(HeartbeatKind.MEET)).hasSize(1);
    }

    /** Redis keeps it in memory until something else is saved; here it is told that it is listed, and that has to last. */
    @Test
    void shouldStoreNodeLearntByGossip() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).acquainted();
        Peer learnt = bench.peer(2);

        peer.pings(learnt.gossiped(NodeFlags.PRIMARY));

        assertThat(bench.saved)
                .contains("\n" + learnt.id + " ")
                .contains("slotmesh-unconfirmed " + learnt.id + "\n");
    }

    /** A node that was told to forget this one keeps no link either: to meet it again would undo that. */
    @Test
    void shouldNotMeetAgainNodeThatOnceKnewThisOne() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        Peer peer = bench.peer(1).pongs().pings().pings();
        bench.gossip.linkClosed(bench.nowMs, peer.inbound());
        bench.clear();

        for (long ms = 0; ms < 3 * Bench.T; ms += 100) {
            bench.tickFor(100);
            peer.pongs();
        }

        assertThat(bench.heartbeats(HeartbeatKind.MEET)).isEmpty();
    }

    @Test
    void shouldNotMeetNodesOfItsConfigurationFile() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).pongs();

        for (long ms = 0; ms < 3 * Bench.T; ms += 100) {
            bench.tickFor(100);
            peer.pongs();
        }

        assertThat(bench.heartbeats(HeartbeatKind.MEET)).isEmpty();
    }

    /** "Two nodes meeting each other at once also converges": the peer's MEET finds the handshake that is under way. */
    @Test
    void shouldJoinOnceWhenBothMeetEachOther() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);

        Peer peer = bench.peer(1).meets();
        peer.pongs().pings().pings();

        assertThat(bench.view.nodeCount()).isEqualTo(2);
        assertThat(bench.opened).hasSize(1);
        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.JOINED);
    }

    /** "PING or MEET from an unknown id: gets a PONG. Gossip from an unknown sender is ignored, also inside a MEET." */
    @Test
    void shouldIgnoreGossipOfStranger() {
        Bench bench = Bench.alone();

        bench.peer(1).meets(bench.peer(2).gossiped(NodeFlags.PRIMARY));
        bench.peer(3).pings(bench.peer(4).gossiped(NodeFlags.PRIMARY));

        assertThat(bench.view.node(Bench.id(2))).isNull();
        assertThat(bench.view.node(Bench.id(4))).isNull();
    }

    /** Section 4.2: handshakes are "excluded from gossip, ..., nodes.conf; included in CLUSTER NODES". */
    @Test
    void shouldShowHandshakeButNotStoreIt() {
        Bench bench = Bench.alone();

        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        bench.gossip.operator().saveConfig(bench.nowMs);

        assertThat(bench.gossip.nodesText(false))
                .contains("10.0.0.1:7000@17000 handshake - 0 0 0 connected");
        assertThat(bench.saved).doesNotContain("handshake");
        assertThat(bench.gossip.infoText()).contains("cluster_known_nodes:2\r\n");
    }
}
