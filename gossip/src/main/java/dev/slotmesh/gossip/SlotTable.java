package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.SlotSet;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who owns which slot, in step with each node's own bitmap; and which slots are being moved. Rules about who may take what
 * are elsewhere.
 */
final class SlotTable {
    private final NodeTable table;
    private final Node[] owners = new Node[SlotSet.SLOT_COUNT];
    /** Slots whose recorded owner stopped claiming them: anybody may take them at any epoch. */
    private final SlotSet ownerNotClaiming = new SlotSet();

    private final SortedMap<Integer, Node> migrating = new TreeMap<>();
    private final SortedMap<Integer, Node> importing = new TreeMap<>();
    /** Slots this node's shard lost since last asked. */
    private SlotSet lost = new SlotSet();

    private boolean anyLost;
    private int assigned;
    private long version;

    SlotTable(NodeTable table) {
        this.table = table;
    }

    /** The recorded owner, or null. */
    Node owner(int slot) {
        return owners[slot];
    }

    /** Nobody owns it, or its owner does not claim it any more. */
    boolean isUnclaimed(int slot) {
        return owners[slot] == null || ownerNotClaiming.get(slot);
    }

    int assigned() {
        return assigned;
    }

    /** Changes with every change of an owner. */
    long version() {
        return version;
    }

    /** Gives a slot to a node, whoever had it. */
    void assign(int slot, Node node) {
        release(slot);
        owners[slot] = node;
        node.takeSlot(slot);
        assigned++;
        version++;
        if (node.slotCount() == 1 && table.anyReplica()) {
            node.raise(NodeFlags.MIGRATE_TO);
        }
    }

    /** Leaves a slot without owner. */
    void release(int slot) {
        Node owner = owners[slot];
        if (owner == null) {
            return;
        }
        owner.dropSlot(slot);
        owners[slot] = null;
        ownerNotClaiming.clear(slot);
        assigned--;
        version++;
        Node myself = table.myself();
        if (owner == myself || owner == myself.primary) {
            lost.set(slot);
            anyLost = true;
        }
    }

    void releaseAll(Node node) {
        SlotSet slots = node.slots();
        for (int slot = slots.nextSet(0); slot >= 0; slot = slots.nextSet(slot + 1)) {
            release(slot);
        }
    }

    void ownerClaims(int slot) {
        ownerNotClaiming.clear(slot);
    }

    void ownerClaimsAll(Node owner) {
        if (!ownerNotClaiming.isEmpty()) {
            ownerNotClaiming.removeAll(owner.slots());
        }
    }

    void ownerDoesNotClaim(int slot) {
        ownerNotClaiming.set(slot);
    }

    /** The node's slots as an UPDATE tells them: without those it stopped claiming. */
    SlotSet claimedBy(Node node) {
        return node.slots().minus(ownerNotClaiming);
    }

    /** Slots migrating away, by slot; live. */
    SortedMap<Integer, Node> migrating() {
        return migrating;
    }

    /** Slots being imported, by slot; live. */
    SortedMap<Integer, Node> importing() {
        return importing;
    }

    void closeAll() {
        migrating.clear();
        importing.clear();
    }

    /** A node leaves the table. */
    void forget(Node node) {
        releaseAll(node);
        migrating.values().removeIf(peer -> peer == node);
        importing.values().removeIf(peer -> peer == node);
    }

    /** Slots lost by the shard of this node since the last call; null when there are none. */
    SlotSet takeLost() {
        if (!anyLost) {
            return null;
        }
        SlotSet taken = lost;
        lost = new SlotSet();
        anyLost = false;
        return taken;
    }
}
