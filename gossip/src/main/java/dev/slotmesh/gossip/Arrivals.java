package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Slots this node has just claimed. Nobody reads or writes them here until a majority of the voters has shown that it knows: from then
 * on no replica of the source is elected for them, so that what is acknowledged here is not lost to one. It takes a round trip.
 *
 * <p>A voter knows when it has answered a PING that was sent after the claim: answers come back on the connection of the PING, in
 * order, and nothing else does.
 */
final class Arrivals {
    /** An election that began before the claim was heard of shows by then. */
    private static final long ELECTION_MS = 500;

    private final NodeTable table;
    private final SlotTable slots;
    private final Links links;
    private final FailoverMeans means;
    private final Pending pending;
    private final List<Arrival> arrivals = new ArrayList<>();

    /** The so many-th answer on that link answers it. */
    private record Question(Link link, long number, long askedMs) {
        boolean isAnswered() {
            return link.pongsHeard >= number;
        }
    }

    private static final class Arrival {
        final SlotSet slots;
        final NodeId source;
        final long claimedMs;
        /** Asked voters; for lookup only. */
        final Map<Node, Question> questions = new HashMap<>();

        Arrival(SlotSet slots, NodeId source, long claimedMs) {
            this.slots = slots.copy();
            this.source = source;
            this.claimedMs = claimedMs;
        }
    }

    Arrivals(NodeTable table, SlotTable slots, Links links, FailoverMeans means, Pending pending) {
        this.table = table;
        this.slots = slots;
        this.links = links;
        this.means = means;
        this.pending = pending;
    }

    /** The slots were claimed, and the claim is told after the present input. */
    void begin(long nowMs, SlotSet claimed, NodeId source) {
        Arrival arrival = new Arrival(claimed, source, nowMs);
        arrivals.add(arrival);
        ask(nowMs, arrival);
    }

    private void ask(long nowMs, Arrival arrival) {
        for (Node node : table.all()) {
            Question asked = arrival.questions.get(node);
            boolean open = asked == null || !asked.isAnswered();
            if (!open || !isOtherVoter(node) || !Heartbeats.isBroadcastTarget(node)) {
                continue;
            }
            if (asked == null || asked.link() != node.outbound) {
                means.heartbeats().pingAgain(nowMs, node);
                arrival.questions.put(
                        node, new Question(node.outbound, node.outbound.pingsSent, nowMs));
            } else if (nowMs - asked.askedMs() > means.settings().nodeTimeoutMs()) {
                // Its answers cannot be counted any more: some may be lost. On another connection
                // counting begins anew.
                links.drop(nowMs, node.outbound);
            }
        }
    }

    void tick(long nowMs) {
        for (Arrival arrival : arrivals) {
            ask(nowMs, arrival);
        }
    }

    /** At the end of each input. */
    void step(long nowMs) {
        if (!arrivals.isEmpty() && arrivals.removeIf(arrival -> isOver(nowMs, arrival))) {
            pending.agenda().publish();
        }
    }

    private boolean isOver(long nowMs, Arrival arrival) {
        Node myself = table.myself();
        SlotSet kept = arrival.slots;
        for (int slot = kept.nextSet(0); slot >= 0; slot = kept.nextSet(slot + 1)) {
            if (slots.owner(slot) != myself) {
                kept.clear(slot);
            }
        }
        Node source = table.find(arrival.source);
        boolean healthy = source != null && !source.has(NodeFlags.PFAIL | NodeFlags.FAIL);
        boolean waited = healthy || nowMs - arrival.claimedMs >= ELECTION_MS;
        return kept.isEmpty() || waited && isKnown(arrival);
    }

    private boolean isKnown(Arrival arrival) {
        int knowing = 1;
        for (Node node : table.all()) {
            Question asked = isOtherVoter(node) ? arrival.questions.get(node) : null;
            knowing += asked != null && asked.isAnswered() ? 1 : 0;
        }
        return knowing >= means.health().quorum();
    }

    private static boolean isOtherVoter(Node node) {
        return node.isPrimary() && node.ownsSlots() && !node.isMyself();
    }

    /** The slots that are this node's, and nobody may read or write yet. */
    void addTo(SlotSet withheld) {
        for (Arrival arrival : arrivals) {
            withheld.addAll(arrival.slots);
        }
    }

    boolean isEmpty() {
        return arrivals.isEmpty();
    }
}
