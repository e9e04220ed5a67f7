package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeFlags;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, sections 4.4 and 4.5: where nodes are. */
class AddressTest {
    private static final String WITHOUT_IP = "me :7000@17000 myself,master - 0 0 5 connected 0-99";

    /** "on PING only while my ip is empty, my ip = local address of the socket the packet came in on." */
    @Test
    void shouldDiscoverOwnIpFromFirstPing() {
        Bench bench = Bench.with(WITHOUT_IP, Bench.line(1));

        bench.peer(1).pings();

        assertThat(bench.view.myself().address().ip()).isEqualTo(Bench.MY_IP);
        assertThat(bench.notices).contains(new Notice.OwnAddressUpdated(Bench.MY_IP));
    }

    @Test
    void shouldKeepDiscoveredIpOnLaterPings() {
        Bench bench = Bench.with(
                "me 10.9.9.9:7000@17000 myself,master - 0 0 5 connected 0-99", Bench.line(1));

        bench.peer(1).pings();

        assertThat(bench.view.myself().address().ip()).isEqualTo("10.9.9.9");
    }

    /** "on MEET always". */
    @Test
    void shouldDiscoverOwnIpFromEveryMeet() {
        Bench bench = Bench.with(
                "me 10.9.9.9:7000@17000 myself,master - 0 0 5 connected 0-99", Bench.line(1));

        bench.peer(1).meets();

        assertThat(bench.view.myself().address().ip()).isEqualTo(Bench.MY_IP);
    }

    /** "If cluster-announce-ip is unset" only. */
    @Test
    void shouldNotDiscoverOwnIpWhenOneIsAnnounced() {
        GossipSettings settings =
                Bench.settings().withAnnounced(new NodeAddress("192.0.2.1", 7000, 0, 17000, ""));
        Bench bench = Bench.with(settings, WITHOUT_IP, Bench.line(1));

        bench.peer(1).meets();

        assertThat(bench.view.myself().address().ip()).isEqualTo("192.0.2.1");
    }

    /** "Setting cluster-announce-ip at run time replaces my ip, clearing it empties the ip and discovery starts again." */
    @Test
    void shouldFollowChangesOfAnnouncedIp() {
        Bench bench = Bench.knowing(1);
        bench.gossip.settings(
                bench.nowMs,
                Bench.settings().withAnnounced(new NodeAddress("192.0.2.1", 7000, 0, 17000, "")));
        String announced = bench.view.myself().address().ip();

        bench.gossip.settings(bench.nowMs, Bench.settings());
        String cleared = bench.view.myself().address().ip();
        bench.peer(1).pings();

        assertThat(announced).isEqualTo("192.0.2.1");
        assertThat(cleared).isEmpty();
        assertThat(bench.view.myself().address().ip()).isEqualTo(Bench.MY_IP);
    }

    /** "Ports are always taken from configuration." */
    @Test
    void shouldTakePortsFromSettingsNotFromFile() {
        Bench bench = Bench.with("me 10.0.0.5:1@2 myself,master - 0 0 5 connected 0-99");

        assertThat(bench.view.myself().address())
                .isEqualTo(new NodeAddress("10.0.0.5", 7000, 0, 17000, ""));
    }

    /** "ip = header myip if its first byte is non-zero, else the TCP peer address; port, pport, cport from the header." */
    @Test
    void shouldFollowSenderThatMoved() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).acquainted();
        LinkId old = peer.outbound();
        peer.announcedIp = "192.0.2.7";
        peer.port = 7001;
        peer.busPort = 17001;
        bench.clear();

        peer.pings();

        assertThat(bench.view.node(peer.id).address())
                .isEqualTo(new NodeAddress("192.0.2.7", 7001, 0, 17001, ""));
        assertThat(bench.closed).containsExactly(old);
        assertThat(bench.opened)
                .extracting(Bench.Opened::address)
                .containsExactly(new BusAddress("192.0.2.7", 17001));
        assertThat(bench.notices).contains(new Notice.AddressUpdated(peer.id, "192.0.2.7", 7001));
    }

    /** A cluster that was started again at other addresses is joined by MEETs, which may be all that tells of them. */
    @Test
    void shouldFollowKnownNodeThatMovedAndMeets() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).acquainted();
        peer.port = 7001;
        peer.busPort = 17001;

        peer.meets();

        assertThat(bench.view.node(peer.id).address().port()).isEqualTo(7001);
        assertThat(bench.opened)
                .extracting(Bench.Opened::address)
                .contains(new BusAddress(peer.ip, 17001));
    }

    @Test
    void shouldTakeConnectionsAddressWhenSenderAnnouncesNone() {
        Bench bench =
                Bench.with(Bench.mine(), "n1 10.1.1.1:7000@17000 master - 0 1 1 connected 100-199");

        bench.peer(1).pings();

        assertThat(bench.view.node(Bench.id(1)).address().ip()).isEqualTo("10.0.0.1");
    }

    /** "unless the packet came on my outbound link to it". */
    @Test
    void shouldNotChangeAddressForPacketOnOutboundLink() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.port = 7009;

        peer.receive(peer.outbound(), peer.heartbeat(BusMessage.HeartbeatKind.PING));

        assertThat(bench.view.node(peer.id).address().port()).isEqualTo(7000);
    }

    @Test
    void shouldNotStoreAnnouncedIpThatWouldBreakAFile() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.announcedIp = "x,y master\nz";

        peer.pings();

        assertThat(bench.view.node(peer.id).address().ip()).isEqualTo("10.0.0.1");
    }

    /** "if it is my primary re-point replication." */
    @Test
    void shouldReplicateFromNewAddressWhenPrimaryMoves() {
        Bench bench =
                Bench.with("me 10.0.0.5:7000@17000 myself,slave n1 0 0 0 connected", Bench.line(1));
        Peer peer = bench.peer(1);
        peer.port = 7009;

        peer.pings();

        assertThat(bench.effects)
                .contains("replicate 1 at 10.0.0.1:7000", "replicate 1 at 10.0.0.1:7009");
    }

    /** "Gossip changes an address only when I consider the node PFAIL or FAIL and the gossip entry has neither." */
    @Test
    void shouldCorrectAddressOfSuspectedNodeFromGossip() {
        Bench bench = Bench.knowing(1, 2);
        Peer peer = bench.peer(1).acquainted();
        peer.says(new BusMessage.Fail(peer.header(), Bench.id(2)));
        Peer moved = bench.peer(2);
        moved.busPort = 17002;
        bench.clear();

        peer.pings(moved.gossiped(NodeFlags.PRIMARY | NodeFlags.PFAIL));
        int whenSuspectedThereToo = bench.view.node(moved.id).address().busPort();
        peer.pings(moved.gossiped(NodeFlags.PRIMARY));

        assertThat(whenSuspectedThereToo).isEqualTo(17000);
        assertThat(bench.view.node(moved.id).address().busPort()).isEqualTo(17002);
        assertThat(bench.opened)
                .extracting(Bench.Opened::address)
                .containsExactly(new BusAddress("10.0.0.2", 17002));
    }

    @Test
    void shouldNotMoveHealthyNodeByGossip() {
        Bench bench = Bench.knowing(1, 2);
        Peer moved = bench.peer(2);
        moved.busPort = 17002;

        bench.peer(1).pings(moved.gossiped(NodeFlags.PRIMARY));

        assertThat(bench.view.node(moved.id).address().busPort()).isEqualTo(17000);
    }
}
