package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.SlotSet;

/** Candidate and voter of a modelled stock node (cluster bus facts, section 11). */
final class StockElection {
    private static final long FIXED_DELAY_MS = 500;
    private static final int RANDOM_DELAY_MS = 500;
    private static final long DELAY_PER_RANK_MS = 1_000;

    /** How long nothing has come from the primary on the replication link. */
    long dataAgeMs;

    private final StockMachine machine;
    private final StockTable table;

    private long beginMs;
    private int rank;
    private boolean asked;
    private boolean newVote;
    private int votes;
    private long epoch;

    StockElection(StockMachine machine) {
        this.machine = machine;
        this.table = machine.table;
    }

    /** Section 11.1. */
    void step(long nowMs) {
        StockEntry primary = table.myself.primary;
        if (primary == null
                || !primary.has(NodeFlags.FAIL)
                || primary.slotCount() == 0
                || isTooOld()) {
            return;
        }
        long ageMs = nowMs - beginMs;
        long timeoutMs = Math.max(2 * machine.timeoutMs, 2_000);
        if (ageMs > 2 * timeoutMs) {
            schedule(nowMs, primary);
            return;
        }
        int rankNow = asked ? rank : rank(primary);
        if (rankNow > rank) {
            beginMs += (rankNow - rank) * DELAY_PER_RANK_MS;
            rank = rankNow;
        }
        if (nowMs < beginMs || ageMs > timeoutMs) {
            return;
        }
        if (!asked) {
            asked = true;
            epoch = ++table.currentEpoch;
            table.saveDurably();
            machine.broadcast(BusMessage.AuthRequest::new);
        } else if (votes >= table.quorum()) {
            takeOver(primary);
        }
    }

    private boolean isTooOld() {
        long factor = machine.node.settings().gossip().failover().validityFactor();
        long pingMs = machine.node.settings().gossip().failover().replicaPingPeriodMs();
        long ageMs = dataAgeMs > machine.timeoutMs ? dataAgeMs - machine.timeoutMs : dataAgeMs;
        return factor != 0 && ageMs > pingMs + machine.timeoutMs * factor;
    }

    private void schedule(long nowMs, StockEntry primary) {
        rank = rank(primary);
        beginMs = nowMs
                + FIXED_DELAY_MS
                + machine.random.nextInt(RANDOM_DELAY_MS)
                + rank * DELAY_PER_RANK_MS;
        votes = 0;
        asked = false;
        for (StockEntry sibling : primary.replicas) {
            if (sibling.connected()) {
                machine.heartbeat(BusMessage.HeartbeatKind.PONG, sibling.outbound);
            }
        }
    }

    private int rank(StockEntry primary) {
        return (int) primary.replicas.stream()
                .filter(sibling -> sibling != table.myself
                        && !sibling.has(NodeFlags.NOFAILOVER)
                        && sibling.offset > table.myself.offset)
                .count();
    }

    /** Section 11.3. */
    private void takeOver(StockEntry primary) {
        StockEntry myself = table.myself;
        SlotSet slots = primary.slots();
        table.makePrimary(myself);
        machine.node.promoted();
        for (int slot = slots.nextSet(0); slot >= 0; slot = slots.nextSet(slot + 1)) {
            table.assign(slot, myself);
        }
        myself.configEpoch = Math.max(myself.configEpoch, epoch);
        table.evaluateSoon();
        table.saveDurably();
        for (StockEntry entry : table.entries) {
            if (entry.connected() && !entry.has(NodeFlags.HANDSHAKE)) {
                machine.heartbeat(BusMessage.HeartbeatKind.PONG, entry.outbound);
            }
        }
    }

    /** A vote came in. */
    void voted(long nowMs, StockEntry voter, Header header) {
        if (voter.has(NodeFlags.PRIMARY)
                && voter.slotCount() > 0
                && header.currentEpoch() >= epoch) {
            votes++;
            newVote = true;
        }
    }

    /** Before sleep, so that the last vote needed is acted on at once. */
    void stepIfVoted(long nowMs) {
        if (newVote) {
            newVote = false;
            step(nowMs);
        }
    }

    /** Section 11.2. */
    void asked(long nowMs, StockEntry candidate, Header header) {
        StockEntry myself = table.myself;
        StockEntry primary = candidate.primary;
        boolean forced = MessageFlags.has(header.messageFlags(), MessageFlags.FORCEACK);
        boolean granted = myself.has(NodeFlags.PRIMARY)
                && myself.slotCount() > 0
                && header.currentEpoch() >= table.currentEpoch
                && table.lastVoteEpoch != table.currentEpoch
                && candidate.has(NodeFlags.REPLICA)
                && primary != null
                && (primary.has(NodeFlags.FAIL) || forced)
                && (primary.votedMs == 0 || nowMs - primary.votedMs >= 2 * machine.timeoutMs)
                && isUpToDate(header);
        if (granted) {
            table.lastVoteEpoch = table.currentEpoch;
            primary.votedMs = nowMs;
            table.saveDurably();
            machine.tell(candidate, new BusMessage.AuthAck(machine.header(0)));
        }
    }

    private boolean isUpToDate(Header header) {
        SlotSet claimed = header.slots();
        for (int slot = claimed.nextSet(0); slot >= 0; slot = claimed.nextSet(slot + 1)) {
            if (!table.isUnclaimed(slot) && table.owner(slot).configEpoch > header.configEpoch()) {
                return false;
            }
        }
        return true;
    }
}
