package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

/** Why slots cannot move in one step, where both sides have the same reasons. */
final class TransferRefusals {
    private TransferRefusals() {}

    /** Null when a transfer of that name can be opened for these slots, as far as other transfers go. */
    static String ofNew(Transfers transfers, String name, SlotSet wanted) {
        if (!NodeId.isWellFormed(name)) {
            return "Invalid slot migration name";
        }
        if (wanted.isEmpty()) {
            return "No slots to migrate";
        }
        if (transfers.exports().containsKey(name) || transfers.imports().containsKey(name)) {
            return "Slot migration " + name + " exists already";
        }
        if (transfers.full()) {
            return "Too many slot migrations at once";
        }
        int moving = transfers.firstMoving(wanted);
        return moving < 0 ? null : "Slot " + moving + " is being migrated already";
    }

    /**
     * Null when slots can move to or from that node.
     *
     * @param node null when it is not in the table
     * @param who Source or Target
     */
    static String ofPeer(Node node, String id, String who) {
        if (node == null || node.inHandshake()) {
            return "Unknown node " + id;
        }
        if (node.isMyself()) {
            return who + " node is this node itself";
        }
        if (!node.isPrimary()) {
            return who + " node is not a master";
        }
        if (!node.isSlotmesh()) {
            return who + " node does not understand atomic slot migration";
        }
        return node.has(NodeFlags.PFAIL | NodeFlags.FAIL) ? who + " node is not reachable" : null;
    }
}
