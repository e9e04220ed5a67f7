package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.NodeFlags;

/** From silence to PFAIL, from reports to FAIL, and back (cluster bus facts, section 8). */
final class FailureDetector {
    /** Failure reports are valid, and FAIL primaries with slots stay FAIL, for this many node timeouts. */
    private static final int TIMEOUTS_TO_FORGET = 2;

    private final NodeTable table;
    private final ClusterHealth health;
    private final CurrentSettings settings;
    private final Heartbeats heartbeats;
    private final Agenda agenda;
    private final Outbox outbox;

    FailureDetector(
            NodeTable table,
            ClusterHealth health,
            CurrentSettings settings,
            Heartbeats heartbeats,
            Pending pending) {
        this.table = table;
        this.health = health;
        this.settings = settings;
        this.heartbeats = heartbeats;
        this.agenda = pending.agenda();
        this.outbox = pending.outbox();
    }

    /** Section 6, step 4f: no answer and no data of any kind for longer than the node timeout. */
    void checkSilence(long nowMs, Node node) {
        if (node.pingSentMs == 0 || node.has(NodeFlags.PFAIL | NodeFlags.FAIL)) {
            return;
        }
        long silence = Math.min(nowMs - node.pingSentMs, nowMs - node.dataReceivedMs);
        if (silence > settings.nodeTimeoutMs()) {
            suspect(nowMs, node);
        }
    }

    /** This node's own opinion from now on: PFAIL. */
    void suspect(long nowMs, Node node) {
        node.raise(NodeFlags.PFAIL);
        outbox.notice(new Notice.PossiblyFailing(node.id));
        agenda.evaluateState();
    }

    /** This node did not run for a while: the silence of others in that time was its own. */
    void discountOwnStall(long nowMs, long stalledMs) {
        for (Node node : table.all()) {
            if (node.pingSentMs != 0) {
                node.pingSentMs = Math.min(nowMs, node.pingSentMs + stalledMs);
            }
        }
    }

    /** A PONG came in on the node's outbound link. */
    void answered(long nowMs, Node node) {
        node.pongReceivedMs = nowMs;
        node.pingSentMs = 0;
        if (node.has(NodeFlags.PFAIL)) {
            node.clear(NodeFlags.PFAIL);
            agenda.save();
            agenda.evaluateState();
        } else if (node.has(NodeFlags.FAIL)) {
            clearFailIfAllowed(nowMs, node);
        }
    }

    /** What a gossip entry says about a node of the table counts when a primary says it, and never about this node. */
    void heardOpinion(long nowMs, Node reporter, Node about, GossipEntry entry) {
        if (!reporter.isPrimary() || about.isMyself()) {
            return;
        }
        if (NodeFlags.hasAny(entry.flags(), NodeFlags.PFAIL | NodeFlags.FAIL)) {
            if (about.reports.add(reporter, nowMs)) {
                outbox.notice(new Notice.NodeReported(reporter.id, about.id));
            }
            failIfQuorum(nowMs, about);
        } else if (about.reports.remove(reporter)) {
            outbox.notice(new Notice.NodeReportedBack(reporter.id, about.id));
        }
    }

    /** A known node broadcast that another one failed; it is believed whatever its role. */
    void heardFail(long nowMs, Node from, BusMessage.Fail message) {
        Node failed = table.find(message.failed());
        if (failed == null || failed.has(NodeFlags.FAIL | NodeFlags.MYSELF)) {
            return;
        }
        outbox.notice(new Notice.FailReceived(from.id, failed.id));
        fail(nowMs, failed);
    }

    /** Valid reports about the node; older ones are dropped first. */
    int countReports(long nowMs, Node node) {
        return node.reports.countYoungerThan(TIMEOUTS_TO_FORGET * settings.nodeTimeoutMs(), nowMs);
    }

    private void failIfQuorum(long nowMs, Node node) {
        if (!node.has(NodeFlags.PFAIL) || node.has(NodeFlags.FAIL)) {
            return;
        }
        int failures = countReports(nowMs, node) + (table.myself().isPrimary() ? 1 : 0);
        if (failures < health.quorum()) {
            return;
        }
        outbox.notice(new Notice.MarkedFailing(node.id));
        fail(nowMs, node);
        heartbeats.broadcast(header -> new BusMessage.Fail(header, node.id));
    }

    private void fail(long nowMs, Node node) {
        node.clear(NodeFlags.PFAIL);
        node.raise(NodeFlags.FAIL);
        node.failedMs = nowMs;
        agenda.save();
        agenda.evaluateState();
    }

    /** Section 8.4: a failed primary with slots stays FAIL for a while, so that its replica can take over. */
    private void clearFailIfAllowed(long nowMs, Node node) {
        String what;
        if (node.isReplica()) {
            what = "replica is reachable again.";
        } else if (!node.ownsSlots()) {
            what = "master without slots is reachable again.";
        } else if (nowMs - node.failedMs > TIMEOUTS_TO_FORGET * settings.nodeTimeoutMs()) {
            what = "is reachable again and nobody is serving its slots after some time.";
        } else {
            return;
        }
        node.clear(NodeFlags.FAIL);
        agenda.save();
        agenda.evaluateState();
        outbox.notice(new Notice.FailCleared(node.id, what));
    }
}
