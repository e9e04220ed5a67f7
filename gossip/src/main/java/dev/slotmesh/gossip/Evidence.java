package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;

/**
 * Proof that a process has ended, which needs no waiting for the node timeout. A host that refuses connections to the bus port
 * and to the client port of a node is alive and says that nobody holds them. One look is not enough: a process that is
 * being replaced leaves its ports closed for a moment. Two looks, {@link #CONFIRM_MS} apart at least, with nothing else
 * heard between them, are.
 *
 * <p>Only a process that this one has heard of can have ended: when a whole cluster starts again, node after node, those that have
 * not started yet are no evidence for anything.
 *
 * <p>Whatever is less than that is no evidence: a connection that times out, a host that cannot be reached, a client port that
 * accepts. Then the rules of silence hold, as they always do beside this one. They also hold alone for a primary
 * with slots that no replica could replace: to call it failed would help nobody, and if it is being restarted, its slots
 * would stay unserved longer than its restart takes, since FAIL is lifted late.
 */
final class Evidence {
    /** Least time between the two looks. */
    static final long CONFIRM_MS = 100;
    /** A link that broke is made anew at once, but not more often than this; else it waits for the tick. */
    private static final long REOPEN_PERIOD_MS = 1_000;
    /** After a client port gave no evidence it is left alone for so long. */
    private static final long PROBE_PAUSE_MS = 1_000;

    private static final int NOT_JUDGED = NodeFlags.MYSELF
            | NodeFlags.HANDSHAKE
            | NodeFlags.NOADDR
            | NodeFlags.PFAIL
            | NodeFlags.FAIL;

    private final NodeTable table;
    private final Links links;
    private final CurrentSettings settings;
    private final FailureDetector failures;
    private final Outbox outbox;

    Evidence(
            NodeTable table,
            Links links,
            CurrentSettings settings,
            FailureDetector failures,
            Outbox outbox) {
        this.table = table;
        this.links = links;
        this.settings = settings;
        this.failures = failures;
        this.outbox = outbox;
    }

    /** The node's outbound link broke: to connect again tells at once whether somebody is still there. */
    void linkBroke(long nowMs, Node node) {
        if (isWanted()
                && !node.inHandshake()
                && nowMs - node.suspicion.reopenedMs > REOPEN_PERIOD_MS) {
            node.suspicion.reopenedMs = nowMs;
            links.open(nowMs, node);
        }
    }

    /** The node can be connected to, or something was heard of it. */
    void alive(Node node) {
        node.suspicion.closedSinceMs = 0;
    }

    /** Connecting to the node's bus port failed. */
    void connectFailed(long nowMs, Node node, ConnectFailure reason) {
        if (reason != ConnectFailure.REFUSED) {
            node.suspicion.closedSinceMs = 0;
        } else if (isJudged(node)
                && !node.suspicion.probing
                && node.address.port() != 0
                && node.suspicion.nextProbeMs - nowMs <= 0) {
            node.suspicion.probing = true;
            outbox.probe(node);
        }
    }

    /** The answer of a node's client port, which was looked at because its bus port was closed. */
    void probed(long nowMs, NodeId id, ProbeOutcome outcome) {
        Node node = table.find(id);
        if (node == null || !node.suspicion.probing) {
            return;
        }
        Suspicion trace = node.suspicion;
        trace.probing = false;
        if (outcome != ProbeOutcome.REFUSED) {
            trace.closedSinceMs = 0;
            trace.nextProbeMs = nowMs + PROBE_PAUSE_MS;
        } else if (node.connected() || !isJudged(node)) {
            trace.closedSinceMs = 0;
        } else if (trace.closedSinceMs == 0) {
            trace.closedSinceMs = nowMs;
        } else if (nowMs - trace.closedSinceMs >= CONFIRM_MS) {
            trace.closedSinceMs = 0;
            outbox.notice(new Notice.ProcessEnded(node.id));
            failures.suspect(nowMs, node);
        }
    }

    private boolean isWanted() {
        return settings.get().policies().hardEvidence();
    }

    private boolean isJudged(Node node) {
        boolean wasAlive = node.dataReceivedMs != 0;
        return isWanted()
                && wasAlive
                && !node.has(NOT_JUDGED)
                && (!node.ownsSlots() || isReplaceable(node));
    }

    private static boolean isReplaceable(Node primary) {
        for (Node replica : primary.replicas) {
            if (!replica.has(NodeFlags.PFAIL | NodeFlags.FAIL | NodeFlags.NOFAILOVER)) {
                return true;
            }
        }
        return false;
    }
}
