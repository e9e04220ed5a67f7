package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.PingExtension;

/** CLUSTER FORGET, asked for at this node or at a peer that tells of it (cluster bus facts, sections 2.6 and 15). */
final class Forgetting {
    private final NodeTable table;
    private final Tombstones tombstones;
    private final Ways ways;
    private final Pending pending;

    Forgetting(NodeTable table, Tombstones tombstones, Ways ways, Pending pending) {
        this.table = table;
        this.tombstones = tombstones;
        this.ways = ways;
        this.pending = pending;
    }

    /** How a node leaves, and how the others hear of it. */
    record Ways(
            Introductions introductions,
            Handshakes handshakes,
            Departures departures,
            Heartbeats heartbeats,
            Transfers transfers) {}

    /** An operator's FORGET. */
    OperatorResult forget(long nowMs, String nodeId) {
        Node node = table.find(nodeId);
        if (node == null) {
            return forgetUnknown(nowMs, nodeId);
        }
        if (node.isMyself()) {
            return new OperatorResult.Rejected("I tried hard but I can't forget myself...");
        }
        if (node == table.myself().primary) {
            return new OperatorResult.Rejected("Can't forget my master!");
        }
        if (ways.transfers().dependsOn(node) && !node.has(NodeFlags.FAIL)) {
            return new OperatorResult.Rejected(
                    "Slots were handed over to that node, and it has yet to claim them");
        }
        tombstones.bury(nowMs, node.id);
        sendAway(nowMs, node);
        ways.heartbeats().tellForgotten(nowMs);
        return OperatorResult.OK;
    }

    /**
     * A peer tells of a node that it was told to forget. As 7.2 has it, neither this node nor its primary goes that way; a node
     * that is not in the table is not let in any more. If it is this node, the peer is not met again.
     */
    void heard(long nowMs, Node from, PingExtension.ForgottenNode told) {
        Node node = table.find(told.id());
        if (node != null && node.isMyself()) {
            ways.introductions().disowned(from);
        }
        boolean untouchable = node != null
                && (node.isMyself()
                        || node == from
                        || node == table.myself().primary
                        || ways.transfers().dependsOn(node));
        if (!tombstones.lasting() || untouchable || !told.id().isWellFormed()) {
            return;
        }
        long invitedMs = node == null ? 0 : node.acquaintance.invitedMs;
        if (tombstones.hear(nowMs, told.id(), told.ttlSeconds(), invitedMs) && node != null) {
            pending.outbox().notice(new Notice.ForgottenByPeer(from.id, node.id));
            sendAway(nowMs, node);
        }
    }

    /** One whose going a peer told of before the operator could is gone as the operator wishes. */
    private OperatorResult forgetUnknown(long nowMs, String nodeId) {
        boolean heard = tombstones.confirm(nowMs, nodeId);
        return heard ? OperatorResult.OK : new OperatorResult.Rejected("Unknown node " + nodeId);
    }

    private void sendAway(long nowMs, Node node) {
        ways.introductions().conclude(node, node.id, MeetOutcome.FORGOTTEN);
        ways.departures().remove(nowMs, node);
        ways.handshakes().abandon(nowMs, node.address);
        if (tombstones.lasting()) {
            // Without its tombstone a crash of the machine would bring it back from the old file.
            pending.agenda().saveDurably();
        } else {
            pending.agenda().save();
        }
        pending.agenda().evaluateState();
    }
}
