package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds out early whether this node can still reach a majority of the primaries with slots. Of few primaries each is asked all
 * the time and the rules of silence suffice. Of many, only some are asked in the time there is; when a third of the nodes that were asked leave
 * this one without an answer, or when nothing at all comes in any more, all primaries are asked at once, and those that do
 * not answer are counted ({@link ClusterHealth}).
 */
final class Census {
    /** Up to so many primaries with slots are each asked often enough. */
    static final int FEW_PRIMARIES = 8;

    private static final int LEAST_UNANSWERED = 3;
    private static final int MOST_REMEMBERED = 64;

    private final NodeTable table;
    private final ClusterHealth health;
    private final Patience patience;
    private final Heartbeats heartbeats;

    /** The last nodes asked in turn, oldest first. */
    private final Deque<Probe> probes = new ArrayDeque<>();

    private long heardMs;
    private long takenMs;

    private record Probe(Node node, long sentMs) {}

    Census(NodeTable table, ClusterHealth health, Patience patience, Heartbeats heartbeats) {
        this.table = table;
        this.health = health;
        this.patience = patience;
        this.heartbeats = heartbeats;
    }

    /** Somebody of the cluster was heard of. */
    void heard(long nowMs) {
        heardMs = nowMs;
    }

    /** A node was asked in its turn. */
    void probed(long nowMs, Node node) {
        probes.add(new Probe(node, nowMs));
        if (probes.size() > MOST_REMEMBERED) {
            probes.remove();
        }
    }

    /** This node did not run for a while. */
    void discount(long stalledMs) {
        heardMs += stalledMs;
        probes.clear();
    }

    /** Whether primaries with slots are so few that each asks each all the time, and this node is one. */
    boolean fewPrimaries() {
        return patience.isWanted()
                && table.myself().ownsSlots()
                && health.counted()
                && health.size() <= FEW_PRIMARIES;
    }

    /** Whether that node is one of the few, and was there in this node's life. */
    boolean watchesClosely(Node node) {
        return node.ownsSlots() && node.dataReceivedMs != 0 && fewPrimaries();
    }

    /** The tick's share: asks all primaries with slots when there is reason to. */
    void tick(long nowMs) {
        boolean pointless = health.size() <= FEW_PRIMARIES
                || !patience.isWanted()
                || !table.myself().ownsSlots()
                || nowMs - takenMs < patience.nodeTimeoutMs() / 2;
        if (pointless || !(isQuiet(nowMs) || manyAreSilent(nowMs))) {
            return;
        }
        takenMs = nowMs;
        for (Node node : table.all()) {
            boolean asked = node.ownsSlots()
                    && !node.has(NodeFlags.MYSELF | NodeFlags.HANDSHAKE | NodeFlags.NOADDR);
            if (asked) {
                heartbeats.ask(nowMs, node);
            }
        }
    }

    private boolean isQuiet(long nowMs) {
        return heardMs != 0 && nowMs - heardMs > patience.nodeTimeoutMs() * 3 / 20;
    }

    private boolean manyAreSilent(long nowMs) {
        long oldestMs = nowMs - patience.nodeTimeoutMs() * 7 / 20;
        while (!probes.isEmpty() && probes.peek().sentMs < oldestMs) {
            probes.remove();
        }
        int answered = 0;
        int silent = 0;
        for (Probe probe : probes) {
            if (nowMs - probe.sentMs <= patience.nodeTimeoutMs() / 10) {
                break;
            }
            boolean waiting =
                    probe.node.pingSentMs != 0 && probe.node.dataReceivedMs < probe.sentMs;
            silent += waiting ? 1 : 0;
            answered += waiting ? 0 : 1;
        }
        return silent >= LEAST_UNANSWERED && 2 * silent >= answered;
    }
}
