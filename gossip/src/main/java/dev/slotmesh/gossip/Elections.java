package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.SlotSet;

import java.util.HashSet;
import java.util.Set;

/**
 * How this replica takes the place of its failed primary: the candidate's side of elections (cluster bus facts, section 11.1).
 *
 * <p>A candidacy belongs to one primary and ends with it: a replica that changed its primary or its role starts over, and votes are
 * kept by voter and epoch, so none counts twice or late.
 *
 * <p>With prompt elections ({@link GossipSettings.Policies#promptElections}) nobody waits half a second to a second for luck:
 * the replica with the greatest offset, and among equals the smallest id, asks as soon as the reachable siblings' offsets
 * are known. When several primaries failed, their successors ask one after the other in the order of the primaries' ids, each
 * as soon as those before are settled: two requests in one epoch would split the votes. Stock voters see a candidate whose
 * random delay was short.
 */
final class Elections {
    private static final long BASE_DELAY_MS = 500;
    private static final int RANDOM_DELAY_MS = 500;
    private static final long RANK_DELAY_MS = 1_000;
    private static final long MIN_ELECTION_MS = 2_000;

    /** How long the offsets of siblings are waited for. */
    private static final long OFFSETS_WAIT_MS = 500;
    /** Votes come within a round trip; after that long they do not come any more. Doubles with each attempt. */
    private static final long VOTES_WAIT_MS = 250;

    private static final int MOST_DOUBLINGS = 4;
    /** Voters this fresh in the knowledge of the failure may not have it yet, and are told. */
    private static final long FAIL_NEWS_MS = 1_000;

    private final NodeTable table;
    private final SlotTable slots;
    private final ManualFailover manual;
    private final FailoverMeans means;
    private final Pending pending;

    private Candidacy candidacy;
    /** Of the candidacy, its repetitions included. */
    private Turns turns;
    /** How old the data set is: since its primary was last heard on the replication link. */
    private long silenceMs;

    private String lastRefusal = "";

    private static final class Candidacy {
        final Node primary;
        final boolean manual;
        final int attempt;
        final long beganMs;
        /** When to ask for votes, unless promptly. */
        long askMs;

        int rank;
        boolean asked;
        long askedMs;
        long epoch;
        final Set<Node> voters = new HashSet<>();

        Candidacy(Node primary, boolean manual, int attempt, long beganMs) {
            this.primary = primary;
            this.manual = manual;
            this.attempt = attempt;
            this.beganMs = beganMs;
        }
    }

    Elections(
            NodeTable table,
            SlotTable slots,
            ManualFailover manual,
            FailoverMeans means,
            Pending pending) {
        this.table = table;
        this.slots = slots;
        this.manual = manual;
        this.means = means;
        this.pending = pending;
    }

    /** How long the primary has been silent on the replication link, ms. */
    void replicationSilence(long newSilenceMs) {
        silenceMs = newSilenceMs;
    }

    /** Goes on as far as it can: at each tick, and after each input that changed what an election depends on. */
    void step(long nowMs) {
        Node myself = table.myself();
        Node primary = myself.primary;
        boolean byHand = manual.mayElect();
        boolean wanted = myself.isReplica()
                && primary != null
                && primary.ownsSlots()
                && (byHand || primary.has(NodeFlags.FAIL));
        if (!wanted) {
            candidacy = null;
            lastRefusal = "";
            return;
        }
        if (!byHand && !mayStand()) {
            return;
        }
        boolean other =
                candidacy == null || candidacy.primary != primary || candidacy.manual != byHand;
        if (other) {
            turns = new Turns(table, primary);
            begin(nowMs, primary, byHand, 0);
        }
        advance(nowMs);
    }

    /** A voter's answer. */
    void heardVote(Node voter, Header header) {
        boolean counts = candidacy != null
                && candidacy.asked
                && voter.isPrimary()
                && voter.ownsSlots()
                && header.currentEpoch() == candidacy.epoch;
        if (counts) {
            candidacy.voters.add(voter);
            pending.agenda().considerElection();
        }
    }

    /** A sibling was heard of: the wait for its offset may be over. */
    void heardSibling() {
        if (candidacy != null && !candidacy.asked) {
            pending.agenda().considerElection();
        }
    }

    /** Becomes primary of its primary's slots without asking anybody (section 12, TAKEOVER). */
    void takeOver() {
        means.epochs().bump();
        win(table.myself().primary);
    }

