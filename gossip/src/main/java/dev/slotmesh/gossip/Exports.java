package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.Transfers.Export;

import java.util.ArrayList;
import java.util.List;

/**
 * The source's side of slots that move in one step.
 *
 * <p>Until the slots are handed over the target cannot claim them, and nothing has to be undone. From then on, which is durable,
 * this node is bound: it serves them no more, restarted or not, and does not raise its configEpoch, until one of these is known:
 *
 * <ul>
 *   <li>somebody else owns them: the target claimed them, or a failover took them;
 *   <li>the target never will: it says so, or a heartbeat of it, written after the reservation of the epoch, shows that it has no
 *       open import of this node and a configEpoch below the reserved one. This node goes on with its old configEpoch;
 *   <li>the target cannot be asked: it is FAIL, forgotten, or does not know any more. After a while, in which a claim that anybody
 *       knows of would have been heard, this node reserves an epoch of its own, and goes on with that: should the
 *       target come back with a claim nobody knew of, it is the older one.
 * </ul>
 */
final class Exports {
    /** What the target is given at least, after it was found unable to answer. */
    private static final long MIN_GRACE_MS = 1_000;
    /** An UPDATE may come a little after the PONG on the other link. */
    private static final long AFTER_GRANT_MS = 500;

    private final NodeTable table;
    private final SlotTable slots;
    private final Transfers transfers;
    private final Means means;
    private final Pending pending;

    Exports(NodeTable table, SlotTable slots, Transfers transfers, Means means, Pending pending) {
        this.table = table;
        this.slots = slots;
        this.transfers = transfers;
        this.means = means;
        this.pending = pending;
    }

    /** What it takes to hand slots over. */
    record Means(
            Epochs epochs,
            EpochReservations reservations,
            SlotClaims claims,
            FailoverMeans failover,
            StandingWrites writes) {}

    TransferAnswer open(String name, SlotSet wanted, String targetId) {
        Node myself = table.myself();
        if (!myself.isPrimary()) {
            return refused("Slots can only be migrated by a master");
        }
        String refusal = TransferRefusals.ofNew(transfers, name, wanted);
        if (refusal != null) {
            return refused(refusal);
        }
        Node target = table.find(targetId);
        refusal = TransferRefusals.ofPeer(target, targetId, "Target");
        if (refusal != null) {
            return refused(refusal);
        }
        for (int slot = wanted.nextSet(0); slot >= 0; slot = wanted.nextSet(slot + 1)) {
            if (slots.owner(slot) != myself) {
                return refused("I'm not the owner of hash slot " + slot);
            }
            if (slots.migrating().containsKey(slot)) {
                return refused("Slot " + slot + " is being migrated by SETSLOT");
            }
        }
        transfers.exports().put(name, new Export(name, wanted, target.id));
        pending.agenda().publish();
        return TransferAnswer.DONE;
    }

    TransferAnswer handOver(String name, long epoch) {
        Export export = transfers.exports().get(name);
        if (export == null) {
            return unknown(name);
        }
        Node target = table.find(export.target);
        if (export.isHandedOver()) {
            return export.epoch == epoch
                    ? TransferAnswer.DONE
                    : refused("The slots were handed over with another epoch");
        }
        String refusal = TransferRefusals.ofPeer(target, export.target.toString(), "Target");
        if (refusal != null) {
            return refused(refusal);
        }
        if (!means.failover().health().ok()) {
            return refused("The cluster is down");
        }
        if (means.writes().isUnderWay()) {
            return refused("A manual failover is under way");
        }
        if (Long.compareUnsigned(epoch, table.myself().configEpoch) <= 0) {
            return refused("My configEpoch is not below " + Long.toUnsignedString(epoch));
        }
        means.epochs().heardOfReserved(epoch);
        export.epoch = epoch;
        pending.agenda().saveDurably();
        pending.outbox().notice(new TransferNotice.HandedOver(name, export.target, epoch));
        tellReplicas();
        return TransferAnswer.DONE;
    }

