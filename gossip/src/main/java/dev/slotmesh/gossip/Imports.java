package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.PingExtension;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.Transfers.Import;

import java.util.ArrayList;
import java.util.List;

/**
 * The target's side of slots that move in one step, and what its replicas know of it.
 *
 * <p>The mark of an import is durable before anything is sent to this node, and goes with the same save that makes the slots its own;
 * so whoever starts from a file with a mark, or is promoted with one, has keys that are not its own and drops them. The slots are
 * claimed while the import is open and soon after a majority was found to know the epoch, or never.
 */
final class Imports {
    /** A later tick shows that this process did not run: what it was told meanwhile it may not have read. */
    private static final long STALL_MS = 2 * TickRules.PERIOD_MS;

    private final NodeTable table;
    private final SlotTable slots;
    private final Transfers transfers;
    private final Exports.Means means;
    private final Arrivals arrivals;
    private final Pending pending;

    private long lastTickMs = -1;
    /** Since when ticks have come in time. */
    private long steadySinceMs;

    Imports(NodeTable table, SlotTable slots, Moving moving, Exports.Means means, Pending pending) {
        this.table = table;
        this.slots = slots;
        this.transfers = moving.transfers();
        this.arrivals = moving.arrivals();
        this.means = means;
        this.pending = pending;
    }

    /** Slots on their way, and those that have just arrived. */
    record Moving(Transfers transfers, Arrivals arrivals) {}

    TransferAnswer open(String name, SlotSet wanted, String sourceId, SlotKeys keys) {
        String refusal = TransferRefusals.ofNew(transfers, name, wanted);
        Node source = table.find(sourceId);
        refusal = refusal == null ? TransferRefusals.ofPeer(source, sourceId, "Source") : refusal;
        refusal = refusal == null ? ofMyself() : refusal;
        if (refusal != null) {
            return refused(refusal);
        }
        if (transfers.isOpenFrom(source)) {
            return refused("Another slot migration from that node is under way");
        }
        for (int slot = wanted.nextSet(0); slot >= 0; slot = wanted.nextSet(slot + 1)) {
            refusal = ofSlot(slot, source, keys);
            if (refusal != null) {
                return refused(refusal);
            }
        }
        transfers.imports().put(name, new Import(name, wanted, source.id, ImportView.State.OPEN));
        pending.agenda().saveDurably();
        tellReplicas();
        return TransferAnswer.DONE;
    }

    private String ofSlot(int slot, Node source, SlotKeys keys) {
        if (slots.owner(slot) == table.myself()) {
            return "I'm already the owner of hash slot " + slot;
        }
        if (!isOwned(slot, source)) {
            return "Source node is not the owner of hash slot " + slot;
        }
        if (slots.importing().containsKey(slot)) {
            return "Slot " + slot + " is being imported by SETSLOT";
        }
        return keys.keysIn(slot) > 0 ? "Slot " + slot + " is not empty here" : null;
    }

    /** Why this node cannot take slots, or null. */
    private String ofMyself() {
        Node myself = table.myself();
        if (!myself.isPrimary()) {
            return "Slots can only be migrated to a master";
        }
        if (!means.failover().health().ok()) {
            return "The cluster is down";
        }
        for (Node replica : myself.replicas) {
            if (!replica.isSlotmesh() && !replica.has(NodeFlags.FAIL)) {
                return "Replica " + replica.id + " does not understand atomic slot migration";
            }
        }
        return means.writes().isUnderWay() ? "A manual failover is under way" : null;
    }

    TransferAnswer prepare(long nowMs, String name) {
        Import coming = transfers.imports().get(name);
        TransferAnswer answer = obstacle(nowMs, name, coming);
        if (answer != null) {
            return answer;
        }
        Node source = table.find(coming.source);
        boolean stale = coming.epoch == 0
                || Long.compareUnsigned(coming.epoch, table.myself().configEpoch) <= 0
                || Long.compareUnsigned(coming.epoch, source.configEpoch) <= 0;
        if (stale) {
            coming.epoch = means.reservations().reserve(nowMs);
        }
        if (!means.reservations().isGranted(coming.epoch)) {
            return TransferAnswer.NOT_YET;
        }
        coming.grantedMs = nowMs;
        return new TransferAnswer.Done(coming.epoch);
    }