    /** Whether the configuration and the age of the data allow this replica to stand for election. */
    private boolean mayStand() {
        if (means.settings().get().failover().noFailover()) {
            return false;
        }
        if (isDataTooOld()) {
            refuse("Disconnected from master for longer than allowed. Please check the"
                    + " 'cluster-replica-validity-factor' configuration option.");
            return false;
        }
        return true;
    }

    private boolean isDataTooOld() {
        GossipSettings.Failover rules = means.settings().get().failover();
        long timeoutMs = means.settings().nodeTimeoutMs();
        long ageMs = silenceMs > timeoutMs ? silenceMs - timeoutMs : silenceMs;
        return rules.validityFactor() != 0
                && ageMs > rules.replicaPingPeriodMs() + timeoutMs * rules.validityFactor();
    }

    private void refuse(String reason) {
        if (!reason.equals(lastRefusal)) {
            lastRefusal = reason;
            pending.outbox().notice(new FailoverNotice.CannotFailOver(reason));
        }
    }

    private boolean isPrompt() {
        return means.settings().get().policies().promptElections();
    }

    private void begin(long nowMs, Node primary, boolean byHand, int attempt) {
        candidacy = new Candidacy(primary, byHand, attempt, nowMs);
        candidacy.rank = byHand ? 0 : rank();
        long delayMs = 0;
        if (!byHand && !isPrompt()) {
            delayMs = BASE_DELAY_MS
                    + means.random().nextInt(RANDOM_DELAY_MS)
                    + candidacy.rank * RANK_DELAY_MS;
        }
        candidacy.askMs = nowMs + delayMs;
        pending.outbox()
                .notice(new FailoverNotice.ElectionScheduled(
                        delayMs, candidacy.rank, table.myself().replOffset));
        if (!byHand) {
            exchangeOffsets(nowMs, primary);
        }
    }

    /** The siblings get this replica's offset; an answer brings theirs. */
    private void exchangeOffsets(long nowMs, Node primary) {
        for (Node sibling : primary.replicas) {
            if (!sibling.isMyself() && sibling.connected()) {
                if (sibling.pingSentMs == 0) {
                    means.heartbeats().ping(nowMs, sibling);
                } else {
                    means.heartbeats().pong(sibling.outbound);
                }
            }
        }
    }

    private void advance(long nowMs) {
        if (candidacy.asked) {
            count(nowMs);
            return;
        }
        if (!candidacy.manual) {
            updateRank();
        }
        if (isTimeToAsk(nowMs)) {
            ask(nowMs);
        }
    }

    private void updateRank() {
        int rank = rank();
        if (rank != candidacy.rank) {
            candidacy.askMs += Math.max(0, rank - candidacy.rank) * RANK_DELAY_MS;
            candidacy.rank = rank;
            pending.outbox().notice(new FailoverNotice.RankChanged(rank));
        }
    }

    private boolean isTimeToAsk(long nowMs) {
        if (candidacy.manual || !isPrompt()) {
            return nowMs - candidacy.askMs >= 0;
        }
        long headStartMs = headStartMs();
        long readyMs = candidacy.beganMs + headStartMs;
        boolean turn = turns.hasCome(nowMs, readyMs, headStartMs);
        long waitedMs = nowMs - readyMs;
        boolean offsetsKnown = waitedMs >= OFFSETS_WAIT_MS || areOffsetsKnown(nowMs);
        return turn && offsetsKnown && waitedMs >= candidacy.rank * RANK_DELAY_MS;
    }

    /**
     * Where stock voters decide, a request that splits the votes costs two node timeouts. So it is made only when everybody has had
     * the time to hear of all failures and to find the same order, as long as a stock candidate gives them at least.
     */
    private long headStartMs() {
        return slotmeshHasMajority() ? 0 : BASE_DELAY_MS;
    }

