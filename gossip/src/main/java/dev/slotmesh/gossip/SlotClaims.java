package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.SlotSet;

/**
 * Who gets a slot when claims differ: the greater configEpoch (cluster bus facts, sections 3 steps g and h, and 10).
 */
final class SlotClaims {
    private final NodeTable table;
    private final SlotTable slots;
    private final Roles roles;
    private final Epochs epochs;
    private final Reach reach;

    SlotClaims(NodeTable table, SlotTable slots, Roles roles, Epochs epochs, Reach reach) {
        this.table = table;
        this.slots = slots;
        this.roles = roles;
        this.epochs = epochs;
        this.reach = reach;
    }

    /** Where claims lead to beyond the tables. */
    record Reach(CurrentSettings settings, Agenda agenda, Outbox outbox, Heartbeats heartbeats) {}

    /** The header of a known sender: its claim is applied, and answered by one UPDATE where it is out of date. */
    void senderClaims(Node sender, Header header) {
        Node speaker = sender.isPrimary() ? sender : sender.primary;
        SlotSet claimed = header.slots();
        if (speaker == null) {
            return;
        }
        if (speaker.slots().equals(claimed)) {
            if (speaker == sender) {
                // A heartbeat that was on its way for long may have said otherwise.
                slots.ownerClaimsAll(sender);
            }
            return;
        }
        if (sender.isPrimary()) {
            apply(sender, header.configEpoch(), claimed);
        }
        answerStaleClaim(sender, header.configEpoch(), claimed);
    }

    /** Section 10.2: a third node tells who owns slots. */
    void update(Node sender, BusMessage.Update update) {
        Node owner = table.find(update.owner());
        if (owner == null || Long.compareUnsigned(owner.configEpoch, update.configEpoch()) >= 0) {
            return;
        }
        if (owner.isReplica()) {
            roles.makePrimary(owner);
        }
        epochs.raiseConfigEpoch(owner, update.configEpoch());
        if (owner.isMyself()) {
            reach.outbox().notice(new Notice.UpdateAboutMyself(sender.id));
            return;
        }
        apply(owner, update.configEpoch(), update.slots());
    }

    /** The node says itself that it has claimed these slots with the configEpoch it is known by. */
    void handedOver(Node claimant, SlotSet moved) {
        SlotSet claimed = claimant.slots().copy();
        claimed.addAll(moved);
        apply(claimant, claimant.configEpoch, claimed.frozen());
    }

    /** Section 10.1. */
    private void apply(Node claimant, long claimEpoch, SlotSet claimed) {
        Node myself = table.myself();
        Node ownPrimary = myself.isPrimary() ? myself : myself.primary;
        SlotSet lostByMyself = new SlotSet();
        int takenFromOwnPrimary = 0;
        for (int slot = 0; slot < SlotSet.SLOT_COUNT; slot++) {
            Node owner = slots.owner(slot);
            if (!claimed.get(slot)) {
                if (owner == claimant) {
                    // Kept as owner, so that nobody serves the slot meanwhile, but anyone may take
                    // it.
                    slots.ownerDoesNotClaim(slot);
                }
            } else if (owner == claimant) {
                slots.ownerClaims(slot);
            } else if (mayTake(slot, owner, claimEpoch)) {
                if (owner == myself) {
                    lostByMyself.set(slot);
                }
                takenFromOwnPrimary += owner != null && owner == ownPrimary ? 1 : 0;
                slots.assign(slot, claimant);
                reach.agenda().saveDurably();
                reach.agenda().evaluateState();
            }
        }
        claimant.shareSlots(claimed);
        reconsiderOwnRole(claimant, claimed, ownPrimary, takenFromOwnPrimary, lostByMyself);
    }

    private boolean mayTake(int slot, Node owner, long claimEpoch) {
        if (slots.importing().containsKey(slot)) {
            return false;
        }
        return slots.isUnclaimed(slot) || Long.compareUnsigned(owner.configEpoch, claimEpoch) < 0;
    }

    private void reconsiderOwnRole(
            Node claimant, SlotSet claimed, Node ownPrimary, int taken, SlotSet lostByMyself) {
        Node myself = table.myself();
        boolean allowed = reach.settings().get().failover().allowMigration()
                || claimed.cardinality() == taken;
        if (taken > 0 && !ownPrimary.ownsSlots() && allowed) {
            reach.outbox().notice(new Notice.FollowsNewPrimary(claimant.id));
            roles.follow(claimant);
            // So that voters know it for a replica when it is asked to take over again.
            reach.heartbeats().broadcastPong();
        } else if (isSubReplica(myself)) {
            Node grandPrimary = myself.primary.primary;
            reach.outbox().notice(new Notice.FollowsGrandPrimary(grandPrimary.id));
            roles.follow(grandPrimary);
        } else if (!lostByMyself.isEmpty()) {
            reach.outbox().deleteSlotKeys(lostByMyself);
        }
    }

    private static boolean isSubReplica(Node myself) {
        return myself.primary != null
                && myself.primary.isReplica()
                && myself.primary.primary != null
                && myself.primary.primary != myself;
    }

    /** One UPDATE at most per packet, about the owner of the lowest slot the sender claims in vain. */
    private void answerStaleClaim(Node sender, long claimEpoch, SlotSet claimed) {
        for (int slot = claimed.nextSet(0); slot >= 0; slot = claimed.nextSet(slot + 1)) {
            Node owner = slots.owner(slot);
            boolean settled = owner == sender || slots.isUnclaimed(slot);
            if (!settled && Long.compareUnsigned(owner.configEpoch, claimEpoch) > 0) {
                reach.outbox().notice(new Notice.StaleClaim(sender.id, owner.id));
                reach.heartbeats()
                        .tell(
                                sender,
                                header -> new BusMessage.Update(
                                        header,
                                        owner.configEpoch,
                                        owner.id,
                                        slots.claimedBy(owner)));
                return;
            }
        }
    }
}
