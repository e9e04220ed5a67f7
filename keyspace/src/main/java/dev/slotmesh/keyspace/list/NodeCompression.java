package dev.slotmesh.keyspace.list;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.Lzf;

/**
 * Compresses and decompresses nodes. In lists that were made with a {@code list-compress-depth}, so many nodes at either end
 * are never compressed; for all others {@link InnerPacking} decides. Pushing and popping never meet a compressed node.
 */
final class NodeCompression {
    /** Listpacks of fewer bytes are left as they are. */
    private static final int SMALLEST = 48;

    /** At least so many bytes must be saved. */
    private static final int LEAST_SAVED = 8;

    private NodeCompression() {}

    /**
     * After nodes came or went, or an end moved: no node near an end is compressed, and the first ones beyond are.
     * Constant time in the length of the list.
     */
    static void settleEnds(ArenaStripe stripe, long list) {
        settleEnd(stripe, list, true);
        if (Quicklist.compressDepth(list) == 0) {
            settleEnd(stripe, list, false);
        }
    }

    /** As {@link #settleEnds}, after all that came or went did so at one end. */
    static void settleEnd(ArenaStripe stripe, long list, boolean first) {
        int depth = Quicklist.compressDepth(list);
        if (depth == 0) {
            InnerPacking.settleEnd(stripe, list, first);
        } else {
            settleEnd(stripe, list, depth, true);
            settleEnd(stripe, list, depth, false);
        }
    }

    private static void settleEnd(ArenaStripe stripe, long list, int depth, boolean first) {
        long node = Quicklist.end(list, first);
        for (int i = 0; i < depth && node != 0; i++) {
            node = expand(stripe, list, node);
            node = first ? QuicklistNode.next(node) : QuicklistNode.previous(node);
        }
        if (node != 0 && Quicklist.nodeCount(list) > 2L * depth) {
            compress(stripe, list, node, LEAST_SAVED);
        }
    }

    /** Compresses a node again that was changed, if its place asks for it. Returns the node. */
    static long settle(ArenaStripe stripe, long list, long node) {
        int depth = Quicklist.compressDepth(list);
        if (depth == 0) {
            return InnerPacking.settle(stripe, list, node);
        }
        if (Quicklist.nodeCount(list) <= 2L * depth) {
            return node;
        }
        long fromFirst = Quicklist.firstNode(list);
        long fromLast = Quicklist.lastNode(list);
        for (int i = 0; i < depth; i++) {
            if (node == fromFirst || node == fromLast) {
                return node;
            }
            fromFirst = QuicklistNode.next(fromFirst);
            fromLast = QuicklistNode.previous(fromLast);
        }
        return compress(stripe, list, node, LEAST_SAVED);
    }

    /** As {@link #settle} for a node and both its neighbours. */
    static void settleAround(ArenaStripe stripe, long list, long node) {
        long settled = settle(stripe, list, node);
        long next = QuicklistNode.next(settled);
        long previous = QuicklistNode.previous(settled);
        if (next != 0) {
            settle(stripe, list, next);
        }
        if (previous != 0) {
            settle(stripe, list, previous);
        }
    }

    /** Makes a node packed that may be compressed. Returns the node. */
    static long expand(ArenaStripe stripe, long list, long node) {
        if (!QuicklistNode.isCompressed(node)) {
            return node;
        }
        int bytes = QuicklistNode.contentBytes(node);
        long expanded = QuicklistNode.create(
                stripe, (long) QuicklistNode.HEADER_BYTES + bytes, QuicklistNode.PACKED);
        QuicklistNode.measure(expanded, QuicklistNode.elements(node));
        decompress(node, QuicklistNode.listpack(expanded));
        return Quicklist.replace(stripe, list, node, expanded);
    }

    /** A copy of a compressed node's listpack in a block of its own. */
    static long decompressed(ArenaStripe stripe, long node) {
        long listpack = stripe.allocate(QuicklistNode.contentBytes(node));
        decompress(node, listpack);
        return listpack;
    }

    /** Writes a compressed node's listpack, of {@link QuicklistNode#contentBytes} bytes. */
    static void decompress(long node, long to) {
        long head = node + QuicklistNode.start(node);
        int bytes = NativeMemory.readInt(head);
        int packed = NativeMemory.readInt(head + 4);
        if (!Lzf.decompress(head + QuicklistNode.COMPRESSED_HEAD, packed, to, bytes)) {
            throw new IllegalStateException("a compressed node was written to");
        }
    }

    /** Compresses a packed node if that saves so many bytes. Returns the node. */
    static long compress(ArenaStripe stripe, long list, long node, int leastSaved) {
        if (!QuicklistNode.isPacked(node)) {
            return node;
        }
        long listpack = QuicklistNode.listpack(node);
        int bytes = Listpack.totalBytes(listpack);
        if (bytes < SMALLEST) {
            return node;
        }
        long table = stripe.allocate(Lzf.TABLE_BYTES);
        long target = stripe.allocate(bytes);
        int packed = Lzf.compress(listpack, bytes, target, bytes - leastSaved, table);
        stripe.free(table, Lzf.TABLE_BYTES);
        long settled = node;
        if (packed > 0) {
            settled = newCompressed(stripe, bytes, target, packed);
            QuicklistNode.measure(settled, QuicklistNode.elements(node));
            Quicklist.replace(stripe, list, node, settled);
        }
        stripe.free(target, bytes);
        return settled;
    }

    private static long newCompressed(ArenaStripe stripe, int bytes, long from, int packed) {
        long node = QuicklistNode.create(
                stripe,
                (long) QuicklistNode.HEADER_BYTES + QuicklistNode.COMPRESSED_HEAD + packed,
                QuicklistNode.COMPRESSED);
        long head = node + QuicklistNode.start(node);
        NativeMemory.writeInt(head, bytes);
        NativeMemory.writeInt(head + 4, packed);
        NativeMemory.copy(from, head + QuicklistNode.COMPRESSED_HEAD, packed);
        return node;
    }
}
