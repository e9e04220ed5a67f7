package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, section 7: what heartbeats tell about third nodes, and what is believed. */
class GossipSectionTest {
    /** "wanted = min(max(3, floor(N/10)), fresh)", "fresh = N - 2". */
    @Test
    void shouldTellAtMostTenthOfTheTableAndNeverMoreThanOthersThereAre() {
        Bench small = Bench.knowing(1, 2);
        Bench large = large(59);

        small.peer(1).pings();
        large.peer(1).pings();

        assertThat(entries(small).size()).isLessThanOrEqualTo(1);
        assertThat(entries(large).size()).isBetween(3, 6);
        assertThat(entries(large)).doesNotHaveDuplicates();
    }

    /** "myself: skip"; "HANDSHAKE, NOADDR, or (no outbound link and 0 slots): skip". */
    @Test
    void shouldNotTellAboutItselfHandshakesAndNodesWithoutAddress() {
        Bench bench = Bench.with(
                Bench.mine(),
                Bench.line(1),
                "n2 :0@0 master,noaddr - 0 0 0 disconnected",
                "n3 10.0.0.3:7000@17000 master - 0 0 0 connected");
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.4", 7000, 17000);
        List<NodeId> told = new ArrayList<>();

        for (int i = 0; i < 50; i++) {
            bench.clear();
            bench.peer(1).pings();
            entries(bench).forEach(entry -> told.add(entry.id()));
        }

        assertThat(told).containsOnly(Bench.id(1), Bench.id(3));
    }

    /** "Then all PFAIL entries that are not HANDSHAKE/NOADDR" - never in the random part. */
    @Test
    void shouldTellEverySuspectedNode() {
        Bench bench = Bench.knowing(1, 2, 3, 4);
        bench.peer(2).outbound();
        bench.peer(3).outbound();
        bench.tickFor(Bench.T + 200);
        bench.clear();

        bench.peer(1).pings();

        assertThat(entries(bench))
                .filteredOn(entry -> NodeFlags.has(entry.flags(), NodeFlags.PFAIL))
                .extracting(GossipEntry::id)
                .contains(Bench.id(2), Bench.id(3));
    }

    /** "Unix seconds (ms/1000 truncated)". */
    @Test
    void shouldTellTimesInSeconds() {
        Bench bench = Bench.knowing(1, 2, 3);
        bench.peer(2).pongs();
        bench.nowMs += 400;

        GossipEntry entry = null;
        while (entry == null) {
            bench.clear();
            bench.peer(1).pings();
            for (GossipEntry told : entries(bench)) {
                entry = told.id().equals(Bench.id(2)) ? told : entry;
            }
        }

        assertThat(entry.pingSentSeconds()).isZero();
        assertThat(entry.pongReceivedSeconds()).isEqualTo((bench.nowMs - 400) / 1000);
    }

    /** Speed: a node learnt a moment ago goes first in the next sections, whatever the draw. */
    @Test
    void shouldTellNewsFirst() {
        Bench bench = large(59);
        Peer learnt = bench.peer(9);
        bench.peer(1).acquainted().pings(learnt.gossiped(NodeFlags.PRIMARY));
        bench.clear();

        bench.peer(2).pings();

        assertThat(entries(bench).get(0).id()).isEqualTo(learnt.id);
    }

    @Test
    void shouldStopTellingNewsAfterAWhile() {
        Bench bench = large(59);
        bench.peer(1).acquainted().pings(bench.peer(9).gossiped(NodeFlags.PRIMARY));

        bench.tickFor(2_100);
        bench.clear();
        int first = 0;
        for (int i = 0; i < 20; i++) {
            bench.clear();
            bench.peer(2).pings();
            first += entries(bench).get(0).id().equals(Bench.id(9)) ? 1 : 0;
        }

        assertThat(first).isLessThan(5);
    }

