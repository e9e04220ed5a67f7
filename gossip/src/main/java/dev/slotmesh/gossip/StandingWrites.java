package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;

/**
 * The primary's side of a manual failover (cluster bus facts, section 12): writes stand still so that the replica that asked can
 * catch up. Packets say so only once the driver has told that no write is on its way any more.
 */
final class StandingWrites {
    private static final long TIMEOUT_MS = 5_000;
    /** The driver lets writes go on after that by itself. */
    private static final long LONGEST_MS = 10_000;

    private final NodeTable table;
    private final Transfers transfers;
    private final Pending pending;

    /** Who asked; null when writes run. */
    private NodeId replica;

    private long endMs;
    private boolean still;

    StandingWrites(NodeTable table, Transfers transfers, Pending pending) {
        this.table = table;
        this.transfers = transfers;
        this.pending = pending;
    }

    /**
     * A replica of this primary asks for it; anybody else is not heeded, and nobody while it is open who owns some slots of this
     * node: the replica would take them along.
     */
    void asked(long nowMs, Node sender) {
        boolean heeded = table.myself().isPrimary()
                && sender.primary == table.myself()
                && !transfers.anyHandedOver();
        if (!heeded) {
            return;
        }
        pending.outbox().notice(new FailoverNotice.ManualFailoverRequested(sender.id));
        replica = sender.id;
        endMs = nowMs + TIMEOUT_MS;
        still = false;
        pending.outbox().pauseWrites(LONGEST_MS);
    }

    /** Whether a replica is to take over. */
    boolean isUnderWay() {
        return replica != null;
    }

    /** No write is on its way any more. Returns the node to tell, or null. */
    Node stopped() {
        still = replica != null;
        return still ? table.find(replica) : null;
    }

    /** Whether packets say so: the offset they carry is the last. */
    boolean areStill() {
        return still;
    }

    /** The replica that waits for this node's packets. */
    boolean isAwaitedBy(Node node) {
        return still && node.id.equals(replica);
    }

    /** Lets writes go on when the time is over, or they are not this node's any more. */
    void step(long nowMs) {
        if (replica == null) {
            return;
        }
        boolean late = nowMs - endMs >= 0;
        if (late || table.myself().isReplica()) {
            if (late) {
                pending.outbox().notice(new FailoverNotice.ManualFailoverTimedOut());
            }
            end();
        }
    }

    void end() {
        if (replica != null) {
            replica = null;
            still = false;
            pending.outbox().resumeWrites();
        }
    }
}
