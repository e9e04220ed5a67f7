package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;

/**
 * CLUSTER FAILOVER on this replica (cluster bus facts, section 12): the primary is asked to let its writes stand still, and once
 * this node has everything it asks for votes.
 */
public final class ManualFailover {
    private static final long TIMEOUT_MS = 5_000;

    /** What an operator wants. */
    public enum Kind {
        /** With the primary: nothing is lost. */
        AGREED,
        /** Without the primary, with a majority. */
        FORCE,
        /** Without anybody. */
        TAKEOVER
    }

    private final NodeTable table;
    private final Heartbeats heartbeats;
    private final Pending pending;

    /** The primary to be succeeded; null when nothing is under way. */
    private Node primary;

    private long endMs;
    /** Whether {@link #offset} is known. */
    private boolean paused;

    private long offset;
    private boolean mayElect;

    ManualFailover(NodeTable table, Heartbeats heartbeats, Pending pending) {
        this.table = table;
        this.heartbeats = heartbeats;
        this.pending = pending;
    }

    /** Why this cannot be asked of this node, in Redis's words, or null. */
    OperatorResult.Rejected refusal(Kind kind) {
        Node myself = table.myself();
        if (myself.isPrimary()) {
            return new OperatorResult.Rejected("You should send CLUSTER FAILOVER to a replica");
        }
        if (myself.primary == null) {
            return new OperatorResult.Rejected("I'm a replica but my master is unknown to me");
        }
        boolean reachable = !myself.primary.has(NodeFlags.FAIL) && myself.primary.outbound != null;
        return kind == Kind.AGREED && !reachable
                ? new OperatorResult.Rejected(
                        "Master is down or failed, please use CLUSTER FAILOVER FORCE")
                : null;
    }

    /** Begins, with or without the primary; whoever began before starts over. */
    void begin(long nowMs, Kind kind) {
        end();
        primary = table.myself().primary;
        endMs = nowMs + TIMEOUT_MS;
        mayElect = kind == Kind.FORCE;
        pending.outbox().notice(new FailoverNotice.ManualFailoverAccepted(kind));
        pending.agenda().considerElection();
        if (kind == Kind.AGREED) {
            heartbeats.tell(primary, BusMessage.ManualFailoverStart::new);
        }
    }

    boolean isUnderWay() {
        return primary != null;
    }

    /** Whether this node may ask for votes although its primary is up. */
    boolean mayElect() {
        return mayElect && primary == table.myself().primary;
    }

    /** A packet of a known sender: the first of the primary after its writes stand still tells where. */
    void heard(Node sender, Header header) {
        boolean news = primary != null
                && sender == primary
                && !paused
                && MessageFlags.has(header.messageFlags(), MessageFlags.PAUSED);
        if (news) {
            paused = true;
            offset = header.replicationOffset();
            pending.outbox().notice(new FailoverNotice.PausedOffsetReceived(offset));
            pending.agenda().considerElection();
        }
    }

    /** Looks whether this node has everything, and whether there is still time. */
    void step(long nowMs) {
        if (primary == null) {
            return;
        }
        if (primary != table.myself().primary) {
            end();
        } else if (nowMs - endMs >= 0) {
            pending.outbox().notice(new FailoverNotice.ManualFailoverTimedOut());
            end();
        } else if (paused && !mayElect && table.myself().replOffset == offset) {
            mayElect = true;
            pending.outbox().notice(new FailoverNotice.CaughtUp());
        }
    }

    void end() {
        primary = null;
        paused = false;
        mayElect = false;
    }
}
