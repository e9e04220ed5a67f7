package dev.slotmesh.keyspace.list;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.packed.Listpack;

/**
 * How much room the blocks of packed nodes have around their content, and where.
 *
 * <p>A node at an end of its list grows by a quarter at a time, with the room on the side it grows to; one that is no longer
 * at an end is cut down to its content.
 */
final class NodeRoom {
    /** Nodes of at most so many bytes are not worth shrinking. */
    private static final int SMALL_BLOCK = 256;

    private NodeRoom() {}

    /** Whether an element of so many bytes may join a node. */
    static boolean accepts(long list, long node, int bytes) {
        return QuicklistNode.isPacked(node)
                && (long) QuicklistNode.usedBytes(node) + bytes <= Quicklist.mostNodeBytes(list)
                && QuicklistNode.elements(node) < Quicklist.mostNodeElements(list);
    }

    /** A packed node for a first element of so many bytes, of at least {@code least} bytes; its content is not set up. */
    static long newPacked(ArenaStripe stripe, int bytes, int least) {
        long needed = (long) QuicklistNode.HEADER_BYTES + Listpack.EMPTY_BYTES + bytes;
        return QuicklistNode.create(stripe, Math.max(needed, least), QuicklistNode.PACKED);
    }

    /**
     * Makes room for {@code bytes} bytes more, which {@link #accepts} allowed, before or after the content.
     *
     * @return the node, which may be in another block
     */
    static long makeRoom(ArenaStripe stripe, long list, long node, boolean before, int bytes) {
        int block = QuicklistNode.block(node);
        int most = Quicklist.mostNodeBytes(list);
        int needed = QuicklistNode.usedBytes(node) + bytes;
        int free = block - QuicklistNode.usedBytes(node);
        if (free >= bytes && (free >= block / 8 || block >= most)) {
            boolean isBothEnds = Quicklist.nodeCount(list) == 1 && free / 2 >= bytes;
            int leave = isBothEnds && free >= block / 4 ? free / 2 : 0;
            int start = QuicklistNode.HEADER_BYTES + (before ? free - leave : leave);
            long listpack = QuicklistNode.listpack(node);
            NativeMemory.move(listpack, node + start, Listpack.totalBytes(listpack));
            QuicklistNode.start(node, start);
            return node;
        }
        long wanted = Math.max(needed, Math.min(most, needed + needed / 4));
        return resized(stripe, list, node, wanted, before);
    }

    /** Gives a node that popping has left mostly empty a smaller block. */
    static void shrink(ArenaStripe stripe, long list, long node) {
        int block = QuicklistNode.block(node);
        int used = QuicklistNode.usedBytes(node);
        if (block > SMALL_BLOCK && used < block / 4) {
            resized(stripe, list, node, used + used / 4, QuicklistNode.previous(node) == 0);
        }
    }

    /** Cuts a packed node down to its content, if that saves more than a little. Returns the node. */
    static long trim(ArenaStripe stripe, long list, long node) {
        if (!QuicklistNode.isPacked(node)) {
            return node;
        }
        int used = QuicklistNode.usedBytes(node);
        int block = QuicklistNode.block(node);
        return block - ArenaStripe.blockSize(used) > block / 16
                ? resized(stripe, list, node, used, false)
                : node;
    }

    private static long resized(
            ArenaStripe stripe, long list, long node, long wanted, boolean roomBefore) {
        long from = QuicklistNode.listpack(node);
        int total = Listpack.totalBytes(from);
        long resized = QuicklistNode.create(stripe, wanted, QuicklistNode.PACKED);
        QuicklistNode.measure(resized, QuicklistNode.elements(node));
        if (roomBefore) {
            QuicklistNode.start(resized, QuicklistNode.block(resized) - total);
        }
        NativeMemory.copy(from, QuicklistNode.listpack(resized), total);
        return Quicklist.replace(stripe, list, node, resized);
    }
}
