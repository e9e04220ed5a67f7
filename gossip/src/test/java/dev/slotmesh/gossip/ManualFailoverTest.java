package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, section 12. */
class ManualFailoverTest {
    private static final ManualFailover.Kind AGREED = ManualFailover.Kind.AGREED;

    @Test
    void shouldAskThePrimaryCatchUpAndBeElected() {
        Bench bench = replica();
        assertThat(bench.gossip.operator().failover(bench.nowMs, AGREED))
                .isEqualTo(OperatorResult.OK);
        assertThat(bench.sentOf(BusMessage.ManualFailoverStart.class)).hasSize(1);

        paused(bench, 120);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();
        // What the primary says later has no meaning: its writes stand still.
        paused(bench, 130);
        bench.gossip.replication(120, 0);
        bench.tick();

        assertThat(bench.sentOf(BusMessage.AuthRequest.class))
                .isNotEmpty()
                .allMatch(request ->
                        MessageFlags.has(request.header().messageFlags(), MessageFlags.FORCEACK));
        voted(bench, 1, 6);
        voted(bench, 2, 6);
        assertThat(bench.view.myself().isPrimary()).isTrue();
        assertThat(bench.view.myself().slots()).isEqualTo(Bench.slots(100, 199));
    }

    @Test
    void shouldGiveUpAfterFiveSeconds() {
        Bench bench = replica();
        bench.gossip.operator().failover(bench.nowMs, AGREED);
        bench.tickFor(4_900);
        assertThat(bench.noticesOf(FailoverNotice.ManualFailoverTimedOut.class)).isEmpty();
        bench.tickFor(200);

        paused(bench, 100);
        bench.tick();

        assertThat(bench.noticesOf(FailoverNotice.ManualFailoverTimedOut.class)).hasSize(1);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();
    }