    /** Whether each sibling that can be reached was heard of since the primary fell silent. */
    private boolean areOffsetsKnown(long nowMs) {
        long sinceMs = Math.min(candidacy.beganMs, nowMs - silenceMs);
        for (Node sibling : candidacy.primary.replicas) {
            if (isRival(sibling) && sibling.dataReceivedMs < sinceMs) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRival(Node sibling) {
        return !sibling.isMyself()
                && !sibling.has(NodeFlags.NOFAILOVER | NodeFlags.PFAIL | NodeFlags.FAIL);
    }

    /** Siblings that come first: by greater offset and, with prompt elections, by smaller id. */
    private int rank() {
        Node myself = table.myself();
        int rank = 0;
        for (Node sibling : myself.primary.replicas) {
            if (sibling.isMyself() || sibling.has(NodeFlags.NOFAILOVER)) {
                continue;
            }
            int further = Long.compareUnsigned(sibling.replOffset, myself.replOffset);
            boolean first = further > 0;
            if (isPrompt()) {
                boolean tie = further == 0 && sibling.id.compareTo(myself.id) < 0;
                first = isRival(sibling) && (first || tie);
            }
            rank += first ? 1 : 0;
        }
        return rank;
    }

    private void ask(long nowMs) {
        Node primary = candidacy.primary;
        candidacy.asked = true;
        candidacy.askedMs = nowMs;
        candidacy.epoch = means.epochs().next();
        pending.outbox().notice(new FailoverNotice.ElectionStarted(candidacy.epoch));
        boolean news = primary.has(NodeFlags.FAIL) && nowMs - primary.failedMs < FAIL_NEWS_MS;
        if (isPrompt() && news) {
            // Whoever is asked has to know of the failure first: the links keep the order.
            means.heartbeats().broadcastToVoters(header -> new BusMessage.Fail(header, primary.id));
        }
        int force = candidacy.manual ? MessageFlags.FORCEACK : 0;
        means.heartbeats()
                .broadcast(
                        header -> new BusMessage.AuthRequest(
                                header.withMessageFlags(header.messageFlags() | force)),
                        node -> isVoter(node) || isStockRival(node));
    }

    private static boolean isVoter(Node node) {
        return node.isPrimary() && node.ownsSlots();
    }

    /**
     * A stock candidate that has not heard of this epoch would ask in it as well, in vain, and wait for four node timeouts; stock
     * nodes send their requests to everybody.
     */
    private static boolean isStockRival(Node node) {
        return !node.isSlotmesh() && node.primary != null && node.primary.has(NodeFlags.FAIL);
    }

    private void count(long nowMs) {
        int needed = means.health().quorum();
        if (candidacy.voters.size() >= needed) {
            means.epochs().claim(candidacy.epoch);
            win(candidacy.primary);
            return;
        }
        if (nowMs - candidacy.askedMs >= patienceMs()) {
            pending.outbox()
                    .notice(new FailoverNotice.ElectionExpired(
                            candidacy.epoch, candidacy.voters.size(), needed));
            begin(nowMs, candidacy.primary, candidacy.manual, candidacy.attempt + 1);
        }
    }

    /**
     * How long after asking to begin again. A stock voter grants a primary's replicas one vote in two node timeouts, so where
     * the others have no majority there is no use in asking them sooner.
     */
    private long patienceMs() {
        long timeoutMs = means.settings().nodeTimeoutMs();
        long stockMs = 2 * Math.max(2 * timeoutMs, MIN_ELECTION_MS);
        if (!isPrompt()) {
            return stockMs;
        }
        if (!slotmeshHasMajority()) {
            return Math.max(2 * timeoutMs, MIN_ELECTION_MS) + BASE_DELAY_MS;
        }
        int doublings = Math.min(candidacy.attempt, MOST_DOUBLINGS);
        // The id spreads those that would otherwise meet again.
        long spread = Math.floorMod(table.myself().id.hashCode(), VOTES_WAIT_MS);
        return Math.min(stockMs, (VOTES_WAIT_MS + spread) << doublings);
    }

    private boolean slotmeshHasMajority() {
        int able = 0;
        for (Node node : table.all()) {
            able += isVoter(node)
                            && node.isSlotmesh()
                            && !node.has(NodeFlags.PFAIL | NodeFlags.FAIL)
                    ? 1
                    : 0;
        }
        return able >= means.health().quorum();
    }

    /** Section 11.3. */
    private void win(Node primary) {
        Node myself = table.myself();
        SlotSet inherited = primary.slots();
        means.roles().promoteMyself();
        for (int slot = inherited.nextSet(0); slot >= 0; slot = inherited.nextSet(slot + 1)) {
            slots.assign(slot, myself);
        }
        candidacy = null;
        pending.outbox().notice(new FailoverNotice.ElectionWon(myself.configEpoch));
        pending.agenda().saveDurably();
        pending.agenda().evaluateState();
        means.heartbeats().broadcastPong();
        manual.end();
    }
}
