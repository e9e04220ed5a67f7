package dev.slotmesh.gossip;

import java.util.ArrayList;
import java.util.List;

/**
 * Nodes learnt a moment ago, which the others probably do not know yet. Redis leaves their spreading to the luck of the
 * draw: a joining node can stay unknown to some for seconds. Here each of them goes first in the next few gossip sections, so
 * it reaches everybody in a number of rounds that grows with the logarithm of the cluster; to a stock peer
 * such a heartbeat is one with more entries than it would have drawn itself.
 */
final class News {
    /** Most news in one gossip section. */
    private static final int MAX_PER_SECTION = 24;
    /** How often each is told: a base, and more in a large table, as for any rumour that has to reach everybody. */
    private static final int BASE_TELLS = 4;

    private static final int TELLS_PER_DOUBLING = 3;
    /** After that the ordinary gossip will do, told or not. */
    private static final long LASTS_MS = 2_000;

    private final NodeTable table;
    /** Oldest first. */
    private final List<Node> untold = new ArrayList<>();

    News(NodeTable table) {
        this.table = table;
    }

    /** A node entered the table, or was found to be who it was said to be. */
    void announce(long nowMs, Node node) {
        int doublings = Integer.SIZE - Integer.numberOfLeadingZeros(table.size());
        if (node.acquaintance.tellsLeft > 0) {
            untold.remove(node);
        }
        untold.add(node);
        node.acquaintance.newsUntilMs = nowMs + LASTS_MS;
        node.acquaintance.tellsLeft = BASE_TELLS + TELLS_PER_DOUBLING * doublings;
    }

    void forget(Node node) {
        untold.remove(node);
    }

    void forgetAll() {
        untold.clear();
    }

    /** Whether there is something to tell; what became old is dropped. */
    boolean any(long nowMs) {
        while (!untold.isEmpty() && untold.get(0).acquaintance.newsUntilMs - nowMs <= 0) {
            untold.remove(0);
        }
        return !untold.isEmpty();
    }

    /** What to tell that node first, newest first; each counts as told once more. */
    List<Node> forReceiver(Node receiver) {
        if (untold.isEmpty()) {
            return List.of();
        }
        List<Node> chosen = new ArrayList<>();
        for (int i = untold.size() - 1; i >= 0 && chosen.size() < MAX_PER_SECTION; i--) {
            Node node = untold.get(i);
            if (node == receiver || !GossipSection.isTold(node)) {
                continue;
            }
            chosen.add(node);
            if (--node.acquaintance.tellsLeft <= 0) {
                untold.remove(i);
            }
        }
        return chosen;
    }
}