    TransferAnswer claim(long nowMs, String name, long epoch) {
        Import coming = transfers.imports().get(name);
        TransferAnswer answer = obstacle(nowMs, name, coming);
        if (answer != null) {
            return answer;
        }
        Node myself = table.myself();
        Node source = table.find(coming.source);
        boolean reserved = coming.grantedMs >= 0
                && coming.epoch == epoch
                && Long.compareUnsigned(epoch, myself.configEpoch) > 0
                && Long.compareUnsigned(epoch, source.configEpoch) > 0;
        if (!reserved) {
            return never(coming, "epoch " + Long.toUnsignedString(epoch) + " is not reserved");
        }
        if (nowMs - coming.grantedMs > means.failover().settings().nodeTimeoutMs() / 2) {
            return never(coming, "the claim comes too late");
        }
        take(nowMs, coming);
        return TransferAnswer.DONE;
    }

    /** What speaks against the next step of an import that may be null; null for nothing. */
    private TransferAnswer obstacle(long nowMs, String name, Import coming) {
        if (coming == null) {
            return unknown(name);
        }
        coming.slotsVersion = -1;
        step();
        if (coming.state != ImportView.State.OPEN) {
            return refused("Slot migration " + name + " was abandoned");
        }
        String refusal = ofMyself();
        Node source = table.find(coming.source);
        refusal = refusal == null
                ? TransferRefusals.ofPeer(source, coming.source.toString(), "Source")
                : refusal;
        if (refusal != null) {
            return never(coming, refusal);
        }
        boolean steady =
                nowMs - lastTickMs <= STALL_MS && nowMs - steadySinceMs >= TickRules.PERIOD_MS;
        return steady && !means.epochs().isPinned() ? null : TransferAnswer.NOT_YET;
    }

    private void take(long nowMs, Import coming) {
        Node myself = table.myself();
        transfers.imports().remove(coming.name);
        means.epochs().claim(coming.epoch);
        SlotSet taken = coming.slots;
        for (int slot = taken.nextSet(0); slot >= 0; slot = taken.nextSet(slot + 1)) {
            slots.assign(slot, myself);
        }
        pending.agenda().saveDurably();
        pending.agenda().evaluateState();
        pending.outbox()
                .notice(new TransferNotice.Claimed(
                        coming.name, taken.cardinality(), coming.source, coming.epoch));
        means.failover().heartbeats().broadcastPongToOwnFirst();
        arrivals.begin(nowMs, taken, coming.source);
    }

    private TransferAnswer never(Import coming, String why) {
        abandon(coming, why);
        return refused(why);
    }

    /** The session ended, or is to end: the slots will not be claimed. */
    TransferAnswer abandon(String name) {
        Import coming = transfers.imports().get(name);
        if (coming == null) {
            return unknown(name);
        }
        if (coming.state == ImportView.State.OPEN) {
            abandon(coming, "its connection ended");
        }
        return TransferAnswer.DONE;
    }

    private void abandon(Import coming, String why) {
        coming.state = ImportView.State.ABANDONED;
        pending.outbox().notice(new TransferNotice.ImportAbandoned(coming.name, why));
        pending.agenda().save();
        Node source = table.find(coming.source);
        if (source != null && source.connected()) {
            // It may wait for just this.
            means.failover().heartbeats().pong(source.outbound);
        }
    }

    /** The keys are gone. */
    TransferAnswer close(String name) {
        Import coming = transfers.imports().get(name);
        if (coming == null) {
            return unknown(name);
        }
        if (coming.state != ImportView.State.ABANDONED) {
            return refused("Slot migration " + name + " was not abandoned");
        }
        transfers.imports().remove(name);
        pending.agenda().save();
        tellReplicas();
        return TransferAnswer.DONE;
    }

    private void tellReplicas() {
        Heartbeats heartbeats = means.failover().heartbeats();
        for (Node replica : table.myself().replicas) {
            if (replica.connected()) {
                heartbeats.pong(replica.outbound);
            }
        }
    }

