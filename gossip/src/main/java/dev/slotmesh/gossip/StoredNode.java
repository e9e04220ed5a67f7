package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.Objects;
import java.util.SortedMap;

/**
 * One node line of nodes.conf.
 *
 * @param id the node ID
 * @param address ip empty and ports 0 when unknown; the plaintext port is not stored
 * @param flags those of {@link dev.slotmesh.bus.NodeFlags} the file can hold
 * @param primaryId the primary of a replica, {@link NodeId#NONE} for none
 * @param pingPending whether a PING was pending when the file was written
 * @param pongSeen whether a PONG had ever been received
 * @param configEpoch unsigned; 0 for a replica with primary
 * @param slots the slots it owns, frozen
 * @param migrating slot to the node it migrates to; only on the line of the node whose file it is
 * @param importing slot to the node it is imported from; likewise
 */
public record StoredNode(
        NodeId id,
        NodeAddress address,
        int flags,
        NodeId primaryId,
        boolean pingPending,
        boolean pongSeen,
        long configEpoch,
        SlotSet slots,
        SortedMap<Integer, NodeId> migrating,
        SortedMap<Integer, NodeId> importing) {
    public StoredNode {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(primaryId, "primaryId");
        slots = slots.frozen();
    }
}
