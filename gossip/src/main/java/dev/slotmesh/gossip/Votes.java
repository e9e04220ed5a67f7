package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.SlotSet;

/** For whom this primary votes: the voter's side of elections (cluster bus facts, section 11.2). */
final class Votes {
    private static final int TIMEOUTS_BETWEEN_VOTES = 2;

    private final NodeTable table;
    private final SlotTable slots;
    private final FailoverMeans means;
    private final Pending pending;

    Votes(NodeTable table, SlotTable slots, FailoverMeans means, Pending pending) {
        this.table = table;
        this.slots = slots;
        this.means = means;
        this.pending = pending;
    }

    /** A replica asks for this node's vote. The vote is durable before the answer leaves. */
    void asked(long nowMs, Node candidate, Header request) {
        Node myself = table.myself();
        if (!myself.isPrimary() || !myself.ownsSlots()) {
            return;
        }
        String denial = denial(nowMs, candidate, request);
        if (denial != null) {
            pending.outbox().notice(new FailoverNotice.VoteDenied(candidate.id, denial));
            return;
        }
        means.epochs().vote();
        candidate.primary.votedMs = nowMs;
        candidate.primary.votedFor = candidate.id;
        pending.outbox()
                .notice(new FailoverNotice.VoteGranted(
                        candidate.id, means.epochs().currentEpoch()));
        means.heartbeats().tell(candidate, BusMessage.AuthAck::new);
    }

    /** Why not, in Redis's words, or null. */
    private String denial(long nowMs, Node candidate, Header request) {
        long epoch = means.epochs().currentEpoch();
        if (Long.compareUnsigned(request.currentEpoch(), epoch) < 0) {
            return "reqEpoch (" + Long.toUnsignedString(request.currentEpoch()) + ") < curEpoch("
                    + Long.toUnsignedString(epoch) + ")";
        }
        if (means.epochs().lastVoteEpoch() == epoch) {
            return "already voted for epoch " + Long.toUnsignedString(epoch);
        }
        if (!candidate.isReplica()) {
            return "it is a master node";
        }
        Node primary = candidate.primary;
        if (primary == null) {
            return "I don't know its master";
        }
        boolean forced = MessageFlags.has(request.messageFlags(), MessageFlags.FORCEACK);
        if (!primary.has(NodeFlags.FAIL) && !forced) {
            return "its master is up";
        }
        long spacingMs = TIMEOUTS_BETWEEN_VOTES * means.settings().nodeTimeoutMs();
        long agoMs = nowMs - primary.votedMs;
        if (primary.votedFor != null && agoMs < spacingMs && !isAskedAgain(candidate, primary)) {
            return "can't vote about this master before " + (spacingMs - agoMs) + " milliseconds";
        }
        return olderClaim(request);
    }

    /**
     * The spacing of votes gives a winner time to tell. Who asks again in a newer epoch has not won, so with prompt elections
     * it is not made to wait.
     */
    private boolean isAskedAgain(Node candidate, Node primary) {
        return means.settings().get().policies().promptElections()
                && candidate.id.equals(primary.votedFor);
    }

    /** The candidate must know the newest claims to the slots it wants. */
    private String olderClaim(Header request) {
        SlotSet claimed = request.slots();
        for (int slot = claimed.nextSet(0); slot >= 0; slot = claimed.nextSet(slot + 1)) {
            Node owner = slots.owner(slot);
            boolean newer = !slots.isUnclaimed(slot)
                    && Long.compareUnsigned(owner.configEpoch, request.configEpoch()) > 0;
            if (newer) {
                return "slot " + slot + " epoch (" + Long.toUnsignedString(owner.configEpoch)
                        + ") > reqEpoch (" + Long.toUnsignedString(request.configEpoch()) + ")";
            }
        }
        return null;
    }
}