    @Test
    void shouldNotAskThePrimaryWhenForced() {
        Bench bench = replica();

        bench.gossip.operator().failover(bench.nowMs, ManualFailover.Kind.FORCE);

        assertThat(bench.sentOf(BusMessage.ManualFailoverStart.class)).isEmpty();
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).hasSize(3);
    }

    @Test
    void shouldAskNobodyToTakeOver() {
        Bench bench = replica();

        bench.gossip.operator().failover(bench.nowMs, ManualFailover.Kind.TAKEOVER);

        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();
        assertThat(bench.view.myself().isPrimary()).isTrue();
        assertThat(bench.view.myself().slots()).isEqualTo(Bench.slots(100, 199));
        assertThat(bench.view.myself().configEpoch()).isEqualTo(6);
        assertThat(bench.effects).contains("promote");
    }

    @Test
    void shouldRefuseInRedissWords() {
        Bench primary = Bench.knowing(1);
        Bench lost = Bench.with("me " + Bench.MY_IP + ":7000@17000 myself,slave - 0 0 0 connected");
        Bench down = replica();
        Peer teller = down.lasting(2);
        teller.says(new BusMessage.Fail(teller.header(), Bench.id(1)));

        assertThat(primary.gossip.operator().failover(0, AGREED))
                .isEqualTo(new OperatorResult.Rejected(
                        "You should send CLUSTER FAILOVER to a replica"));
        assertThat(lost.gossip.operator().failover(0, AGREED))
                .isEqualTo(new OperatorResult.Rejected(
                        "I'm a replica but my master is unknown to me"));
        assertThat(down.gossip.operator().failover(0, AGREED))
                .isEqualTo(new OperatorResult.Rejected(
                        "Master is down or failed, please use CLUSTER FAILOVER FORCE"));
    }

    /** The primary's side: PAUSED is said only when the driver has told that nothing is on its way any more. */
    @Test
    void shouldLetWritesStandStillBeforeItSaysSo() {
        Bench bench = primary();
        Peer replica = asking(bench);
        assertThat(bench.effects).contains("pause writes");
        replica.pings();
        assertThat(saidPaused(bench)).isFalse();

        bench.gossip.replication(77, 0);
        bench.clear();
        bench.gossip.writesStandStill(bench.nowMs);

        assertThat(bench.heartbeats(HeartbeatKind.PING))
                .singleElement()
                .satisfies(ping -> assertThat(ping.header().replicationOffset()).isEqualTo(77));
        assertThat(saidPaused(bench)).isTrue();
        bench.clear();
        bench.nowMs += 100;
        bench.tick();
        assertThat(bench.heartbeats(HeartbeatKind.PING)).isNotEmpty();
    }

    @Test
    void shouldLetWritesGoOnAfterFiveSeconds() {
        Bench bench = primary();
        asking(bench);
        bench.gossip.writesStandStill(bench.nowMs);

        bench.tickFor(5_000);

        assertThat(bench.effects).contains("resume writes");
        bench.clear();
        bench.lasting(4).pings();
        assertThat(saidPaused(bench)).isFalse();
    }

    @Test
    void shouldLetWritesGoOnWhenItIsSucceeded() {
        Bench bench = primary();
        Peer replica = asking(bench);
        bench.gossip.writesStandStill(bench.nowMs);
        bench.clear();

        replica.primary = NodeId.NONE;
        replica.slots = Bench.slots(0, 99);
        replica.configEpoch = 9;
        replica.pings();

        assertThat(bench.view.myself().isReplica()).isTrue();
        assertThat(bench.effects).containsSubsequence("view", "replicate 4 at 10.0.0.4:7000");
        assertThat(bench.effects).containsSubsequence("view", "resume writes");
        assertThat(bench.heartbeats(HeartbeatKind.PONG))
                .anyMatch(pong -> pong.header().primary().equals(Bench.id(4)));
    }

    @Test
    void shouldNotHeedMfstartOfOthers() {
        Bench bench = Bench.knowing(1);
        Peer other = bench.lasting(1).acquainted();

        other.says(new BusMessage.ManualFailoverStart(other.header()));

        assertThat(bench.effects).doesNotContain("pause writes");
    }

    private static boolean saidPaused(Bench bench) {
        return bench.sent.stream()
                .map(Bench.Sent::message)
                .filter(BusMessage.Full.class::isInstance)
                .map(message -> ((BusMessage.Full) message).header())
                .anyMatch(header -> MessageFlags.has(header.messageFlags(), MessageFlags.PAUSED));
    }

    private static Bench primary() {
        Bench bench = Bench.with(
                Bench.mine(),
                Bench.line(1),
                "n4 10.0.0.4:7000@17000 slave me 0 1 0 connected"
                        .replace(" me ", " " + Bench.ME + " "));
        bench.clear();
        return bench;
    }

    private static Peer asking(Bench bench) {
        Bench fresh = bench;
        Peer replica = fresh.lasting(4);
        replica.primary = Bench.ME;
        replica.slots = Bench.slots(0, 99);
        replica.configEpoch = 5;
        fresh.tick();
        fresh.gossip.linkOpened(
                fresh.nowMs,
                fresh.gossip.links().stream()
                        .filter(link -> link.node().equals(Bench.id(4)) && link.outbound())
                        .findFirst()
                        .orElseThrow()
                        .link(),
                new LinkContext(Bench.MY_IP, "10.0.0.4"));
        replica.pings();
        replica.says(new BusMessage.ManualFailoverStart(replica.header()));
        return replica;
    }

    private static Bench replica() {
        Bench bench = Bench.with(
                "me " + Bench.MY_IP + ":7000@17000 myself,slave n1 0 0 0 connected",
                Bench.line(1),
                Bench.line(2),
                Bench.line(3),
                "vars currentEpoch 5 lastVoteEpoch 0");
        bench.gossip.replication(100, 0);
        for (int peer : new int[] {1, 2, 3}) {
            bench.lasting(peer).acquainted();
        }
        bench.clear();
        return bench;
    }

    private static void paused(Bench bench, long offset) {
        Peer primary = bench.lasting(1);
        primary.offset = offset;
        Header header = primary.header().withMessageFlags(MessageFlags.PAUSED);
        primary.says(new BusMessage.Heartbeat(HeartbeatKind.PING, header, List.of(), List.of()));
    }

    private static void voted(Bench bench, int digit, long epoch) {
        Peer voter = bench.lasting(digit);
        voter.currentEpoch = epoch;
        voter.says(new BusMessage.AuthAck(voter.header()));
    }
}
