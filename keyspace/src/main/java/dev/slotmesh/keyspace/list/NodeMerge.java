package dev.slotmesh.keyspace.list;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.packed.Listpack;

/** Joins neighbouring nodes that have become small, and takes one apart. */
final class NodeMerge {
    private NodeMerge() {}

    /** Joins a node with the one after it if both together leave a quarter of a node free. Returns the node. */
    static long withNext(ArenaStripe stripe, long list, long node) {
        long next = QuicklistNode.next(node);
        return next != 0 && mayJoin(list, node, next) ? join(stripe, list, node) : node;
    }

    /** Joins a node with the one before it if both together leave a quarter of a node free. Returns the node. */
    static long withPrevious(ArenaStripe stripe, long list, long node) {
        long previous = QuicklistNode.previous(node);
        return previous != 0 && mayJoin(list, previous, node) ? join(stripe, list, previous) : node;
    }

    /** Moves the elements from {@code position} on to a new node behind a packed one. Both keep at least one. */
    static void split(ArenaStripe stripe, long list, long node, int position) {
        long listpack = QuicklistNode.listpack(node);
        int elements = 0;
        for (int at = position; at != Listpack.NONE; at = Listpack.next(listpack, at)) {
            elements++;
        }
        int bytes = Listpack.end(listpack) - position;
        long right = NodeRoom.newPacked(stripe, bytes, 0);
        long target = QuicklistNode.listpack(right);
        NativeMemory.copy(listpack + position, target + Listpack.HEADER_BYTES, bytes + 1L);
        Listpack.header(target, Listpack.EMPTY_BYTES + bytes, elements);
        QuicklistNode.measure(right, elements);
        QuicklistNode.dropLast(node, bytes, elements);
        Quicklist.link(list, node, right);
    }

    private static boolean mayJoin(long list, long left, long right) {
        int most = Quicklist.mostNodeBytes(list);
        return isJoinable(list, left)
                && isJoinable(list, right)
                && QuicklistNode.usedBytes(left) + (long) QuicklistNode.usedBytes(right)
                        <= most - most / 4
                && QuicklistNode.elements(left) + (long) QuicklistNode.elements(right)
                        <= Quicklist.mostNodeElements(list);
    }

    /** Compressed nodes stay alone where everybody may see them. */
    private static boolean isJoinable(long list, long node) {
        return QuicklistNode.isPacked(node)
                || QuicklistNode.isCompressed(node) && !Quicklist.showsCompression(list);
    }

    private static long join(ArenaStripe stripe, long list, long compressedLeft) {
        long left = NodeCompression.expand(stripe, list, compressedLeft);
        long right = NodeCompression.expand(stripe, list, QuicklistNode.next(left));
        long first = QuicklistNode.listpack(left);
        long second = QuicklistNode.listpack(right);
        int firstBytes = Listpack.end(first) - Listpack.HEADER_BYTES;
        int secondBytes = Listpack.end(second) - Listpack.HEADER_BYTES;
        int elements = QuicklistNode.elements(left) + QuicklistNode.elements(right);
        long joined = NodeRoom.newPacked(stripe, firstBytes + secondBytes, 0);
        long target = QuicklistNode.listpack(joined);
        Listpack.header(target, Listpack.EMPTY_BYTES + firstBytes + secondBytes, elements);
        long at = target + Listpack.HEADER_BYTES;
        NativeMemory.copy(first + Listpack.HEADER_BYTES, at, firstBytes);
        NativeMemory.copy(second + Listpack.HEADER_BYTES, at + firstBytes, secondBytes + 1L);
        QuicklistNode.measure(joined, elements);
        Quicklist.unlink(stripe, list, right);
        return Quicklist.replace(stripe, list, left, joined);
    }
}
