package dev.slotmesh.keyspace.list;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.packed.Listpack;

/**
 * How much room the blocks of packed nodes have around their content, and where.
 *
 * <p>A node at an end of its list grows by a quarter at a time while it is small, then doubles, with the room on the side it
 * grows to; in a list of several nodes it is made as large as it may become. One that is no longer at an end is cut down to
 * its content.
 */
final class NodeRoom {
    /** Nodes of at most so many bytes are not worth shrinking. */
    private static final int SMALL_BLOCK = 256;

    /** Blocks of so many bytes double when they grow. */
    private static final int DOUBLED_FROM = 1024;

    /** In a list of so many nodes a new one is made in full size: by then it wastes little. */
    private static final int MANY_NODES = 4;

    private NodeRoom() {}

    /** Whether an element of so many bytes may join a node, which is decompressed first if nobody may see that it is not. */
    static boolean accepts(long list, long node, int bytes) {
        return (QuicklistNode.isPacked(node)
                        || QuicklistNode.isCompressed(node) && !Quicklist.showsCompression(list))
                && (long) QuicklistNode.usedBytes(node) + bytes <= Quicklist.mostNodeBytes(list)
                && QuicklistNode.elements(node) < Quicklist.mostNodeElements(list);
    }

    /** A packed node for a first element of so many bytes, of at least {@code least} bytes; its content is not set up. */
    static long newPacked(ArenaStripe stripe, int bytes, int least) {
        long needed = (long) QuicklistNode.HEADER_BYTES + Listpack.EMPTY_BYTES + bytes;
        return QuicklistNode.create(stripe, Math.max(needed, least), QuicklistNode.PACKED);
    }

    /** How many bytes a new node at an end has at least, beside {@code others} nodes. */
    static int leastBytes(long list, int others) {
        int most = Quicklist.mostNodeBytes(list);
        return others == 0 ? 0 : others < MANY_NODES ? most / 4 : most;
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
        int spare = needed < DOUBLED_FROM ? needed / 4 : needed;
        long wanted = Math.max(needed, Math.min(most, (long) needed + spare));
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
