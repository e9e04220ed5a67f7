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
    private final Patience patience;
    private final Alarms alarms;
    private final Agenda agenda;
    private final Outbox outbox;

    FailureDetector(
            NodeTable table,
            ClusterHealth health,
            Patience patience,
            Alarms alarms,
            Pending pending) {
        this.table = table;
        this.health = health;
        this.patience = patience;
        this.alarms = alarms;
        this.agenda = pending.agenda();
        this.outbox = pending.outbox();
    }

    /** Section 6, step 4f: no answer and no data of any kind for longer than {@link Patience} bears. */
    void checkSilence(long nowMs, Node node) {
        if (node.pingSentMs == 0 || node.has(NodeFlags.PFAIL | NodeFlags.FAIL)) {
            return;
        }
        if (node.silenceMs(nowMs) > patience.beforePfailMs(node)) {
            suspect(nowMs, node);
            alarms.askToLook(node);
        }
    }

    /** This node's own opinion from now on: PFAIL. */
    void suspect(long nowMs, Node node) {
        node.raise(NodeFlags.PFAIL);
        outbox.notice(new Notice.PossiblyFailing(node.id));
        agenda.evaluateState();
        alarms.opinionChanged(nowMs, node);
        // With no report at all, a lone primary would be a quorum by itself; a stock one never is.
        if (patience.isWanted() && !node.reports.isEmpty()) {
            failIfQuorum(nowMs, node);
        }
    }

    /** This node did not run for a while: the silence of others in that time was its own. */
    void discountOwnStall(long nowMs, long stalledMs) {
        for (Node node : table.all()) {
            node.suspicion.discount(stalledMs);
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
            alarms.opinionChanged(nowMs, node);
        } else if (node.has(NodeFlags.FAIL)) {
            clearFailIfAllowed(nowMs, node);
        }
    }

    /**
     * What a gossip entry says about a node of the table counts when a primary says it, and never about this node.
     *
     * @return whether it accuses a node that the reporter did not accuse before
     */
    boolean heardOpinion(long nowMs, Node reporter, Node about, GossipEntry entry) {
        if (!reporter.isPrimary() || about.isMyself()) {
            return false;
        }
        if (NodeFlags.hasAny(entry.flags(), NodeFlags.PFAIL | NodeFlags.FAIL)) {
            boolean added = about.reports.add(reporter, nowMs);
            if (added) {
                outbox.notice(new Notice.NodeReported(reporter.id, about.id));
            }
            failIfQuorum(nowMs, about);
            return added;
        }
        if (about.reports.remove(reporter)) {
            outbox.notice(new Notice.NodeReportedBack(reporter.id, about.id));
        }
        return false;
    }

    /** A known node broadcast that another one failed; it is believed whatever its role. */
    void heardFail(long nowMs, Node from, BusMessage.Fail message) {
        heardFail(nowMs, from, table.find(message.failed()));
    }

    /** The same of a node of the table, or of null. */
    void heardFail(long nowMs, Node from, Node failed) {
        if (failed == null || failed.has(NodeFlags.FAIL | NodeFlags.MYSELF)) {
            return;
        }
        outbox.notice(new Notice.FailReceived(from.id, failed.id));
        fail(nowMs, failed);
    }

    /** Valid reports about the node; older ones are dropped first. */
    int countReports(long nowMs, Node node) {
        return node.reports.countYoungerThan(TIMEOUTS_TO_FORGET * patience.nodeTimeoutMs(), nowMs);
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
        alarms.failed(node);
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
        } else if (nowMs - node.failedMs > TIMEOUTS_TO_FORGET * patience.nodeTimeoutMs()) {
            what = "is reachable again and nobody is serving its slots after some time.";
        } else {
            return;
        }
        node.clear(NodeFlags.FAIL);
        agenda.save();
        agenda.evaluateState();
        alarms.opinionChanged(nowMs, node);
        outbox.notice(new Notice.FailCleared(node.id, what));
    }
}
