package dev.slotmesh.keyspace.list;

import dev.slotmesh.keyspace.memory.ArenaStripe;

/**
 * Keeps the inner nodes of long lists compressed although {@code list-compress-depth} is 0: a matter of storage that no
 * reply, no dump and no DEBUG field shows.
 *
 * <p>A node is compressed when it comes to lie {@code depth} nodes from both ends, and decompressed again when it comes
 * closer than half of that: between the two nothing happens, so a list whose end moves to and fro pays once. Only nodes of
 * many elements are compressed, for then the one compression is shared by many pushes. A node that does not shrink by an
 * eighth holds the list's next attempts back, longer with each failure, up to every sixteenth node; a success ends that.
 */
final class InnerPacking {
    /** Nodes at either end that are left alone. A list of at most twice as many has no packed node. */
    static final int DEPTH = 16;

    /** A node of fewer elements is left alone. */
    static final int LEAST_ELEMENTS = 128;

    private static final int LONGEST_WAIT = 16;
    /** One part in so many must be saved. */
    private static final int LEAST_SAVED_PART = 8;

    private InnerPacking() {}

    /** Whether inner nodes of the list may be compressed: not when the setting does, or nodes are small by setting. */
    static boolean isOn(long list) {
        return Quicklist.innerDepth(list) > 0
                && Quicklist.compressDepth(list) == 0
                && Quicklist.mostNodeElements(list) >= Quicklist.innerLeast(list);
    }

    /** After a node came to an end or left it. Looks at {@code depth} nodes, and changes one of them at most. */
    static void settleEnd(ArenaStripe stripe, long list, boolean first) {
        boolean mayPack = mayPack(list);
        if (!mayPack && !Quicklist.hasPacked(list)) {
            return;
        }
        int depth = Quicklist.innerDepth(list);
        long node = Quicklist.end(list, first);
        for (int i = 0; i < depth && node != 0; i++) {
            if (2 * i < depth) {
                node = NodeCompression.expand(stripe, list, node);
            }
            node = first ? QuicklistNode.next(node) : QuicklistNode.previous(node);
        }
        if (mayPack) {
            pack(stripe, list, node);
        }
    }

    /** Packs a node that was changed, or came to be, away from the ends. Returns the node. */
    static long settle(ArenaStripe stripe, long list, long node) {
        if (!isLarge(list, node) || !mayPack(list)) {
            return node;
        }
        long fromFirst = Quicklist.firstNode(list);
        long fromLast = Quicklist.lastNode(list);
        for (int i = Quicklist.innerDepth(list); i > 0; i--) {
            if (node == fromFirst || node == fromLast) {
                return node;
            }
            fromFirst = QuicklistNode.next(fromFirst);
            fromLast = QuicklistNode.previous(fromLast);
        }
        return pack(stripe, list, node);
    }

    /** Whether the list is long enough and its last failure long enough ago. Counts as a chance that was let pass if not. */
    private static boolean mayPack(long list) {
        if (Quicklist.nodeCount(list) <= 2 * Quicklist.innerDepth(list) || !isOn(list)) {
            return false;
        }
        int waits = Quicklist.innerWaits(list);
        if (waits > 0) {
            Quicklist.innerWaits(list, waits - 1);
        }
        return waits == 0;
    }

    private static long pack(ArenaStripe stripe, long list, long node) {
        if (QuicklistNode.isCompressed(node)) {
            return node;
        }
        long packed = node;
        if (isLarge(list, node)) {
            int bytes = QuicklistNode.contentBytes(node);
            packed = NodeCompression.compress(stripe, list, node, bytes / LEAST_SAVED_PART);
        }
        if (packed != node) {
            Quicklist.packed(list);
        } else {
            int wait = 2 * Quicklist.innerLastWait(list);
            Quicklist.innerWait(list, Math.max(1, Math.min(LONGEST_WAIT, wait)));
        }
        return packed;
    }

    private static boolean isLarge(long list, long node) {
        return QuicklistNode.isPacked(node)
                && QuicklistNode.elements(node) >= Quicklist.innerLeast(list);
    }
}
