package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * When it is the turn of a replica, when several primaries failed: two requests in one epoch would split the votes, so
 * successors ask in the order of the failed primaries' ids. The first one asks at once. Who has others before it gives each of
 * them some time, and all of it anew whenever somebody is done: everybody hears of that in the same moment, and those whose
 * time is over by then would all ask in it.
 *
 * <p>Waited for is who may ask already, as far as can be told from here. A stock successor knows no such order and has a random
 * delay; whose failure is younger than the head start is not ready. Who was ready when somebody behind it won has had its turn:
 * it does not hold up the others any more, and asks between their turns.
 */
final class Turns {
    /** What each that comes first is given. */
    private static final long TURN_MS = 100;
    /** How long nobody must have won for one that has had its turn: more than a round trip, less than a tick. */
    private static final long QUIET_MS = 20;

    private final NodeTable table;
    private final Node primary;
    /** Primaries that needed a successor at the last look, this replica's own among them. */
    private List<Node> failed = List.of();
    /** Those of them that have one who keeps the order. For lookup only. */
    private final Set<Node> orderly = new HashSet<>();
    /** Those whose turn is over. For lookup only. */
    private final Set<Node> passedOver = new HashSet<>();
    /** Those that come first. */
    private List<Node> before = List.of();

    private long changedMs;

    /** The turn of a successor of that primary. */
    Turns(NodeTable table, Node primary) {
        this.table = table;
        this.primary = primary;
    }

    /**
     * Whether it has come; to be asked at each step, ready or not.
     *
     * @param readyMs since when this replica could ask, or from when on it can
     * @param headStartMs what passes from a failure until the first successor may ask
     */
    boolean hasCome(long nowMs, long readyMs, long headStartMs) {
        noteWinners(nowMs, headStartMs);
        look();
        List<Node> first = first(nowMs, headStartMs);
        if (!first.equals(before)) {
            before = first;
            changedMs = nowMs;
        }
        long waitMs = before.size() * TURN_MS + (passedOver.contains(primary) ? QUIET_MS : 0);
        return nowMs - readyMs >= 0 && nowMs - Math.max(changedMs, readyMs) >= waitMs;
    }

    /** Whoever needs a successor no more has got one. */
    private void noteWinners(long nowMs, long headStartMs) {
        Node last = null;
        for (Node node : failed) {
            if (needsSuccessor(node)) {
                continue;
            }
            changedMs = nowMs;
            if (orderly.contains(node) && (last == null || comesBefore(last, node))) {
                last = node;
            }
        }
        for (Node node : failed) {
            if (last != null && comesBefore(node, last) && isReady(nowMs, node, headStartMs)) {
                passedOver.add(node);
            }
        }
    }

    private void look() {
        failed = new ArrayList<>();
        orderly.clear();
        for (Node node : table.all()) {
            if (needsSuccessor(node)) {
                failed.add(node);
                if (hasOrderlySuccessor(node)) {
                    orderly.add(node);
                }
            }
        }
    }

    private List<Node> first(long nowMs, long headStartMs) {
        List<Node> found = new ArrayList<>();
        for (Node node : failed) {
            if (comesBefore(node, primary)
                    && orderly.contains(node)
                    && !passedOver.contains(node)
                    && isReady(nowMs, node, headStartMs)) {
                found.add(node);
            }
        }
        return found;
    }

    private static boolean needsSuccessor(Node node) {
        return node.has(NodeFlags.FAIL) && node.ownsSlots();
    }

    private static boolean comesBefore(Node one, Node other) {
        return one.id.compareTo(other.id) < 0;
    }

    private static boolean isReady(long nowMs, Node failed, long headStartMs) {
        return nowMs - failed.failedMs >= headStartMs;
    }

    private static boolean hasOrderlySuccessor(Node primary) {
        for (Node replica : primary.replicas) {
            boolean stock = replica.dataReceivedMs != 0 && !replica.isSlotmesh();
            if (!stock && !replica.has(NodeFlags.NOFAILOVER | NodeFlags.PFAIL | NodeFlags.FAIL)) {
                return true;
            }
        }
        return false;
    }
}
