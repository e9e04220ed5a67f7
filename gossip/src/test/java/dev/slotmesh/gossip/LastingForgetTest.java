package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.PingExtension;
import dev.slotmesh.bus.PingExtension.ForgottenNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/gossip.md, "FORGET that lasts"; cluster bus facts, sections 2.6 and 15. */
class LastingForgetTest {
    private static final NodeId F = Bench.id(1);

    /** "No MEET the node sends by itself brings it back." */
    @Test
    void shouldRefuseMeetOfForgottenNodeUntilItsTimeIsOver() {
        Bench bench = forgetful();
        bench.clear();

        bench.nowMs += 59_999;
        bench.peer(1).meets();
        int entriesBefore = bench.gossip.describe().nodeCount();
        bench.nowMs += 1;
        bench.peer(1).meets();

        assertThat(entriesBefore).isEqualTo(2);
        assertThat(bench.notices).contains(new Notice.MeetRefused(F));
        assertThat(bench.heartbeats(HeartbeatKind.PONG)).hasSize(2);
        assertThat(bench.gossip.describe().nodeCount()).isEqualTo(3);
    }

    @Test
    void shouldTakeMeetOfForgottenNodeAsRedisDoesWhenSwitchedOff() {
        Bench bench = Bench.with(stock(), Bench.mine(), Bench.line(1));
        forget(bench, F);

        bench.peer(1).meets();
        bench.peer(1).pongs();

        assertThat(bench.view.node(F)).isNotNull();
        assertThat(bench.saved).doesNotContain("slotmesh-forgotten");
    }