    void tick(long nowMs) {
        if (lastTickMs < 0 || nowMs - lastTickMs > STALL_MS) {
            steadySinceMs = nowMs;
        }
        lastTickMs = nowMs;
        for (Import coming : transfers.imports().values()) {
            boolean waits = coming.state == ImportView.State.OPEN
                    && coming.epoch != 0
                    && coming.grantedMs < 0;
            if (waits) {
                means.reservations().ask(nowMs, coming.epoch);
            }
        }
    }

    /** At the end of each input. */
    void step() {
        if (transfers.imports().isEmpty()) {
            return;
        }
        boolean primary = table.myself().isPrimary();
        for (Import coming : List.copyOf(transfers.imports().values())) {
            if (!primary) {
                follow(coming);
            } else if (coming.state == ImportView.State.FOLLOWED) {
                inherit(coming);
            } else if (coming.state == ImportView.State.OPEN) {
                abandonWithoutSource(coming);
            }
        }
    }

    private void follow(Import coming) {
        if (coming.state != ImportView.State.FOLLOWED) {
            coming.state = ImportView.State.FOLLOWED;
            pending.agenda().save();
        }
    }

    /** This node was promoted: the keys of those slots that it did not inherit are to go. */
    private void inherit(Import coming) {
        SlotSet foreign = coming.slots.copy();
        SlotSet all = coming.slots;
        for (int slot = all.nextSet(0); slot >= 0; slot = all.nextSet(slot + 1)) {
            if (slots.owner(slot) == table.myself()) {
                foreign.clear(slot);
            }
        }
        transfers.imports().remove(coming.name);
        pending.agenda().save();
        if (!foreign.isEmpty()) {
            ImportView.State state = ImportView.State.FOLLOWED;
            Import left = new Import(coming.name, foreign, coming.source, state);
            transfers.imports().put(left.name, left);
            abandon(left, "this node was promoted and did not inherit the slots");
        }
    }

    private void abandonWithoutSource(Import coming) {
        Node source = table.find(coming.source);
        if (source == null || !source.isPrimary() || source.has(NodeFlags.FAIL)) {
            abandon(coming, "its source failed");
            return;
        }
        if (coming.slotsVersion == slots.version()) {
            return;
        }
        coming.slotsVersion = slots.version();
        SlotSet all = coming.slots;
        for (int slot = all.nextSet(0); slot >= 0; slot = all.nextSet(slot + 1)) {
            if (!isOwned(slot, source)) {
                abandon(coming, "its source lost slot " + slot);
                return;
            }
        }
    }

    private boolean isOwned(int slot, Node source) {
        return slots.owner(slot) == source && !slots.isUnclaimed(slot);
    }

    /** A heartbeat of this node's primary tells all slots whose keys are not its own. */
    void heard(Node sender, BusMessage.Heartbeat message) {
        if (sender != table.myself().primary || !Transfers.tells(message)) {
            return;
        }
        List<PingExtension.ApartSlots> told = new ArrayList<>();
        for (PingExtension extension : message.extensions()) {
            if (extension instanceof PingExtension.ApartSlots apart) {
                told.add(apart);
            }
        }
        boolean same = told.size() == transfers.imports().size();
        for (PingExtension.ApartSlots one : told) {
            Import known = transfers.imports().get(one.name().toString());
            same &= known != null && known.slots.equals(one.slots());
        }
        if (same) {
            return;
        }
        transfers.imports().clear();
        for (PingExtension.ApartSlots one : told) {
            boolean sound = one.name().isWellFormed()
                    && one.source().isWellFormed()
                    && !one.slots().isEmpty()
                    && !transfers.full();
            if (sound) {
                String name = one.name().toString();
                ImportView.State state = ImportView.State.FOLLOWED;
                transfers.imports().put(name, new Import(name, one.slots(), one.source(), state));
            }
        }
        pending.agenda().save();
    }

    private static TransferAnswer unknown(String name) {
        return refused("No slot migration " + name + " comes to this node");
    }

    private static TransferAnswer refused(String error) {
        return new TransferAnswer.Refused(error);
    }
}
