package dev.slotmesh.gossip;

import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.NodeFlags;

/**
 * Looks at a node that others accuse. The first to accuse has waited long; who is told of it asks the accused at once and
 * waits a short time only, since the long wait is over already. A look is made once per accusation: a peer that cannot reach a
 * node for good says so in every heartbeat, and if each of them counted, any short pause of that node would fall into
 * somebody's short wait.
 */
final class Looks {
    private static final int NOT_JUDGED = NodeFlags.MYSELF
            | NodeFlags.HANDSHAKE
            | NodeFlags.NOADDR
            | NodeFlags.PFAIL
            | NodeFlags.FAIL;

    private final Patience patience;
    private final Heartbeats heartbeats;
    private final FailureDetector failures;
    private final Alarms alarms;

    Looks(Patience patience, Heartbeats heartbeats, FailureDetector failures, Alarms alarms) {
        this.patience = patience;
        this.heartbeats = heartbeats;
        this.failures = failures;
        this.alarms = alarms;
    }

    /**
     * A gossip entry about a node of the table: an opinion, and perhaps a reason to look.
     *
     * @param alarm whether the entry tells of a change that has just happened
     */
    void heard(long nowMs, Node sender, Node about, GossipEntry entry, boolean alarm) {
        boolean failed = NodeFlags.has(entry.flags(), NodeFlags.FAIL);
        if (alarm && failed) {
            failures.heardFail(nowMs, sender, about);
        }
        boolean accused = failures.heardOpinion(nowMs, sender, about, entry);
        boolean silent =
                NodeFlags.has(entry.flags(), NodeFlags.PFAIL) || entry.pingSentSeconds() != 0;
        if (!failed && (accused || (alarm && silent))) {
            asked(nowMs, about);
        }
    }

    /** Somebody tells that the node has just turned silent. */
    private void asked(long nowMs, Node node) {
        boolean asked = node.suspicion.askedMs != 0
                && nowMs - node.suspicion.askedMs < patience.nodeTimeoutMs() / 2;
        if (!patience.isWanted() || node.has(NOT_JUDGED) || asked) {
            return;
        }
        node.suspicion.askedMs = nowMs;
        node.suspicion.lookSinceMs = nowMs;
        heartbeats.ask(nowMs, node);
        alarms.askToLook(node);
    }

    /** The tick's share for one node. */
    void check(long nowMs, Node node) {
        long sinceMs = node.suspicion.lookSinceMs;
        if (sinceMs == 0) {
            return;
        }
        boolean answered = node.pingSentMs == 0 || node.dataReceivedMs > sinceMs;
        if (answered || node.has(NOT_JUDGED)) {
            node.suspicion.lookSinceMs = 0;
        } else if (nowMs - sinceMs >= patience.ofLookMs()) {
            node.suspicion.lookSinceMs = 0;
            failures.suspect(nowMs, node);
        }
    }
}