    /** A replica that is promoted has to know which keys may not be its own. */
    private void tellReplicas() {
        for (Node replica : table.myself().replicas) {
            if (replica.connected()) {
                means.failover().heartbeats().pong(replica.outbound);
            }
        }
    }

    /** The target says that it claimed the slots. */
    TransferAnswer taken(String name) {
        Export export = transfers.exports().get(name);
        if (export == null) {
            return unknown(name);
        }
        Node target = table.find(export.target);
        if (!export.isHandedOver() || target == null) {
            return refused("The slots were not handed over");
        }
        takeAway(export, target);
        return TransferAnswer.DONE;
    }

    /** The target says that it never will claim the slots. */
    TransferAnswer resume(String name) {
        Export export = transfers.exports().get(name);
        if (export == null) {
            return unknown(name);
        }
        end(export, "the target did not claim them");
        return TransferAnswer.DONE;
    }

    TransferAnswer cancel(long nowMs, String name) {
        Export export = transfers.exports().get(name);
        if (export == null) {
            return unknown(name);
        }
        if (!export.isHandedOver()) {
            end(export, "cancelled");
            return TransferAnswer.DONE;
        }
        if (!isOut(export)) {
            return refused("The slots were handed over, and the target has yet to say"
                    + " whether it claimed them");
        }
        export.givenUp = true;
        step(nowMs);
        return TransferAnswer.NOT_YET;
    }

    TransferAnswer close(String name) {
        Export export = transfers.exports().get(name);
        if (export == null) {
            return unknown(name);
        }
        if (export.isHandedOver()) {
            return refused("The slots were handed over");
        }
        end(export, "closed");
        return TransferAnswer.DONE;
    }

    /** A heartbeat of a known node, after its claims were applied: what it says of the slots it was, or was not, to claim. */
    void heard(Node sender, BusMessage.Heartbeat message) {
        if (!transfers.anyHandedOver()) {
            return;
        }
        Header header = message.header();
        for (Export export : List.copyOf(transfers.exports().values())) {
            if (!export.isHandedOver() || !keepsSlots(export)) {
                continue;
            }
            if (sender.id.equals(export.target)) {
                heardTarget(sender, export, message);
            } else {
                heardReplica(sender, export, header);
            }
        }
    }

    private void heardTarget(Node target, Export export, BusMessage.Heartbeat message) {
        Header header = message.header();
        boolean after = Long.compareUnsigned(header.currentEpoch(), export.epoch) > 0;
        boolean open = MessageFlags.has(header.messageFlags(), MessageFlags.IMPORTS);
        if (open || !after || !Transfers.tells(message)) {
            return;
        }
        boolean below = Long.compareUnsigned(header.configEpoch(), export.epoch) < 0;
        if (target.isPrimary() && below) {
            end(export, "the target has no open import and did not claim them");
        } else {
            export.unclear = true;
        }
    }

    /** A replica of the target speaks for it: it may be all that is left of a claim. */
    private void heardReplica(Node sender, Export export, Header header) {
        Node target = sender.primary;
        if (target != null
                && target.id.equals(export.target)
                && Long.compareUnsigned(header.configEpoch(), export.epoch) >= 0
                && header.slots().intersects(export.slots)) {
            takeAway(export, target);
        }
    }

    /** Asks targets that have yet to say what they did. */
    void tick(long nowMs) {
        for (Export export : transfers.exports().values()) {
            Node target = table.find(export.target);
            if (export.isHandedOver() && target != null && Heartbeats.isBroadcastTarget(target)) {
                means.failover().heartbeats().pingAgain(nowMs, target);
            }
            if (export.ownEpoch != 0 && export.grantedSinceMs < 0) {
                means.reservations().ask(nowMs, export.ownEpoch);
            }
        }
    }

