package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.SlotSet;

/** Roles, slots and colliding epochs of a modelled stock node (cluster bus facts, sections 3f to 3i, 9.3 and 10). */
final class StockClaims {
    private final StockMachine machine;
    private final StockTable table;

    StockClaims(StockMachine machine) {
        this.machine = machine;
        this.table = machine.table;
    }

    /** The header of a heartbeat of a known sender. */
    void heard(StockEntry sender, Header header) {
        noteRole(sender, header);
        StockEntry speaker = sender.has(NodeFlags.PRIMARY) ? sender : sender.primary;
        if (speaker != null && !speaker.slots().equals(header.slots())) {
            if (sender.has(NodeFlags.PRIMARY)) {
                apply(sender, header.configEpoch(), header.slots());
            }
            answerStale(sender, header);
        }
        resolveCollision(sender, header);
    }

    private void noteRole(StockEntry sender, Header header) {
        if (header.primary().isNone()) {
            table.makePrimary(sender);
            return;
        }
        StockEntry primary = table.find(header.primary());
        if (sender.has(NodeFlags.PRIMARY)) {
            SlotSet slots = sender.slots();
            for (int slot = slots.nextSet(0); slot >= 0; slot = slots.nextSet(slot + 1)) {
                table.release(slot);
            }
            table.makeReplica(sender, primary);
        } else if (primary != null && primary != sender.primary) {
            table.makeReplica(sender, primary);
        }
    }

    void update(BusMessage.Update update) {
        StockEntry owner = table.find(update.owner());
        if (owner == null || owner.configEpoch >= update.configEpoch()) {
            return;
        }
        table.makePrimary(owner);
        owner.configEpoch = update.configEpoch();
        table.saveDurably();
        apply(owner, update.configEpoch(), update.slots());
    }

    private void apply(StockEntry claimant, long epoch, SlotSet claimed) {
        StockEntry myself = table.myself;
        if (claimant == myself) {
            return;
        }
        StockEntry own = myself.primary == null ? myself : myself.primary;
        boolean lostByOwn = false;
        for (int slot = 0; slot < SlotSet.SLOT_COUNT; slot++) {
            StockEntry owner = table.owner(slot);
            if (owner == claimant) {
                table.claims(slot, claimed.get(slot));
            } else if (claimed.get(slot)
                    && (table.isUnclaimed(slot) || owner.configEpoch < epoch)) {
                lostByOwn |= owner == own;
                table.assign(slot, claimant);
                table.evaluateSoon();
                table.saveDurably();
            }
        }
        claimant.share(claimed);
        if (lostByOwn && own.slotCount() == 0) {
            machine.follow(claimant);
        } else if (myself.primary != null
                && myself.primary.primary != null
                && myself.primary.primary != myself) {
            machine.follow(myself.primary.primary);
        }
    }

    private void answerStale(StockEntry sender, Header header) {
        SlotSet claimed = header.slots();
        for (int slot = claimed.nextSet(0); slot >= 0; slot = claimed.nextSet(slot + 1)) {
            StockEntry owner = table.owner(slot);
            if (owner != sender
                    && !table.isUnclaimed(slot)
                    && owner.configEpoch > header.configEpoch()) {
                machine.tell(
                        sender,
                        new BusMessage.Update(
                                machine.header(0),
                                owner.configEpoch,
                                owner.id,
                                table.claimedBy(owner)));
                return;
            }
        }
    }

    private void resolveCollision(StockEntry sender, Header header) {
        StockEntry myself = table.myself;
        boolean collision = sender.has(NodeFlags.PRIMARY)
                && myself.has(NodeFlags.PRIMARY)
                && header.configEpoch() == myself.configEpoch
                && sender.configEpoch == myself.configEpoch;
        if (collision && myself.id.compareTo(sender.id) < 0) {
            table.stepEpoch();
        }
    }
}
