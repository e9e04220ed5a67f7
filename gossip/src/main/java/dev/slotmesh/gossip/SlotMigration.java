package dev.slotmesh.gossip;

/** CLUSTER SETSLOT: moving slots by hand (cluster bus facts, section 19). */
final class SlotMigration {
    private static final OperatorResult.Rejected NOT_A_PRIMARY =
            new OperatorResult.Rejected("Please use SETSLOT only with masters.");

    private final NodeTable table;
    private final SlotTable slots;
    private final Parts parts;
    private final Transfers transfers;
    private final CurrentSettings settings;
    private final Pending pending;

    SlotMigration(
            NodeTable table, Moves moves, Parts parts, CurrentSettings settings, Pending pending) {
        this.table = table;
        this.slots = moves.slots();
        this.transfers = moves.transfers();
        this.parts = parts;
        this.settings = settings;
        this.pending = pending;
    }

    /** Who owns slots, and which of them move in one step. */
    record Moves(SlotTable slots, Transfers transfers) {}

    /** Null when this node may be asked. */
    OperatorResult.Rejected refusal() {
        return table.myself().isPrimary() ? null : NOT_A_PRIMARY;
    }

    OperatorResult migrating(int slot, String nodeId) {
        if (refusal() != null) {
            return NOT_A_PRIMARY;
        }
        if (slots.owner(slot) != table.myself()) {
            return new OperatorResult.Rejected("I'm not the owner of hash slot " + slot);
        }
        return mark(slot, nodeId, true);
    }

    OperatorResult importing(int slot, String nodeId) {
        if (refusal() != null) {
            return NOT_A_PRIMARY;
        }
        if (slots.owner(slot) == table.myself()) {
            return new OperatorResult.Rejected("I'm already the owner of hash slot " + slot);
        }
        return mark(slot, nodeId, false);
    }

    OperatorResult stable(int slot) {
        if (refusal() != null) {
            return NOT_A_PRIMARY;
        }
        slots.migrating().remove(slot);
        slots.importing().remove(slot);
        return done();
    }

    OperatorResult node(int slot, String nodeId, SlotKeys keys) {
        if (refusal() != null) {
            return NOT_A_PRIMARY;
        }
        Node node = table.find(nodeId);
        if (node == null) {
            return new OperatorResult.Rejected("Unknown node " + nodeId);
        }
        if (!node.isPrimary()) {
            return new OperatorResult.Rejected("Target node is not a master");
        }
        if (transfers.isMoving(slot)) {
            return moving(slot);
        }
        boolean wasMine = slots.owner(slot) == table.myself();
        boolean hasKeys = keys.keysIn(slot) > 0;
        if (wasMine && !node.isMyself() && hasKeys) {
            return new OperatorResult.Rejected("Can't assign hashslot " + slot
                    + " to a different node while I still hold keys for this hash slot.");
        }
        if (!hasKeys) {
            slots.migrating().remove(slot);
        }
        slots.assign(slot, node);
        if (node.isMyself()) {
            finishImport(slot);
        } else if (wasMine) {
            followIfLastSlot(node);
        }
        return done();
    }

    private OperatorResult mark(int slot, String nodeId, boolean away) {
        Node peer = table.find(nodeId);
        if (peer == null) {
            return new OperatorResult.Rejected("I don't know about node " + nodeId);
        }
        if (!peer.isPrimary()) {
            return new OperatorResult.Rejected("Target node is not a master");
        }
        if (transfers.isMoving(slot)) {
            return moving(slot);
        }
        (away ? slots.migrating() : slots.importing()).put(slot, peer);
        return done();
    }

    private static OperatorResult moving(int slot) {
        return new OperatorResult.Rejected("Slot " + slot + " is being migrated");
    }

    /** Only a greater configEpoch makes the others believe that the slot is here now. */
    private void finishImport(int slot) {
        if (slots.importing().remove(slot) == null) {
            return;
        }
        if (parts.epochs().bump()) {
            long configEpoch = table.myself().configEpoch;
            pending.outbox().notice(new Notice.ImportFinished(slot, configEpoch));
        }
        parts.heartbeats().broadcastPong();
    }

    private void followIfLastSlot(Node node) {
        if (!table.myself().ownsSlots() && settings.get().failover().allowMigration()) {
            pending.outbox().notice(new Notice.LastSlotMigrated(node.id));
            parts.roles().follow(node);
        }
    }

    private OperatorResult done() {
        pending.agenda().save();
        pending.agenda().evaluateState();
        return OperatorResult.OK;
    }
}
