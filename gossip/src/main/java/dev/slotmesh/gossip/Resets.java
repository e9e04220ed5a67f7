package dev.slotmesh.gossip;

import java.util.random.RandomGenerator;

/** CLUSTER RESET (cluster bus facts, section 15). */
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
    record Leaving(
            Departures departures,
            Tombstones tombstones,
            ShardIds shards,
            Transfers transfers,
            RandomGenerator random) {}

    /** A soft reset keeps the id and the epochs. */
    OperatorResult reset(long nowMs, boolean hard, SlotKeys keys) {
        Node myself = table.myself();
        if (myself.isPrimary() && !keys.empty()) {
            return new OperatorResult.Rejected(
                    "CLUSTER RESET can't be called with master nodes containing keys");
        }
        boolean wasReplica = myself.isReplica();
        if (wasReplica) {
            parts.roles().promoteMyself();
            pending.outbox().deleteAllKeys();
        }
        slots.closeAll();
        leaving.transfers().leave(wasReplica);
        for (Node node : table.snapshot()) {
            if (!node.isMyself()) {
                parts.introductions()
                        .conclude(node, node.inHandshake() ? null : node.id, MeetOutcome.FORGOTTEN);
                leaving.departures().remove(nowMs, node);
            }
        }
        slots.releaseAll(myself);
        leaving.tombstones().keepToMyself();
        leaving.shards().leave(hard, wasReplica, leaving.random());
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