    /** At the end of each input. */
    void step(long nowMs) {
        if (transfers.exports().isEmpty()) {
            return;
        }
        boolean allReady = true;
        List<Export> ready = new ArrayList<>();
        for (Export export : List.copyOf(transfers.exports().values())) {
            if (!keepsSlots(export)) {
                continue;
            }
            if (!export.isHandedOver()) {
                failWithoutTarget(export);
            } else if (isReadyToGoOn(nowMs, export)) {
                ready.add(export);
            } else {
                allReady = false;
            }
        }
        if (allReady) {
            // One configEpoch covers all slots of a node: who waits for another target still has to
            // wait.
            ready.forEach(this::goOn);
        }
    }

    /** Whether the slots are still this node's. Those that were handed over may go one by one, others only all. */
    private boolean keepsSlots(Export export) {
        Node myself = table.myself();
        if (!myself.isPrimary()) {
            end(export, "this node is no master any more");
            return false;
        }
        if (export.slotsVersion == slots.version()) {
            return true;
        }
        export.slotsVersion = slots.version();
        SlotSet kept = new SlotSet();
        SlotSet before = export.slots;
        for (int slot = before.nextSet(0); slot >= 0; slot = before.nextSet(slot + 1)) {
            if (slots.owner(slot) == myself) {
                kept.set(slot);
            }
        }
        if (kept.equals(before)) {
            return true;
        }
        if (export.isHandedOver()) {
            // As in end(): what is lost of this by a restart comes again with the new owner's
            // claims.
            transfers.leaveBehind(export, before.minus(kept));
            pending.agenda().save();
        }
        if (kept.isEmpty() || !export.isHandedOver()) {
            end(export, "they have another owner");
            tellReplicas();
            return false;
        }
        export.slots = kept.frozen();
        pending.agenda().save();
        return true;
    }

    private void failWithoutTarget(Export export) {
        Node target = table.find(export.target);
        if (target == null || !target.isPrimary() || target.has(NodeFlags.FAIL)) {
            end(export, "the target failed");
        }
    }

    private boolean isOut(Export export) {
        Node target = table.find(export.target);
        return target == null || target.has(NodeFlags.FAIL) || export.unclear;
    }

    /** Whether this node may go on with an epoch of its own. */
    private boolean isReadyToGoOn(long nowMs, Export export) {
        if (!isOut(export)) {
            export.silentSinceMs = -1;
            export.ownEpoch = 0;
            export.grantedSinceMs = -1;
            return false;
        }
        if (export.silentSinceMs < 0) {
            export.silentSinceMs = nowMs;
        }
        long graceMs = Math.max(MIN_GRACE_MS, means.failover().settings().nodeTimeoutMs());
        boolean waited = export.givenUp || nowMs - export.silentSinceMs >= graceMs;
        if (export.ownEpoch == 0) {
            export.ownEpoch = waited ? means.reservations().reserve(nowMs) : 0;
            return false;
        }
        if (export.grantedSinceMs < 0) {
            boolean granted = means.reservations().isGranted(export.ownEpoch);
            export.grantedSinceMs = granted ? nowMs : -1;
            return false;
        }
        return nowMs - export.grantedSinceMs >= AFTER_GRANT_MS;
    }

    private void goOn(Export export) {
        end(export, "the target failed; nobody knows of a claim");
        means.epochs().claim(export.ownEpoch);
        means.failover().heartbeats().broadcastPongToOwnFirst();
    }

    private void takeAway(Export export, Node target) {
        means.epochs().raiseConfigEpoch(target, export.epoch);
        means.claims().handedOver(target, export.slots);
        keepsSlots(export);
    }

    private void end(Export export, String why) {
        transfers.exports().remove(export.name);
        Node myself = table.myself();
        // Once they are another's, a restart that still holds them for handed over does no harm.
        boolean serving = myself.isPrimary() && slots.owner(export.slots.nextSet(0)) == myself;
        pending.outbox().notice(new TransferNotice.ExportEnded(export.name, why));
        if (export.isHandedOver() && serving) {
            pending.agenda().saveDurably();
        } else {
            pending.agenda().save();
        }
    }

    private static TransferAnswer unknown(String name) {
        return refused("No slot migration " + name + " leaves this node");
    }

    private static TransferAnswer refused(String error) {
        return new TransferAnswer.Refused(error);
    }
}
