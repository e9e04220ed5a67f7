package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

/**
 * One entry of the node table at one moment.
 *
 * @param id the node ID; a random one while the entry is in handshake
 * @param address where the node can be reached; ip empty and ports 0 when that is unknown
 * @param flags wire flags of the cluster bus, see {@link NodeFlags}
 * @param primaryId the primary of a replica; {@link NodeId#NONE} for a primary and for a replica whose primary is unknown
 * @param pingSentMs when the pending PING was sent, 0 when none is pending
 * @param pongReceivedMs when the last PONG was received or told of, 0 when never
 * @param configEpoch unsigned; a replica shows the one of its primary when that is known
 * @param linkConnected whether an outbound link exists, established or being established; true for myself
 * @param slots the slots it owns
 * @param replOffset replication offset the node last told, 0 when unknown
 */
public record NodeView(
        NodeId id,
        NodeAddress address,
        int flags,
        NodeId primaryId,
        long pingSentMs,
        long pongReceivedMs,
        long configEpoch,
        boolean linkConnected,
        SlotSet slots,
        long replOffset) {
    /** Whether this is the node whose view it is. */
    public boolean isMyself() {
        return has(NodeFlags.MYSELF);
    }

    /** Whether it is a primary; with {@link #isReplica} false as well the role is not known yet. */
    public boolean isPrimary() {
        return has(NodeFlags.PRIMARY);
    }

    /** Whether it is a replica. */
    public boolean isReplica() {
        return has(NodeFlags.REPLICA);
    }

    /** Whether this node alone suspects it. */
    public boolean isPfail() {
        return has(NodeFlags.PFAIL);
    }

    /** Whether the cluster agreed that it failed. */
    public boolean isFail() {
        return has(NodeFlags.FAIL);
    }

    /** Whether its handshake has not ended yet. */
    public boolean isInHandshake() {
        return has(NodeFlags.HANDSHAKE);
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
