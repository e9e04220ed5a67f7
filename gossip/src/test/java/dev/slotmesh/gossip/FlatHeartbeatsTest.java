package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Heartbeats whose cost for a node does not grow with the cluster. */
class FlatHeartbeatsTest {
    private static final int MANY = 200;

    /** 75 PINGs per node timeout, at most one per tick. */
    @Test
    void shouldAskInTurnAtOnePace() {
        int[] digits = {1, 2, 3, 4, 6, 7, 8, 9};
        Bench bench = Bench.knowing(digits);
        List<Peer> peers = new ArrayList<>();
        for (int digit : digits) {
            peers.add(bench.peer(digit).slotmesh().acquainted());
        }
        bench.tickFor(1_000);
        answer(bench, peers);
        bench.clear();

        for (int tick = 0; tick < 80; tick++) {
            bench.tickFor(100);
            answer(bench, peers);
        }

        assertThat(bench.heartbeats(HeartbeatKind.PING)).hasSize(80);
        for (Peer peer : peers) {
            assertThat(bench.sentOn(peer.outbound())).hasSizeBetween(9, 11);
        }
    }

    @Test
    void shouldAskNobodyMoreOftenThanTenTimesPerTimeout() {
        Bench bench = Bench.knowing(1);
        List<Peer> peers = List.of(bench.peer(1).slotmesh().acquainted());
        bench.tickFor(400);
        answer(bench, peers);
        bench.clear();

        for (int tick = 0; tick < Bench.T / 100; tick++) {
            bench.tickFor(100);
            answer(bench, peers);
        }

        assertThat(bench.heartbeats(HeartbeatKind.PING)).hasSize(10);
    }

    @Test
    void shouldTellFlatPeerAsMuchInCrowdAsInFewNodes() {
        Bench bench = crowd();
        Peer flat = bench.peer(1).slotmesh().acquainted();
        Peer stock = bench.peer(2).acquainted();
        bench.tickFor(1_000);
        bench.clear();

        flat.pings();
        int toFlat = bench.heartbeats(HeartbeatKind.PONG).get(0).gossip().size();
        bench.clear();
        stock.pings();
        int toStock = bench.heartbeats(HeartbeatKind.PONG).get(0).gossip().size();

        assertThat(toFlat).isBetween(1, 4);
        assertThat(toStock).isBetween(MANY / 10 - 3, MANY / 10 + 1);
    }

    /** A stock peer hears of suspicion in no other way, so it is told of all of them. */
    @Test
    void shouldTellFlatPeerOfSuspectsInTurnAndStockPeerOfAll() {
        Bench bench = crowd();
        Peer flat = bench.peer(1).slotmesh().acquainted();
        Peer stock = bench.peer(2).acquainted();
        // None of the crowd can be connected to, and these two do not answer either: everybody is
        // suspected.
        bench.tickFor(2 * Bench.T);
        bench.clear();

        stock.pings();
        int toStock =
                suspects(bench.heartbeats(HeartbeatKind.PONG).get(0).gossip()).size();
        bench.clear();
        Set<NodeId> toFlat = new HashSet<>();
        for (int i = 0; i < MANY / 8 + 1; i++) {
            flat.pings();
            Set<NodeId> told =
                    suspects(bench.heartbeats(HeartbeatKind.PONG).get(0).gossip());
            assertThat(told).hasSizeBetween(1, 8);
            toFlat.addAll(told);
            bench.clear();
        }

        assertThat(toStock).isEqualTo(MANY + 2);
        assertThat(toFlat).hasSize(MANY + 2);
    }

    @Test
    void shouldMarkItsMessages() {
        Bench bench = Bench.knowing(1);

        bench.peer(1).pings();

        int flags = bench.heartbeats(HeartbeatKind.PONG).get(0).header().messageFlags();
        assertThat(MessageFlags.isSlotmesh(flags)).isTrue();
        assertThat(MessageFlags.has(flags, MessageFlags.PROBES)).isTrue();
        assertThat(MessageFlags.has(flags, MessageFlags.ALARM)).isFalse();
    }

    @Test
    void shouldNotClaimToProbeWhenSwitchedOff() {
        GossipSettings stock = Bench.settings().withPolicies(GossipSettings.Policies.STOCK);
        Bench bench = Bench.with(stock, Bench.mine(), Bench.line(1));

        bench.peer(1).pings();

        int flags = bench.heartbeats(HeartbeatKind.PONG).get(0).header().messageFlags();
        assertThat(MessageFlags.isSlotmesh(flags)).isTrue();
        assertThat(MessageFlags.has(flags, MessageFlags.PROBES)).isFalse();
    }

    /** When a large cluster forms, each node greets each; a stock node is told all from its first packet on. */
    @Test
    void shouldTellPeerLittleBeforeItIsHeardOf() {
        Bench bench = crowd();
        Peer stock = bench.peer(2);
        LinkId greeted = stock.outbound();
        int first = bench.heartbeats(HeartbeatKind.PING).get(0).gossip().size();
        bench.clear();

        stock.receive(greeted, stock.heartbeat(HeartbeatKind.PONG));
        stock.pings();
        int then = bench.heartbeats(HeartbeatKind.PONG).get(0).gossip().size();

        assertThat(first).isBetween(1, 4);
        assertThat(then).isBetween(MANY / 10 - 3, MANY / 10 + 1);
    }

    private static void answer(Bench bench, List<Peer> peers) {
        for (Peer peer : peers) {
            if (bench.entry(peer.id).pingSentMs() != 0) {
                peer.pongs();
            }
        }
    }

    private static Set<NodeId> suspects(List<GossipEntry> entries) {
        Set<NodeId> suspects = new HashSet<>();
        for (GossipEntry entry : entries) {
            if ((entry.flags() & NodeFlags.PFAIL) != 0) {
                suspects.add(entry.id());
            }
        }
        return suspects;
    }

    /** Itself, the peers 1 and 2, and many replicas nobody plays. */
    private static Bench crowd() {
        List<String> lines = new ArrayList<>(List.of(Bench.mine(), Bench.line(1), Bench.line(2)));
        for (int i = 0; i < MANY; i++) {
            lines.add(String.format("%040x", i + 0xabc000) + " 10.1." + i / 250 + "." + i % 250
                    + ":7000@17000 slave n1 0 1 1 connected");
        }
        return Bench.with(lines.toArray(String[]::new));
    }
}
