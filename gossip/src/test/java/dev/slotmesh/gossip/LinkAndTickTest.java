package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.NodeFlags;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, sections 5 and 6: connections and the periodic work. */
class LinkAndTickTest {
    /** "Inbound links are anonymous until the first packet with a known sender id." */
    @Test
    void shouldListInboundLinkOnceItsNodeIsKnown() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        LinkId inbound = peer.inbound();
        boolean listedBefore =
                bench.gossip.links().stream().anyMatch(link -> link.link().equals(inbound));

        peer.pings();

        assertThat(listedBefore).isFalse();
        assertThat(bench.gossip.links())
                .contains(new LinkView(inbound, false, peer.id, bench.nowMs));
        assertThat(bench.gossip.linkCount()).isEqualTo(2);
    }

    /** "each entry without outbound link that is not MYSELF/NOADDR gets a new connect attempt (no back-off)." */
    @Test
    void shouldConnectToEveryKnownNodeAtStartAndAgainEveryTick() {
        Bench bench = Bench.knowing(1, 2);
        bench.gossip.linkFailed(
                bench.nowMs, bench.linkOpenedTo("10.0.0.1"), ConnectFailure.REFUSED);
        int atStart = bench.opened.size();

        bench.tickFor(100);

        assertThat(atStart).isEqualTo(2);
        assertThat(bench.opened).hasSize(3);
        assertThat(bench.opened.get(2).address()).isEqualTo(new BusAddress("10.0.0.1", 17000));
    }

    /** "On connect: send MEET or PING at once." */
    @Test
    void shouldPingOnConnect() {
        Bench bench = Bench.knowing(1);

        LinkId link = bench.peer(1).outbound();

        assertThat(bench.sentOn(link)).hasSize(1);
        assertThat(bench.heartbeats(HeartbeatKind.PING)).hasSize(1);
    }

    /** "A ping_sent that was pending before the reconnect is kept (the failure timer does not restart)." */
    @Test
    void shouldKeepPendingPingTimeOverReconnect() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        bench.gossip.linkClosed(bench.nowMs, peer.outbound());
        long askedMs = bench.entry(peer.id).pingSentMs();
        bench.tickFor(500);

        peer.reconnecting().outbound();

        assertThat(askedMs).isNotZero();
        assertThat(bench.entry(peer.id).pingSentMs()).isEqualTo(askedMs);
    }

    /** "Outbound link is dropped when all hold: link age > T, ping_sent != 0, now - ping_sent > T/2, now - data_received > T/2." */
    @Test
    void shouldRenewSilentLinkAfterHalfTheTimeout() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).acquainted();
        LinkId link = peer.outbound();

        bench.tickFor(Bench.T);
        boolean youngLinkDropped = bench.closed.contains(link);
        bench.tickFor(Bench.T / 2);

        assertThat(youngLinkDropped).isFalse();
        assertThat(bench.closed).contains(link);
    }

    @Test
    void shouldKeepLinkWhileAnyDataComes() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).acquainted();
        LinkId link = peer.outbound();

        for (int i = 0; i < 8; i++) {
            bench.tickFor(1_000);
            peer.pings();
        }

        assertThat(bench.closed).doesNotContain(link);
        assertThat(bench.view.node(peer.id).isPfail()).isFalse();
    }

    /** "Read/write error or EOF: free the link only; the node entry stays." */
    @Test
    void shouldKeepNodeWhenItsLinksEnd() {
        GossipSettings stock = Bench.settings().withPolicies(GossipSettings.Policies.STOCK);
        Bench bench = Bench.with(stock, Bench.mine(), Bench.line(1));
        Peer peer = bench.peer(1).acquainted();

        bench.gossip.linkClosed(bench.nowMs, peer.outbound());
        bench.gossip.linkClosed(bench.nowMs, peer.inbound());

        assertThat(bench.entry(peer.id)).isNotNull();
        assertThat(bench.entry(peer.id).linkConnected()).isFalse();
        assertThat(bench.gossip.linkCount()).isZero();
    }

    /** "cluster-link-sendbuf-limit L > 0: ... frees inbound and outbound links whose allocated send buffer exceeds L and counts." */
    @Test
    void shouldFreeLinkBeyondSendBufferLimit() {
        GossipSettings settings = Bench.settings().withLinkSendBufferLimitBytes(1_000);
        Bench bench = Bench.with(settings, Bench.mine(), Bench.line(1));
        LinkId link = bench.peer(1).acquainted().outbound();

        bench.gossip.linkBacklog(bench.nowMs, link, 1_000);
        boolean closedAtLimit = bench.closed.contains(link);
        bench.gossip.linkBacklog(bench.nowMs, link, 1_001);

        assertThat(closedAtLimit).isFalse();
        assertThat(bench.closed).contains(link);
        assertThat(bench.gossip.infoText())
                .contains("total_cluster_links_buffer_limit_exceeded:1\r\n");
        assertThat(bench.noticesOf(Notice.SendBufferExceeded.class).get(0).text())
                .isEqualTo("Freeing cluster link(to node " + Bench.id(1)
                        + ", used memory: 1001) due to exceeding send buffer memory limit.");
    }

    /** "packets queued in an event are written only in a later loop turn, after the before-sleep hook has saved (and fsynced)." */
    @Test
    void shouldSaveAndPublishBeforeAnythingLeaves() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.currentEpoch = 70;
        peer.configEpoch = 70;
        bench.clear();

        peer.pings();

        assertThat(bench.effects).containsSubsequence("save fsync", "view", "send");
        assertThat(bench.effects.indexOf("send")).isEqualTo(2);
    }

    @Test
    void shouldIgnoreInputsAboutLinksItDoesNotHave() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).acquainted();
        LinkId stale = peer.inbound();
        bench.gossip.linkClosed(bench.nowMs, stale);
        bench.clear();

        bench.gossip.linkClosed(bench.nowMs, stale);
        bench.gossip.linkFailed(bench.nowMs, stale, ConnectFailure.OTHER);
        bench.gossip.linkOpened(bench.nowMs, stale, new LinkContext("a", "b"));
        peer.receive(stale, peer.heartbeat(HeartbeatKind.PING));
        bench.gossip.linkBacklog(bench.nowMs, stale, Long.MAX_VALUE);

        assertThat(bench.effects).isEmpty();
    }

    /** "Every 10th run: ... PING the one with the smallest pong_received." */
    @Test
    void shouldPingOneNodePerSecondAtMostWhenAllIsFresh() {
        GossipSettings stock = Bench.settings().withPolicies(GossipSettings.Policies.STOCK);
        Bench bench = Bench.with(stock, Bench.mine(), Bench.line(1), Bench.line(2), Bench.line(3));
        Peer[] peers = {
            bench.peer(1).acquainted(),
            bench.peer(2).acquainted(),
            bench.peer(3).acquainted()
        };
        bench.clear();

        for (int i = 0; i < 10; i++) {
            bench.tickFor(1_000);
            for (Peer peer : peers) {
                if (bench.entry(peer.id).pingSentMs() != 0) {
                    peer.pongs();
                }
            }
        }

        assertThat(bench.heartbeats(HeartbeatKind.PING).size()).isBetween(10, 20);
    }

    /** "link present, ping_sent == 0, now - pong_received > T/2: PING." */
    @Test
    void shouldPingNodeWhoseLastPongIsOld() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).acquainted();
        bench.tickFor(100);
        if (bench.entry(peer.id).pingSentMs() != 0) {
            peer.pongs();
        }
        bench.clear();

        bench.nowMs += Bench.T / 2 + 1;
        bench.tick();

        assertThat(bench.heartbeats(HeartbeatKind.PING)).isNotEmpty();
    }

    /** Section 8.1: the T/2 rule sets ping_sent on a link that is only being connected, "which then survives the failed connects". */
    @Test
    void shouldStartWaitingForNodeThatCannotBeConnected() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1).acquainted();
        bench.gossip.linkClosed(bench.nowMs, peer.outbound());
        bench.nowMs += Bench.T / 2;

        for (int i = 0; i < 42; i++) {
            bench.tickFor(100);
            bench.gossip.linkFailed(
                    bench.nowMs, bench.linkOpenedTo(peer.ip), ConnectFailure.REFUSED);
        }

        assertThat(bench.view.node(peer.id).isPfail()).isTrue();
    }

    /** "Refresh own hostname from config." */
    @Test
    void shouldAnnounceHostnameFromSettings() {
        Bench bench = Bench.knowing(1);
        bench.gossip.settings(
                bench.nowMs,
                Bench.settings().withAnnounced(new NodeAddress("", 7000, 0, 17000, "me.test")));
        bench.clear();

        bench.peer(1).pings();

        assertThat(bench.view.myself().address().hostname()).isEqualTo("me.test");
        assertThat(bench.heartbeats(HeartbeatKind.PONG).get(0).extensions().toString())
                .contains("me.test");
    }

    @Test
    void shouldAnnounceNoFailoverFromSettings() {
        GossipSettings settings = Bench.settings()
                .withFailover(GossipSettings.Failover.DEFAULTS.withNoFailover(true));
        Bench bench = Bench.with(settings, Bench.mine(), Bench.line(1));

        bench.peer(1).pings();

        int flags = bench.heartbeats(HeartbeatKind.PONG).get(0).header().nodeFlags();
        assertThat(flags).isEqualTo(NodeFlags.PRIMARY | NodeFlags.MYSELF | NodeFlags.NOFAILOVER);
    }
}
