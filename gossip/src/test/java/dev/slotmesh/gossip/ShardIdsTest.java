package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.PingExtension.ShardId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/gossip.md, "Shard ids"; cluster bus facts, section 2.6, extension type 3. */
class ShardIdsTest {
    private static final String REPLICA = "me 10.0.0.5:7000@17000 myself,slave n1 0 0 0 connected";

    @Test
    void shouldCallShardOfPrimaryByItsNodeId() {
        Bench bench = Bench.knowing(1);

        assertThat(told(bench, reader(bench, 1))).isEqualTo(Bench.ME);
        assertThat(bench.saved).doesNotContain("slotmesh");
    }

    @Test
    void shouldJoinShardItsPrimaryTells() {
        Bench bench = Bench.with(REPLICA, Bench.line(1), Bench.line(2));
        Peer primary = reader(bench, 1);
        primary.extensions.add(new ShardId(Bench.id(8)));
        primary.pings();

        assertThat(told(bench, reader(bench, 2))).isEqualTo(Bench.id(8));
        assertThat(bench.saved)
                .endsWith(" lastVoteEpoch 0 slotmesh-shard-id " + Bench.id(8) + "\n");
    }

    /** A 7.0 primary tells none: its replicas agree on its node ID. */
    @Test
    void shouldNameShardAfterPrimaryThatTellsNone() {
        Bench bench = Bench.with(REPLICA, Bench.line(1), Bench.line(2));
        bench.peer(1).acquainted();

        assertThat(told(bench, reader(bench, 2))).isEqualTo(Bench.id(1));
    }

    /** The shard outlives failovers and restarts. */
    @Test
    void shouldKeepShardAsPrimaryAfterRestart() {
        Bench bench = Bench.with(
                Bench.mine(),
                Bench.line(1),
                "vars currentEpoch 5 slotmesh-shard-id " + Bench.id(8));

        assertThat(told(bench, reader(bench, 1))).isEqualTo(Bench.id(8));
    }

    @Test
    void shouldNotBelieveMalformedShardId() {
        Bench bench = Bench.with(REPLICA, Bench.line(1), Bench.line(2));
        Peer primary = reader(bench, 1);
        primary.extensions.add(new ShardId(NodeId.NONE));
        primary.pings();

        assertThat(told(bench, reader(bench, 2))).isEqualTo(Bench.id(1));
    }

    /** "RESET ... new shard id on HARD"; a replica leaves its shard in any case. */
    @Test
    void shouldLeaveShardByReset() {
        Bench hard = Bench.with(Bench.mine(), "vars slotmesh-shard-id " + Bench.id(8));
        hard.gossip.operator().reset(hard.nowMs, true, Bench.NO_KEYS);
        Bench soft = Bench.with(Bench.mine(), "vars slotmesh-shard-id " + Bench.id(8));
        soft.gossip.operator().reset(soft.nowMs, false, Bench.NO_KEYS);
        Bench replica = Bench.with(REPLICA, Bench.line(1), "vars slotmesh-shard-id " + Bench.id(8));
        replica.gossip.operator().reset(replica.nowMs, false, Bench.NO_KEYS);

        assertThat(hard.saved).doesNotContain("slotmesh");
        assertThat(soft.saved).contains("slotmesh-shard-id " + Bench.id(8));
        assertThat(replica.saved)
                .containsPattern("slotmesh-shard-id [0-9a-f]{40}\n")
                .doesNotContain(Bench.id(8).toString());
    }

    /** A known peer that shows that it reads extensions. */
    private static Peer reader(Bench bench, int digit) {
        Peer peer = bench.peer(digit);
        peer.messageFlags = MessageFlags.EXT_DATA;
        return peer.acquainted();
    }

    /** The shard the machine tells in its answer to a PING of that peer. */
    private static NodeId told(Bench bench, Peer peer) {
        bench.clear();
        peer.pings();
        peer.pings();
        List<BusMessage> answers = bench.sentOn(peer.inbound());
        BusMessage.Heartbeat last = (BusMessage.Heartbeat) answers.get(answers.size() - 1);
        assertThat(last.extensions()).hasSize(1);
        return ((ShardId) last.extensions().get(0)).id();
    }
}
