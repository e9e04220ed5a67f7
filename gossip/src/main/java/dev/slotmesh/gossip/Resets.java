package dev.slotmesh.gossip;

import java.util.random.RandomGenerator;

/** CLUSTER FORGET and RESET (cluster bus facts, section 15). */
final class Resets {
    private final NodeTable table;
    private final SlotTable slots;
    private final Parts parts;
    private final Leaving leaving;
    private final Pending pending;

    Resets(NodeTable table, SlotTable slots, Parts parts, Leaving leaving, Pending pending) {
        this.table = table;
        this.slots = slots;
        this.parts = parts;
        this.leaving = leaving;
        this.pending = pending;
    }

    /** What it takes to send nodes away and to begin anew. */
    record Leaving(Departures departures, Blacklist blacklist, RandomGenerator random) {}

    OperatorResult forget(long nowMs, String nodeId) {
        Node node = table.find(nodeId);
        if (node == null) {
            return new OperatorResult.Rejected("Unknown node " + nodeId);
        }
        if (node.isMyself()) {
            return new OperatorResult.Rejected("I tried hard but I can't forget myself...");
        }
        if (node == table.myself().primary) {
            return new OperatorResult.Rejected("Can't forget my master!");
        }
        leaving.blacklist().add(nowMs, node.id);
        parts.introductions().conclude(node, node.id, MeetOutcome.FORGOTTEN);
        leaving.departures().remove(nowMs, node);
        parts.handshakes().abandon(nowMs, node.address);
        pending.agenda().save();
        pending.agenda().evaluateState();
        return OperatorResult.OK;
    }

    /** A soft reset keeps the id and the epochs. */
    OperatorResult reset(long nowMs, boolean hard, SlotKeys keys) {
        Node myself = table.myself();
        if (myself.isPrimary() && !keys.empty()) {
            return new OperatorResult.Rejected(
                    "CLUSTER RESET can't be called with master nodes containing keys");
        }
        if (myself.isReplica()) {
            parts.roles().promoteMyself();
            pending.outbox().deleteAllKeys();
        }
        slots.closeAll();
        for (Node node : table.snapshot()) {
            if (!node.isMyself()) {
                parts.introductions()
                        .conclude(node, node.inHandshake() ? null : node.id, MeetOutcome.FORGOTTEN);
                leaving.departures().remove(nowMs, node);
            }
        }
        slots.releaseAll(myself);
        if (hard) {
            parts.epochs().startOver();
            table.rename(myself, RandomIds.next(leaving.random()));
            pending.outbox().notice(new Notice.HardReset(myself.id));
        }
        pending.agenda().saveDurably();
        pending.agenda().evaluateState();
        return OperatorResult.OK;
    }
}
