package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, section 19: ADDSLOTS, DELSLOTS, FLUSHSLOTS, SETSLOT; and 17.4, CLUSTER INFO. */
class OperatorRequestsTest {
    private static final SlotKeys KEYS_IN_0 = new SlotKeys() {
        @Override
        public long keysIn(int slot) {
            return slot == 0 ? 2 : 0;
        }

        @Override
        public boolean empty() {
            return false;
        }
    };

    private final Bench bench = Bench.knowing(1, 2);
    private final OperatorRequests operator = bench.gossip.operator();
    private final String peer1 = Bench.id(1).toString();

    /** "Slot %d is already busy, Slot %d specified multiple times. Nothing changes on error. Clears importing mark." */
    @Test
    void shouldAddSlotsAllOrNone() {
        operator.setSlotImporting(bench.nowMs, 500, peer1);

        assertThat(operator.addSlots(bench.nowMs, List.of(500, 150)))
                .isEqualTo(rejected("Slot 150 is already busy"));
        assertThat(operator.addSlots(bench.nowMs, List.of(500, 500)))
                .isEqualTo(rejected("Slot 500 specified multiple times"));
        assertThat(bench.view.isMine(500)).isFalse();
        assertThat(operator.addSlots(bench.nowMs, List.of(500, 501))).isEqualTo(OperatorResult.OK);
        assertThat(bench.view.isMine(500)).isTrue();
        assertThat(bench.view.importingFrom(500)).isNull();
    }

    /** "same with Slot %d is already unassigned. Any owner's slot can be deleted; only local". */
    @Test
    void shouldDeleteSlotsOfAnybody() {
        assertThat(operator.delSlots(bench.nowMs, List.of(500)))
                .isEqualTo(rejected("Slot 500 is already unassigned"));
        assertThat(operator.delSlots(bench.nowMs, List.of(0, 0)))
                .isEqualTo(rejected("Slot 0 specified multiple times"));
        assertThat(operator.delSlots(bench.nowMs, List.of(0, 150))).isEqualTo(OperatorResult.OK);
        assertThat(bench.view.owner(0)).isNull();
        assertThat(bench.view.owner(150)).isNull();
    }

    @Test
    void shouldFlushSlotsOfEmptyNodeOnly() {
        assertThat(operator.flushSlots(bench.nowMs, KEYS_IN_0))
                .isEqualTo(rejected("DB must be empty to perform CLUSTER FLUSHSLOTS."));
        assertThat(operator.flushSlots(bench.nowMs, Bench.NO_KEYS)).isEqualTo(OperatorResult.OK);
        assertThat(bench.view.myself().slots().isEmpty()).isTrue();
        assertThat(bench.view.owner(150)).isNotNull();
    }

    @Test
    void shouldMarkSlotMigrating() {
        String stranger = Bench.id(9).toString();

        assertThat(operator.setSlotMigrating(bench.nowMs, 150, peer1))
                .isEqualTo(rejected("I'm not the owner of hash slot 150"));
        assertThat(operator.setSlotMigrating(bench.nowMs, 0, stranger))
                .isEqualTo(rejected("I don't know about node " + stranger));
        assertThat(operator.setSlotMigrating(bench.nowMs, 0, peer1)).isEqualTo(OperatorResult.OK);
        assertThat(bench.view.migratingTo(0).id()).isEqualTo(Bench.id(1));
        assertThat(bench.view.migratingTo(1)).isNull();
        assertThat(bench.gossip.nodesText(false)).contains(" 0-99 [0->-" + peer1 + "]\n");
    }

    @Test
    void shouldMarkSlotImporting() {
        assertThat(operator.setSlotImporting(bench.nowMs, 0, peer1))
                .isEqualTo(rejected("I'm already the owner of hash slot 0"));
        assertThat(operator.setSlotImporting(bench.nowMs, 150, "x"))
                .isEqualTo(rejected("I don't know about node x"));
        assertThat(operator.setSlotImporting(bench.nowMs, 150, peer1)).isEqualTo(OperatorResult.OK);
        assertThat(bench.gossip.nodesText(false)).contains(" 0-99 [150-<-" + peer1 + "]\n");
    }

    @Test
    void shouldCloseSlotWithStable() {
        operator.setSlotMigrating(bench.nowMs, 0, peer1);
        operator.setSlotImporting(bench.nowMs, 150, peer1);

        operator.setSlotStable(bench.nowMs, 0);
        operator.setSlotStable(bench.nowMs, 150);

        assertThat(bench.view.migratingSlots()).isEmpty();
        assertThat(bench.view.importingSlots()).isEmpty();
    }

    /** "slot mine, id not me, keys present: Can't assign hashslot %d to a different node ..." */
    @Test
    void shouldKeepSlotWithKeys() {
        assertThat(operator.setSlotNode(bench.nowMs, 0, peer1, KEYS_IN_0))
                .isEqualTo(rejected(
                        "Can't assign hashslot 0 to a different node while I still hold keys"
                                + " for this hash slot."));
        assertThat(operator.setSlotNode(bench.nowMs, 0, "x", KEYS_IN_0))
                .isEqualTo(rejected("Unknown node x"));
    }