    /** "add it directly under the given id with the given flags, ip and ports; no handshake." */
    @Test
    void shouldAddNodeFromGossip() {
        Bench bench = Bench.knowing(1);
        Peer learnt = bench.peer(2);
        learnt.port = 7002;
        learnt.busPort = 17002;
        bench.clear();

        bench.peer(1).pings(learnt.gossiped(NodeFlags.REPLICA | 0x1000));

        NodeView entry = bench.view.node(learnt.id);
        assertThat(entry.flags()).isEqualTo(NodeFlags.REPLICA | 0x1000);
        assertThat(entry.address()).isEqualTo(new NodeAddress("10.0.0.2", 7002, 0, 17002, ""));
        assertThat(bench.opened)
                .extracting(Bench.Opened::address)
                .containsExactly(new BusAddress("10.0.0.2", 17002));
        assertThat(bench.effects).contains("save").doesNotContain("save fsync");
    }

    /** Section 2.3: "Never send MYSELF or HANDSHAKE in a gossip entry: 7.0 stores them as is". Slotmesh does not. */
    @Test
    void shouldNotBelieveFlagsThatMakeNoSenseInGossip() {
        Bench bench = Bench.knowing(1);
        int nonsense = NodeFlags.PRIMARY | NodeFlags.MYSELF | NodeFlags.HANDSHAKE | NodeFlags.MEET;

        bench.peer(1).pings(bench.peer(2).gossiped(nonsense));

        assertThat(bench.view.node(Bench.id(2)).flags()).isEqualTo(NodeFlags.PRIMARY);
        assertThat(bench.view.myId()).isEqualTo(Bench.ME);
    }

    /** "For an unknown node: if NOADDR is not set and the id is not blacklisted". */
    @Test
    void shouldNotAddNodeWithoutUsableAddress() {
        Bench bench = Bench.knowing(1);
        Peer noPort = bench.peer(3);
        noPort.busPort = 0;

        bench.peer(1)
                .pings(
                        bench.peer(2).gossiped(NodeFlags.NOADDR),
                        noPort.gossiped(NodeFlags.PRIMARY));

        assertThat(bench.view.nodeCount()).isEqualTo(2);
    }

    /** "pong = entry seconds x 1000; if pong <= now + 500 and pong > my pong_received: adopt." */
    @Test
    void shouldAdoptFresherPongFromGossip() {
        Bench bench = Bench.knowing(1, 2);
        bench.peer(2).pongs();
        long seconds = bench.nowMs / 1000 + 3;
        bench.nowMs = seconds * 1000 - 501;

        bench.peer(1).pings(bench.peer(2).gossiped(NodeFlags.PRIMARY, seconds));
        long tooEarly = bench.entry(Bench.id(2)).pongReceivedMs();
        bench.nowMs++;
        bench.peer(1).pings(bench.peer(2).gossiped(NodeFlags.PRIMARY, seconds));

        assertThat(tooEarly).isNotEqualTo(seconds * 1000);
        assertThat(bench.entry(Bench.id(2)).pongReceivedMs()).isEqualTo(seconds * 1000);
    }

    /** "Entry without PFAIL/FAIL, my ping_sent for it is 0 and it has no failure reports". */
    @Test
    void shouldNotAdoptPongOfNodeItWaitsFor() {
        Bench bench = Bench.knowing(1, 2);
        bench.peer(2).outbound();
        bench.nowMs += 5_000;

        bench.peer(1).pings(bench.peer(2).gossiped(NodeFlags.PRIMARY, bench.nowMs / 1000));

        assertThat(bench.entry(Bench.id(2)).pongReceivedMs()).isLessThan(bench.nowMs - 4_000);
    }

    private static Bench large(int peers) {
        List<String> lines = new ArrayList<>();
        lines.add(Bench.mine());
        lines.add(Bench.line(1));
        lines.add(Bench.line(2));
        for (int i = 10; lines.size() <= peers; i++) {
            String id = String.format("%040d", i);
            lines.add(id + " 10.0.1." + i + ":7000@17000 master - 0 1 0 connected");
        }
        return Bench.with(lines.toArray(String[]::new));
    }

    /** The gossip section of the last PONG. */
    private static List<GossipEntry> entries(Bench bench) {
        var pongs = bench.heartbeats(HeartbeatKind.PONG);
        return pongs.get(pongs.size() - 1).gossip();
    }
}
