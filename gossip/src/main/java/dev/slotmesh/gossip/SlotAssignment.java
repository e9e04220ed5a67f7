package dev.slotmesh.gossip;

import dev.slotmesh.bus.SlotSet;

import java.util.List;

/** Slots given and taken by hand, and slots that keys were found in (cluster bus facts, sections 19 and 10.3). */
final class SlotAssignment {
    private final NodeTable table;
    private final SlotTable slots;
    private final Transfers transfers;
    private final Pending pending;
    /** The slots of this node when it began to load keys; empty once they are loaded. */
    private SlotSet ownedBeforeLoading = new SlotSet();

    SlotAssignment(NodeTable table, SlotTable slots, Transfers transfers, Pending pending) {
        this.table = table;
        this.slots = slots;
        this.transfers = transfers;
        this.pending = pending;
    }

    OperatorResult add(List<Integer> wanted) {
        SlotSet named = new SlotSet();
        for (int slot : wanted) {
            if (slots.owner(slot) != null) {
                return new OperatorResult.Rejected("Slot " + slot + " is already busy");
            }
            if (transfers.isImported(slot)) {
                return moving(slot);
            }
            if (!named.set(slot)) {
                return new OperatorResult.Rejected("Slot " + slot + " specified multiple times");
            }
        }
        for (int slot : wanted) {
            slots.importing().remove(slot);
            slots.assign(slot, table.myself());
        }
        return done();
    }

    OperatorResult remove(List<Integer> unwanted) {
        SlotSet named = new SlotSet();
        for (int slot : unwanted) {
            if (slots.owner(slot) == null) {
                return new OperatorResult.Rejected("Slot " + slot + " is already unassigned");
            }
            if (transfers.isHandedOver(slot)) {
                return moving(slot);
            }
            if (!named.set(slot)) {
                return new OperatorResult.Rejected("Slot " + slot + " specified multiple times");
            }
        }
        unwanted.forEach(slots::release);
        return done();
    }

    OperatorResult removeAll(SlotKeys keys) {
        if (!keys.empty()) {
            return new OperatorResult.Rejected("DB must be empty to perform CLUSTER FLUSHSLOTS.");
        }
        if (transfers.anyHandedOver()) {
            return new OperatorResult.Rejected("Slots are being migrated");
        }
        slots.releaseAll(table.myself());
        return done();
    }

    /** From here on keys are loaded. */
    void started() {
        ownedBeforeLoading = table.myself().slots().frozen();
    }

    private static OperatorResult moving(int slot) {
        return new OperatorResult.Rejected("Slot " + slot + " is being migrated");
    }

    /** Keys loaded at the start must belong to somebody. */
    void reconcile(SlotKeys keys) {
        SlotSet ownedBefore = ownedBeforeLoading;
        ownedBeforeLoading = new SlotSet();
        SlotSet lostMeanwhile = new SlotSet();
        Node myself = table.myself();
        if (!myself.isPrimary() || keys.empty()) {
            return;
        }
        for (int slot = 0; slot < SlotSet.SLOT_COUNT; slot++) {
            Node owner = slots.owner(slot);
            boolean settled = owner == myself
                    || slots.importing().containsKey(slot)
                    || transfers.isImported(slot)
                    || keys.keysIn(slot) == 0;
            if (settled) {
                continue;
            }
            if (owner != null && ownedBefore.get(slot)) {
                lostMeanwhile.set(slot);
                continue;
            }
            pending.outbox()
                    .notice(new Notice.KeysWithoutSlot(slot, owner == null ? null : owner.id));
            if (owner == null) {
                slots.assign(slot, myself);
            } else {
                slots.importing().put(slot, owner);
            }
            done();
        }
        if (!lostMeanwhile.isEmpty()) {
            pending.outbox().deleteSlotKeys(lostMeanwhile);
        }
    }

    private OperatorResult done() {
        pending.agenda().save();
        pending.agenda().evaluateState();
        return OperatorResult.OK;
    }
}
