package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;

import java.util.ArrayList;
import java.util.List;

/**
 * Which nodes a tick looks at. In a small table all of them. In a large one, where nearly all are fine and need nothing, those
 * that need something (an answer is awaited, no connection, a handshake, an introduction), its replicas, and of the rest a share, so that
 * each has its turn once a second.
 */
final class Watch {
    private static final int SMALL_TABLE = 64;
    private static final int TICKS_PER_ROUND = 10;

    private final NodeTable table;
    /** Nodes that need something, in the order in which that began. May name some that left the table. */
    private final List<Node> urgent = new ArrayList<>();

    private final List<Node> due = new ArrayList<>();
    private int nextShare;
    private long round;

    Watch(NodeTable table) {
        this.table = table;
    }

    /** The node needs something from now on. */
    void add(Node node) {
        if (!node.watched) {
            node.watched = true;
            urgent.add(node);
        }
    }

    /**
     * The nodes for this tick, without this one itself; valid until the next call.
     *
     * @param allPrimaries whether primaries with slots are due each time
     */
    List<Node> due(boolean allPrimaries) {
        due.clear();
        round++;
        if (table.size() <= SMALL_TABLE) {
            for (Node node : table.all()) {
                visit(node);
            }
            urgent.forEach(node -> node.watched = false);
            urgent.clear();
            return due;
        }
        int first = nextShare * table.size() / TICKS_PER_ROUND;
        nextShare = (nextShare + 1) % TICKS_PER_ROUND;
        int end = nextShare == 0 ? table.size() : nextShare * table.size() / TICKS_PER_ROUND;
        for (int i = first; i < end; i++) {
            Node node = table.at(i);
            visit(node);
            if (needsSomething(node)) {
                add(node);
            }
        }
        table.myself().replicas.forEach(this::visit);
        if (allPrimaries) {
            table.all().stream().filter(Node::ownsSlots).forEach(this::visit);
        }
        urgent.removeIf(node -> {
            boolean stays = table.find(node.id) == node && needsSomething(node);
            node.watched = stays;
            if (stays) {
                visit(node);
            }
            return !stays;
        });
        return due;
    }

    private void visit(Node node) {
        if (node.visitedIn != round && !node.isMyself()) {
            node.visitedIn = round;
            due.add(node);
        }
    }

    private static boolean needsSomething(Node node) {
        return node.pingSentMs != 0
                || !node.connected()
                || node.has(NodeFlags.HANDSHAKE | NodeFlags.PFAIL | NodeFlags.FAIL)
                || node.acquaintance.pingDue
                || (node.acquaintance.fresh && !node.acquaintance.mutual);
    }
}
