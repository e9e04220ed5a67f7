package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.SlotSet;

/** Whether the cluster serves keys, as this node sees it (cluster bus facts, section 14). */
final class ClusterHealth {
    private static final long WRITABLE_DELAY_MS = 2_000;
    private static final long MIN_REJOIN_DELAY_MS = 500;
    private static final long MAX_REJOIN_DELAY_MS = 5_000;

    private final NodeTable table;
    private final SlotTable slots;
    private final CurrentSettings settings;
    private final Patience patience;
    private final Agenda agenda;
    private final Outbox outbox;

    private boolean ok;
    /** One before the first count, as a stock node shows it; the quorum is the same as with none. */
    private int size = 1;

    private boolean counted;
    private boolean evaluated;
    private long firstEvaluationMs;
    private boolean sawMinority;
    private long amongMinorityMs;

    ClusterHealth(
            NodeTable table,
            SlotTable slots,
            CurrentSettings settings,
            Patience patience,
            Pending pending) {
        this.table = table;
        this.slots = slots;
        this.settings = settings;
        this.patience = patience;
        this.agenda = pending.agenda();
        this.outbox = pending.outbox();
    }

    boolean ok() {
        return ok;
    }

    /** Primaries with slots, as of the last evaluation; what quorums are counted against. */
    int size() {
        return size;
    }

    /** Whether they were counted yet. */
    boolean counted() {
        return counted;
    }

    /** A majority of the primaries with slots. */
    int quorum() {
        return (counted ? size : countPrimaries()) / 2 + 1;
    }

    private int countPrimaries() {
        int primaries = 0;
        for (Node node : table.all()) {
            primaries += node.isPrimary() && node.ownsSlots() ? 1 : 0;
        }
        return primaries;
    }

    void evaluate(long nowMs) {
        if (!evaluated) {
            evaluated = true;
            firstEvaluationMs = nowMs;
        }
        boolean primary = table.myself().isPrimary();
        // A primary that has just started may be about to hear that it was replaced.
        if (primary && !ok && nowMs - firstEvaluationMs < WRITABLE_DELAY_MS) {
            return;
        }
        boolean covered = !settings.get().requireFullCoverage() || isCovered();
        int sizeBefore = size;
        boolean majority = reachable(nowMs) >= quorum();
        if (size != sizeBefore) {
            agenda.publish();
        }
        if (!majority) {
            sawMinority = true;
            amongMinorityMs = nowMs;
        }
        boolean nowOk = covered && majority;
        if (nowOk == ok || (nowOk && primary && isRejoining(nowMs))) {
            return;
        }
        ok = nowOk;
        agenda.publish();
        outbox.notice(new Notice.ClusterStateChanged(ok));
    }

    /** Every slot has an owner, and none of the owners is FAIL. */
    private boolean isCovered() {
        if (slots.assigned() < SlotSet.SLOT_COUNT) {
            return false;
        }
        for (Node node : table.all()) {
            if (node.has(NodeFlags.FAIL) && node.ownsSlots()) {
                return false;
            }
        }
        return true;
    }

    /** Counts {@link #size} anew; returns how many of them answer. */
    private int reachable(long nowMs) {
        int reachable = 0;
        int sizeBefore = size;
        size = 0;
        counted = true;
        for (Node node : table.all()) {
            if (node.isPrimary() && node.ownsSlots()) {
                size++;
                boolean lost = node.has(NodeFlags.PFAIL | NodeFlags.FAIL)
                        || isUnheard(nowMs, node, sizeBefore);
                reachable += lost ? 0 : 1;
            }
        }
        return reachable;
    }

    /**
     * Whether a primary with slots has been silent for so long that it does not count for a majority, although it is not PFAIL yet:
     * a primary that is cut off has to stop taking writes before another can take its place.
     */
    boolean isUnheard(long nowMs, Node node) {
        return node.ownsSlots() && isUnheard(nowMs, node, size);
    }

    private boolean isUnheard(long nowMs, Node node, int primaries) {
        return patience.isWanted()
                && node.pingSentMs != 0
                && !node.isMyself()
                && node.silenceMs(nowMs) > patience.beforeUnheardMs(primaries);
    }

    private boolean isRejoining(long nowMs) {
        long delay = Math.min(
                Math.max(settings.nodeTimeoutMs(), MIN_REJOIN_DELAY_MS), MAX_REJOIN_DELAY_MS);
        return sawMinority && nowMs - amongMinorityMs < delay;
    }
}