    /** A MEET the operator asked for before the FORGET, at another address of the node. */
    @Test
    void shouldEndHandshakeThatTurnsOutToBeWithForgottenNode() {
        Bench bench = Bench.knowing(1, 2);
        bench.gossip.operator().meet(bench.nowMs, "10.9.9.9", 7000, 17000);
        LinkId link = bench.linkOpenedTo("10.9.9.9");
        bench.gossip.linkOpened(bench.nowMs, link, new LinkContext(Bench.MY_IP, "10.9.9.9"));
        bench.nowMs += 10;
        forget(bench, F);

        bench.gossip.packetReceived(bench.nowMs, link, bench.peer(1).heartbeat(HeartbeatKind.PONG));

        assertThat(bench.view.node(F)).isNull();
        assertThat(bench.view.nodeCount()).isEqualTo(2);
        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.FORGOTTEN);
    }

    /** "An operator's MEET at this node ends the time at once", also for gossip. */
    @Test
    void shouldLiftTombstoneByOperatorsMeet() {
        Bench bench = forgetful();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        bench.peer(1).pongs();

        bench.nowMs += 100;
        bench.peer(1).meets();
        bench.peer(1).pings();

        assertThat(bench.view.node(F)).isNotNull();
        assertThat(bench.noticesOf(Notice.MeetRefused.class)).isEmpty();
    }

    /** "An operator's MEET at the forgotten node counts as well, if that is a Slotmesh node." */
    @Test
    void shouldTakeForgottenNodeBackWhenItsOperatorAsksForIt() {
        Bench bench = forgetful();
        Peer forgotten = bench.peer(1);
        forgotten.messageFlags = MessageFlags.SLOTMESH | MessageFlags.OPERATOR_MEET;

        forgotten.meets();
        tells(bench.peer(2).acquainted(), F, 59);
        forgotten.pongs();

        assertThat(bench.view.node(F)).isNotNull();
    }

    /** Bits a stock node leaves there by chance are no mark. */
    @Test
    void shouldNotTakeBitOfUnmarkedMeetForOperator() {
        Bench bench = forgetful();
        Peer forgotten = bench.peer(1);
        forgotten.messageFlags = MessageFlags.OPERATOR_MEET;

        forgotten.meets();

        assertThat(bench.view.nodeCount()).isEqualTo(2);
    }

    /** The MEETs that a node sends by itself later do not carry the operator's wish. */
    @Test
    void shouldMarkOnlyFirstMeetsAsOperators() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        bench.peer(1).pongs();
        bench.tickFor(Bench.T + 300);

        assertThat(bench.heartbeats(HeartbeatKind.MEET))
                .extracting(meet -> MessageFlags.has(
                        meet.header().messageFlags(),
                        MessageFlags.SLOTMESH | MessageFlags.OPERATOR_MEET))
                .containsExactly(true, false);
    }

    /** Or it would ask until the time is over, and come back then. */
    @Test
    void shouldTellForgottenSlotmeshNodeSo() {
        Bench bench = forgetful();
        Peer forgotten = bench.peer(1);
        forgotten.messageFlags = MessageFlags.SLOTMESH;
        bench.clear();

        bench.nowMs += 20_000;
        forgotten.meets();
        forgotten.messageFlags = 0;
        forgotten.pings();

        assertThat(bench.heartbeats(HeartbeatKind.PONG))
                .extracting(BusMessage.Heartbeat::extensions)
                .containsExactly(List.of(new ForgottenNode(F, 40)), List.of());
    }

    @Test
    void shouldNotMeetNodeAgainThatWasToldToForgetThisOne() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.2", 7000, 17000);
        Peer peer = bench.peer(2);
        peer.pongs();
        peer.messageFlags = MessageFlags.SLOTMESH;
        peer.extensions.add(new ForgottenNode(Bench.ME, 50));
        peer.pongs();
        bench.clear();

        bench.tickFor(10 * Bench.T);

        assertThat(bench.heartbeats(HeartbeatKind.MEET)).isEmpty();
        assertThat(bench.view.node(peer.id)).isNotNull();
    }

    /** The outcome has a name. */
    @Test
    void shouldReportThatNodeWasToldToForgetThisOne() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.2", 7000, 17000);
        Peer peer = bench.peer(2);
        peer.pongs();
        peer.messageFlags = MessageFlags.SLOTMESH;
        peer.extensions.add(new ForgottenNode(Bench.ME, 50));

        peer.pongs();
        peer.pongs();

        assertThat(bench.meetOutcomes()).containsExactly(MeetOutcome.DISOWNED);
    }

    /** A save that an unsynced file could undo would not be lasting. */
    @Test
    void shouldSaveTombstoneDurablyBeforeAnybodyHears() {
        Bench bench = Bench.knowing(1, 2);
        extensionsShown(bench.peer(2)).acquainted();
        bench.clear();

        forget(bench, F);

        assertThat(bench.effects).startsWith("save fsync", "view").contains("send");
        assertThat(bench.saved)
                .endsWith("lastVoteEpoch 0 slotmesh-forgotten " + F + ":" + (bench.nowMs + 60_000)
                        + "\n");
    }

    @Test
    void shouldKeepTombstoneOverRestart() {
        Bench before = forgetful();
        Bench bench = Bench.with(before.saved.split("\n"));
        Peer teller = bench.peer(2).acquainted();

        bench.nowMs = before.nowMs + 59_999;
        teller.pings(bench.peer(1).gossiped(NodeFlags.PRIMARY));
        bench.peer(1).meets();
        NodeView during = bench.view.node(F);
        int entries = bench.view.nodeCount();
        bench.nowMs += 1;
        teller.pings(bench.peer(1).gossiped(NodeFlags.PRIMARY));

        assertThat(during).isNull();
        assertThat(entries).isEqualTo(2);
        assertThat(bench.view.node(F)).isNotNull();
        bench.gossip.operator().saveConfig(bench.nowMs);
        assertThat(bench.saved).doesNotContain("slotmesh-forgotten");
    }

    /** "sent only to peers that showed that they understand": not a 7.0 node, with or without a host name. */
    @Test
    void shouldTellNoExtensionToPeerThatWouldComplain() {
        Bench bench = Bench.knowing(1, 2, 3, 4);
        Peer plain = bench.peer(2).acquainted();
        Peer named = bench.peer(3);
        named.hostname = "n3.test";
        named.messageFlags = MessageFlags.EXT_DATA;
        named.acquainted();
        Peer later = extensionsShown(bench.peer(4)).acquainted();
        bench.clear();

        forget(bench, F);
        List<BusMessage> told = bench.sentOn(later.outbound());
        bench.tickFor(Bench.T);
        List.of(plain, named, later).forEach(Peer::pings);

        assertThat(extensionsOf(told))
                .containsExactly(new ForgottenNode(F, 60), new PingExtension.ShardId(Bench.ME));
        for (Peer peer : List.of(plain, named)) {
            assertThat(bench.sentOn(peer.outbound())).isNotEmpty();
            assertThat(extensionsOf(bench.sentOn(peer.outbound()))).isEmpty();
            assertThat(extensionsOf(bench.sentOn(peer.inbound()))).isEmpty();
        }
    }

    /** A valkey node with a host name shows its shard as well. */
    @Test
    void shouldTellPeerThatSendsAnyExtensionOfLaterVersions() {
        Bench bench = Bench.knowing(1, 2);
        Peer later = bench.peer(2);
        later.hostname = "n2.test";
        later.messageFlags = MessageFlags.EXT_DATA;
        later.extensions.add(new PingExtension.ShardId(Bench.id(9)));
        later.acquainted();
        bench.clear();

        forget(bench, F);

        assertThat(extensionsOf(bench.sentOn(later.outbound()))).contains(new ForgottenNode(F, 60));
    }

    /** Every PING goes on telling, with the time that is left. */
    @Test
    void shouldTellInEveryPingWhatTimeIsLeft() {
        Bench bench = Bench.knowing(1, 2);
        Peer later = extensionsShown(bench.peer(2)).acquainted();
        forget(bench, F);
        bench.clear();

        bench.nowMs += 30_500;
        bench.tick();
        later.pongs();
        bench.nowMs += 29_000;
        bench.tickFor(Bench.T);

        List<PingExtension> told = extensionsOf(bench.sentOn(later.outbound())).stream()
                .filter(ForgottenNode.class::isInstance)
                .toList();
        assertThat(told).containsExactly(new ForgottenNode(F, 29));
    }

    /** "receiver, if it knows that node and it is neither itself nor its primary, blacklists it for ttl and deletes it." */
    @Test
    void shouldForgetWhatPeerWasToldToForget() {
        Bench bench = Bench.knowing(1, 2, 3);
        bench.peer(1).acquainted();
        Peer teller = bench.peer(2).acquainted();
        Peer gossip = bench.peer(3).acquainted();

        tells(teller, F, 40);
        bench.nowMs += 39_999;
        gossip.pings(bench.peer(1).gossiped(NodeFlags.PRIMARY));
        NodeView during = bench.view.node(F);
        bench.nowMs += 1;
        gossip.pings(bench.peer(1).gossiped(NodeFlags.PRIMARY));

        assertThat(during).isNull();
        assertThat(bench.notices).contains(new Notice.ForgottenByPeer(teller.id, F));
        assertThat(bench.view.node(F)).isNotNull();
    }

    @Test
    void shouldIgnoreForgottenNodeOfPeerWhenSwitchedOff() {
        Bench bench = Bench.with(stock(), Bench.mine(), Bench.line(1), Bench.line(2));

        tells(bench.peer(2).acquainted(), F, 40);

        assertThat(bench.view.node(F)).isNotNull();
    }

    @Test
    void shouldNotForgetItselfItsPrimaryOrTheTeller() {
        Bench bench = Bench.with(
                "me 10.0.0.5:7000@17000 myself,slave n1 0 0 0 connected",
                Bench.line(1),
                Bench.line(2));
        Peer teller = bench.peer(2).acquainted();

        tells(teller, Bench.ME, 60);
        tells(teller, F, 60);
        tells(teller, teller.id, 60);

        assertThat(bench.view.nodeCount()).isEqualTo(3);
    }

    /** Heard before the node itself was: gossip of one that was not told must not bring it. */
    @Test
    void shouldNotLetInUnknownNodeThatPeerWasToldToForget() {
        Bench bench = Bench.knowing(2, 3);
        Peer teller = bench.peer(2).acquainted();
        Peer gossip = bench.peer(3).acquainted();

        tells(teller, F, 60);
        gossip.pings(bench.peer(1).gossiped(NodeFlags.PRIMARY));

        assertThat(bench.view.node(F)).isNull();
    }

    /** redis-cli sends FORGET to every node in turn and stops at the first error. */
    @Test
    void shouldAcceptForgetOfNodeThatPeerWasFasterToForget() {
        Bench bench = Bench.knowing(1, 2);
        tells(bench.peer(2).acquainted(), F, 30);

        OperatorResult first = forget(bench, F);
        OperatorResult again = forget(bench, F);
        bench.nowMs += 59_999;
        bench.peer(1).meets();

        assertThat(first).isEqualTo(OperatorResult.OK);
        assertThat(again).isEqualTo(new OperatorResult.Rejected("Unknown node " + F));
        assertThat(bench.view.nodeCount()).isEqualTo(2);
    }

    /** The peer goes on telling of a FORGET that is older than the operator's MEET here. */
    @Test
    void shouldNotObeyForgetThatIsOlderThanOperatorsMeet() {
        Bench bench = forgetful();
        Peer teller = bench.peer(2).acquainted();
        bench.nowMs += 10_000;
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        bench.peer(1).pongs();

        bench.nowMs += 1_000;
        tells(teller, F, 49);
        NodeView afterOlder = bench.view.node(F);
        tells(teller, F, 60);

        assertThat(afterOlder).isNotNull();
        assertThat(bench.view.node(F)).isNull();
    }

    /** Time of a peer is bounded; no time left is none. */
    @ParameterizedTest
    @ValueSource(longs = {0, 86_400, Long.MAX_VALUE, -1})
    void shouldBoundTimeThatPeerTells(long ttlSeconds) {
        Bench bench = Bench.knowing(1, 2, 3);
        Peer teller = bench.peer(2).acquainted();
        Peer gossip = bench.peer(3).acquainted();

        tells(teller, F, ttlSeconds);
        NodeView told = bench.view.node(F);
        bench.nowMs += 24 * 3_600_000L;
        gossip.pings(bench.peer(1).gossiped(NodeFlags.PRIMARY));

        assertThat(told != null).isEqualTo(ttlSeconds == 0);
        assertThat(bench.view.node(F)).isNotNull();
    }

    /** What was forgotten in one cluster must not be forgotten in the next: RESET "keeps blacklist", to itself. */
    @Test
    void shouldKeepTombstonesToItselfAfterReset() {
        Bench bench = forgetful();
        bench.gossip.operator().reset(bench.nowMs, false, Bench.NO_KEYS);
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.3", 7000, 17000);
        Peer next = extensionsShown(bench.peer(3));
        next.pongs();
        next.pings(bench.peer(1).gossiped(NodeFlags.PRIMARY));
        next.pongs();

        bench.tickFor(Bench.T);
        next.pongs();
        bench.tickFor(Bench.T);

        assertThat(bench.view.node(F)).isNull();
        assertThat(extensionsOf(bench.sentOn(next.outbound())))
                .isNotEmpty()
                .noneMatch(ForgottenNode.class::isInstance);
    }

    /** A heartbeat tells of a bounded number; the following ones tell of the rest. */
    @Test
    void shouldTellOfManyForgottenNodesInTurns() {
        List<String> lines = new ArrayList<>(List.of(Bench.mine(), Bench.line(2)));
        for (int i = 0; i < 100; i++) {
            lines.add(many(i) + " 10.1.0." + i + ":7000@17000 master - 0 1 0 connected");
        }
        Bench bench = Bench.with(lines.toArray(String[]::new));
        Peer later = extensionsShown(bench.peer(2)).acquainted();
        for (int i = 0; i < 100; i++) {
            forget(bench, many(i));
        }
        bench.clear();

        bench.nowMs += Bench.T;
        bench.tick();
        later.pongs();
        bench.nowMs += Bench.T;
        bench.tick();

        List<BusMessage.Heartbeat> pings = bench.heartbeats(HeartbeatKind.PING);
        assertThat(pings)
                .hasSize(2)
                .allSatisfy(ping -> assertThat(ping.extensions()).hasSize(65));
        assertThat(pings.stream()
                        .flatMap(ping -> ping.extensions().stream())
                        .filter(ForgottenNode.class::isInstance)
                        .map(told -> ((ForgottenNode) told).id()))
                .contains(IntStream.range(0, 100)
                        .mapToObj(LastingForgetTest::many)
                        .toArray(NodeId[]::new));
    }

    private static NodeId many(int i) {
        return NodeId.parse("%040x".formatted(i + 1));
    }

    /** A primary that knows peer 2 and was told to forget peer 1 a moment ago. */
    private static Bench forgetful() {
        Bench bench = Bench.knowing(1, 2);
        forget(bench, F);
        return bench;
    }

    private static OperatorResult forget(Bench bench, NodeId id) {
        return bench.gossip.operator().forget(bench.nowMs, id.toString());
    }

    private static GossipSettings stock() {
        return Bench.settings().withPolicies(GossipSettings.Policies.STOCK);
    }

    private static Peer extensionsShown(Peer peer) {
        peer.messageFlags = MessageFlags.EXT_DATA;
        return peer;
    }

    private static void tells(Peer teller, NodeId forgotten, long ttlSeconds) {
        teller.messageFlags = MessageFlags.EXT_DATA;
        teller.extensions.add(new ForgottenNode(forgotten, ttlSeconds));
        teller.pings();
        teller.extensions.clear();
    }

    private static List<PingExtension> extensionsOf(List<BusMessage> messages) {
        return messages.stream()
                .filter(BusMessage.Heartbeat.class::isInstance)
                .flatMap(message -> ((BusMessage.Heartbeat) message).extensions().stream())
                .toList();
    }
}