    /** "no keys: migrating mark cleared; slot rebound to id." */
    @Test
    void shouldHandSlotOver() {
        operator.setSlotMigrating(bench.nowMs, 1, peer1);

        assertThat(operator.setSlotNode(bench.nowMs, 1, peer1, KEYS_IN_0))
                .isEqualTo(OperatorResult.OK);

        assertThat(bench.view.owner(1).id()).isEqualTo(Bench.id(1));
        assertThat(bench.view.migratingTo(1)).isNull();
        assertThat(bench.left).containsExactly(Bench.slots(1, 1));
    }

    /** "If id is me and slot was importing: bump epoch, clear importing, broadcast PONG to all." */
    @Test
    void shouldClaimImportedSlotWithNewEpoch() {
        bench.peer(1).acquainted();
        bench.peer(2).acquainted();
        operator.setSlotImporting(bench.nowMs, 150, peer1);
        operator.setSlotImporting(bench.nowMs, 250, Bench.id(2).toString());
        operator.setConfigEpoch(bench.nowMs, 1);
        Peer ahead = bench.peer(1);
        ahead.currentEpoch = 30;
        ahead.pings();
        bench.clear();

        operator.setSlotNode(bench.nowMs, 150, Bench.ME.toString(), KEYS_IN_0);

        assertThat(bench.view.isMine(150)).isTrue();
        assertThat(bench.view.counts().myEpoch()).isEqualTo(31);
        assertThat(bench.view.importingSlots()).containsExactly(250);
        assertThat(bench.heartbeats(HeartbeatKind.PONG)).hasSize(2);
        assertThat(bench.effects).startsWith("save fsync");
        assertThat(bench.heartbeats(HeartbeatKind.PONG).get(0).header().slots().get(150))
                .isTrue();
    }

    /** Not in Redis, where the others learn the role by heartbeats, some seconds later. */
    @Test
    void shouldTellEverybodyAtOnceWhomItFollows() {
        bench.peer(1).acquainted();
        bench.peer(2).acquainted();
        operator.flushSlots(bench.nowMs, Bench.NO_KEYS);
        bench.clear();

        assertThat(operator.replicate(bench.nowMs, peer1, Bench.NO_KEYS))
                .isEqualTo(OperatorResult.OK);

        List<BusMessage.Heartbeat> told = bench.heartbeats(HeartbeatKind.PONG);
        assertThat(told).hasSize(2);
        assertThat(told)
                .allSatisfy(pong -> assertThat(pong.header().primary()).isEqualTo(Bench.id(1)));
    }

    /** "If it was my last slot and id is not me and cluster-allow-replica-migration: become replica of id." */
    @Test
    void shouldFollowReceiverOfItsLastSlot() {
        Bench single = Bench.with(
                "me 10.0.0.5:7000@17000 myself,master - 0 0 5 connected 0", Bench.line(1));

        single.gossip.operator().setSlotNode(single.nowMs, 0, peer1, Bench.NO_KEYS);

        assertThat(single.view.myself().isReplica()).isTrue();
        assertThat(single.effects).contains("replicate 1 at 10.0.0.1:7000");
        assertThat(single.noticesOf(Notice.LastSlotMigrated.class)).hasSize(1);
    }

    /** "replica: Please use SETSLOT only with masters." */
    @Test
    void shouldRefuseSetSlotOnReplica() {
        Bench replica =
                Bench.with("me 10.0.0.5:7000@17000 myself,slave n1 0 0 0 connected", Bench.line(1));

        assertThat(replica.gossip.operator().setSlotRefusal())
                .isEqualTo(rejected("Please use SETSLOT only with masters."));
        assertThat(replica.gossip.operator().setSlotStable(replica.nowMs, 0))
                .isEqualTo(rejected("Please use SETSLOT only with masters."));
        assertThat(operator.setSlotRefusal()).isNull();
    }

    /** "Target node is not a master". */
    @Test
    void shouldRefuseReplicaAsTargetOfSlot() {
        Peer replica = bench.peer(2);
        replica.primary = Bench.id(1);
        replica.pings();
        String id = replica.id.toString();
        OperatorResult notMaster = rejected("Target node is not a master");

        assertThat(operator.setSlotMigrating(bench.nowMs, 0, id)).isEqualTo(notMaster);
        assertThat(operator.setSlotImporting(bench.nowMs, 150, id)).isEqualTo(notMaster);
        assertThat(operator.setSlotNode(bench.nowMs, 0, id, KEYS_IN_0)).isEqualTo(notMaster);
    }

    /** 17.4: "exactly in this order". */
    @Test
    void shouldDescribeClusterInRedisOrder() {
        bench.peer(1).acquainted();

        assertThat(bench.gossip.infoText()).isEqualTo("""
                        cluster_state:fail
                        cluster_slots_assigned:300
                        cluster_slots_ok:300
                        cluster_slots_pfail:0
                        cluster_slots_fail:0
                        cluster_known_nodes:3
                        cluster_size:1
                        cluster_current_epoch:5
                        cluster_my_epoch:5
                        cluster_stats_messages_ping_sent:1
                        cluster_stats_messages_pong_sent:1
                        cluster_stats_messages_sent:2
                        cluster_stats_messages_ping_received:1
                        cluster_stats_messages_pong_received:1
                        cluster_stats_messages_received:2
                        total_cluster_links_buffer_limit_exceeded:0
                        """.replace("\n", "\r\n"));
    }

    private static OperatorResult rejected(String error) {
        return new OperatorResult.Rejected(error);
    }
}
