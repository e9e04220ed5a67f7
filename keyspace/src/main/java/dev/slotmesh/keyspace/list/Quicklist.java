package dev.slotmesh.keyspace.list;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;

/**
 * A list of strings: a chain of {@link QuicklistNode nodes}, each a listpack of some kilobytes. A list is known by the
 * address of its root block, which stays where it is.
 *
 * <pre>
 *   0 first node (long)      8 last node (long)     16 elements (long)
 *  24 nodes (int)           28 node size: {@code list-max-listpack-size} when the list was made (int)
 *  32 nodes at either end that are not compressed, 0: none is (int)
 *  36 {@link InnerPacking}: depth (byte)   37 elements of a node, at least (byte)   38 chances still to let pass (byte)
 *  39 how many were after the last failure; the high bit: a node may be packed (byte)
 * </pre>
 *
 * <p>Pushing and popping at the ends takes constant time; {@link ListCursor} reads and {@link QuicklistEdits} changes the
 * rest. A list that becomes empty stays; whoever took the last element deletes the key. Values handed in must not lie in the
 * list that is changed. All blocks are of one stripe. The slot's lock is needed for everything, reads included.
 */
public final class Quicklist {
    /** From so many bytes on an element gets a node of its own outside any listpack, unless DEBUG changed it. */
    public static final int PLAIN_FROM = 1 << 30;

    static final int BYTES = 40;

    private static final int FIRST = 0;
    private static final int LAST = FIRST + 8;
    private static final int ELEMENTS = LAST + 8;
    private static final int NODES = ELEMENTS + 8;
    private static final int NODE_SIZE = NODES + 4;
    private static final int COMPRESS_DEPTH = NODE_SIZE + 4;
    private static final int INNER_DEPTH = COMPRESS_DEPTH + 4;
    private static final int INNER_LEAST = INNER_DEPTH + 1;
    private static final int INNER_WAITS = INNER_LEAST + 1;
    private static final int INNER_STATE = INNER_WAITS + 1;
    private static final int HAS_PACKED = 0x80;

    private static final int SMALLEST_NODE_LIMIT = 4096;
    private static final int NODE_LIMIT_OF_COUNTS = 8192;
    private static final int LARGEST_NODE_LIMIT_STEP = 5;

    private Quicklist() {}

    /**
     * A list without elements.
     *
     * @param nodeSize elements of a node, or -1 to -5: 4, 8, 16, 32 or 64 KiB, as {@code list-max-listpack-size}; other
     *     numbers count as the nearest of these
     * @param compressDepth nodes at either end that are not compressed, 0 (or less): none is
     */
    public static long create(ArenaStripe stripe, int nodeSize, int compressDepth) {
        return create(
                stripe, nodeSize, compressDepth, InnerPacking.DEPTH, InnerPacking.LEAST_ELEMENTS);
    }

    /** The same with other limits of {@link InnerPacking}, both at most 255; depth 0: nothing is packed. */
    static long create(
            ArenaStripe stripe, int nodeSize, int compressDepth, int innerDepth, int innerLeast) {
        long list = stripe.allocate(BYTES);
        NativeMemory.zero(list, BYTES);
        NativeMemory.writeInt(list + NODE_SIZE, nodeSize);
        NativeMemory.writeInt(list + COMPRESS_DEPTH, Math.max(0, compressDepth));
        NativeMemory.writeByte(list + INNER_DEPTH, (byte) innerDepth);
        NativeMemory.writeByte(list + INNER_LEAST, (byte) innerLeast);
        return list;
    }

    /** An empty list with the limits of another one. */
    static long createAs(ArenaStripe stripe, long other) {
        long list = stripe.allocate(BYTES);
        NativeMemory.zero(list, BYTES);
        NativeMemory.copy(other + NODE_SIZE, list + NODE_SIZE, BYTES - NODE_SIZE);
        return list;
    }

    /** How many elements there are. */
    public static long size(long list) {
        return NativeMemory.readLong(list + ELEMENTS);
    }

    /** How many nodes there are. */
    public static int nodeCount(long list) {
        return NativeMemory.readInt(list + NODES);
    }

    /** Whether the list was made with a {@code list-compress-depth}; else nobody is told of compressed nodes. */
    public static boolean showsCompression(long list) {
        return compressDepth(list) > 0;
    }

    /** The first node, 0 when the list is empty. */
    public static long firstNode(long list) {
        return NativeMemory.readLong(list + FIRST);
    }

    /** The last node, 0 when the list is empty. */
    public static long lastNode(long list) {
        return NativeMemory.readLong(list + LAST);
    }

    /**
     * Adds an element at an end.
     *
     * @param plainFrom from so many bytes on it becomes a plain node: {@link #PLAIN_FROM}
     */
    public static void push(
            ArenaStripe stripe, long list, boolean first, ByteSpan value, int plainFrom) {
        int length = value.length();
        if (length >= plainFrom) {
            long node = newPlain(stripe, value);
            link(list, first ? 0 : lastNode(list), node);
            addElements(list, 1);
            NodeCompression.settleEnd(stripe, list, first);
        } else if (DecimalLong.isLong(value.address(), length)) {
            push(stripe, list, first, DecimalLong.parse(value.address(), length));
        } else {
            long entry = reserve(stripe, list, first, ListpackEntry.sizeOfString(length));
            ListpackEntry.writeString(value.address(), length, entry);
        }
    }

    /** Adds an integer at an end. */
    public static void push(ArenaStripe stripe, long list, boolean first, long value) {
        long entry = reserve(stripe, list, first, ListpackEntry.sizeOf(value));
        ListpackEntry.write(value, entry);
    }

    /** Whether the first or last element is stored as an integer. The list is not empty. */
    public static boolean isInteger(long list, boolean first) {
        long node = end(list, first);
        return !QuicklistNode.isPlain(node) && ListpackEntry.isInteger(entry(node, first));
    }

    /** The first or last element, of which {@link #isInteger} is true. */
    public static long integer(long list, boolean first) {
        return ListpackEntry.integer(entry(end(list, first), first));
    }

    /** Points {@code into} at the first or last element, of which {@link #isInteger} is false. */
    public static ByteSpan string(long list, boolean first, ByteSpan into) {
        long node = end(list, first);
        return QuicklistNode.isPlain(node)
                ? QuicklistNode.content(node, into)
                : ListpackEntry.string(entry(node, first), into);
    }

    /** Takes the first or last element away. The list is not empty. */
    public static void pop(ArenaStripe stripe, long list, boolean first) {
        long node = end(list, first);
        if (QuicklistNode.elements(node) == 1) {
            unlink(stripe, list, node);
            NodeCompression.settleEnd(stripe, list, first);
        } else {
            long listpack = QuicklistNode.listpack(node);
            if (first) {
                int bytes = ListpackEntry.size(listpack + Listpack.HEADER_BYTES);
                QuicklistNode.dropFirst(node, bytes, 1);
            } else {
                int bytes = ListpackEntry.sizeBefore(listpack + Listpack.end(listpack));
                QuicklistNode.dropLast(node, bytes, 1);
            }
            NodeRoom.shrink(stripe, list, node);
        }
        addElements(list, -1);
    }

    /** Takes {@code count} elements away from an end, or all there are. */
    public static void drop(ArenaStripe stripe, long list, boolean first, long count) {
        long left = Math.min(count, size(list));
        addElements(list, -left);
        while (left > 0) {
            long node = end(list, first);
            int elements = QuicklistNode.elements(node);
            if (elements <= left) {
                unlink(stripe, list, node);
                left -= elements;
                continue;
            }
            dropSome(stripe, list, first, (int) left);
            left = 0;
        }
        NodeCompression.settleEnd(stripe, list, first);
    }

    private static void dropSome(ArenaStripe stripe, long list, boolean first, int count) {
        long node = NodeCompression.expand(stripe, list, end(list, first));
        long listpack = QuicklistNode.listpack(node);
        long from = first ? listpack + Listpack.HEADER_BYTES : listpack + Listpack.end(listpack);
        long at = from;
        for (int i = 0; i < count; i++) {
            at += first ? ListpackEntry.size(at) : -ListpackEntry.sizeBefore(at);
        }
        if (first) {
            QuicklistNode.dropFirst(node, (int) (at - from), count);
        } else {
            QuicklistNode.dropLast(node, (int) (from - at), count);
        }
        NodeRoom.shrink(stripe, list, node);
    }

    /** Adds all elements of a listpack, which {@link Listpack#isValid} found good, at the end: as a node if it may be one. */
    public static void append(ArenaStripe stripe, long list, ByteSpan listpack) {
        long from = listpack.address();
        int total = Listpack.totalBytes(from);
        int elements = Listpack.count(from);
        if (total > mostNodeBytes(list) || elements > mostNodeElements(list)) {
            for (int at = Listpack.first(from); at != Listpack.NONE; at = Listpack.next(from, at)) {
                appendEntry(stripe, list, from + at);
            }
            return;
        }
        if (elements == 0) {
            return;
        }
        long node = QuicklistNode.create(
                stripe, (long) QuicklistNode.HEADER_BYTES + total, QuicklistNode.PACKED);
        NativeMemory.copy(from, QuicklistNode.listpack(node), total);
        QuicklistNode.measure(node, elements);
        link(list, lastNode(list), node);
        addElements(list, elements);
        NodeCompression.settleEnd(stripe, list, false);
    }

    /** Adds an element at the end that is to be a plain node. */
    public static void appendPlain(ArenaStripe stripe, long list, ByteSpan value) {
        push(stripe, list, false, value, 0);
    }

    private static void appendEntry(ArenaStripe stripe, long list, long entry) {
        if (ListpackEntry.isInteger(entry)) {
            push(stripe, list, false, ListpackEntry.integer(entry));
        } else {
            push(stripe, list, false, ListpackEntry.string(entry, new ByteSpan()), PLAIN_FROM);
        }
    }

    /** Opens a gap for a new element at an end, counted already. Returns where to write it. */
    private static long reserve(ArenaStripe stripe, long list, boolean first, int bytes) {
        long node = end(list, first);
        if (node == 0 || !NodeRoom.accepts(list, node, bytes)) {
            node = addNode(stripe, list, first, bytes);
        } else if ((first ? QuicklistNode.roomBefore(node) : QuicklistNode.roomAfter(node))
                < bytes) {
            node = NodeRoom.makeRoom(stripe, list, node, first, bytes);
        }
        addElements(list, 1);
        return first ? QuicklistNode.openFirst(node, bytes) : QuicklistNode.openLast(node, bytes);
    }

    private static long addNode(ArenaStripe stripe, long list, boolean first, int bytes) {
        long before = end(list, first);
        long node = NodeRoom.newPacked(stripe, bytes, NodeRoom.leastBytes(list, nodeCount(list)));
        QuicklistNode.start(
                node,
                first
                        ? QuicklistNode.block(node) - Listpack.EMPTY_BYTES
                        : QuicklistNode.HEADER_BYTES);
        Listpack.initialise(QuicklistNode.listpack(node));
        link(list, first ? 0 : before, node);
        if (before != 0 && nodeCount(list) > 2) {
            NodeRoom.trim(stripe, list, before);
        }
        NodeCompression.settleEnd(stripe, list, first);
        return node;
    }

    static long newPlain(ArenaStripe stripe, ByteSpan value) {
        long node = QuicklistNode.create(
                stripe, (long) QuicklistNode.HEADER_BYTES + value.length(), QuicklistNode.PLAIN);
        QuicklistNode.measure(node, value.length());
        value.copyTo(node + QuicklistNode.HEADER_BYTES);
        return node;
    }

    static long end(long list, boolean first) {
        return NativeMemory.readLong(list + (first ? FIRST : LAST));
    }

    /** The first or last element of a packed node. */
    private static long entry(long node, boolean first) {
        long listpack = QuicklistNode.listpack(node);
        return listpack + (first ? Listpack.HEADER_BYTES : Listpack.last(listpack));
    }

    /** Most bytes of a node that holds more than one element, its header included: the size of a block. */
    static int mostNodeBytes(long list) {
        int size = nodeSize(list);
        return size >= 0
                ? NODE_LIMIT_OF_COUNTS
                : SMALLEST_NODE_LIMIT << Math.min(-size, LARGEST_NODE_LIMIT_STEP) - 1;
    }

    static int mostNodeElements(long list) {
        int size = nodeSize(list);
        return size < 0 ? Integer.MAX_VALUE : Math.max(1, size);
    }

    static int nodeSize(long list) {
        return NativeMemory.readInt(list + NODE_SIZE);
    }

    static int compressDepth(long list) {
        return NativeMemory.readInt(list + COMPRESS_DEPTH);
    }

    static int innerDepth(long list) {
        return NativeMemory.readByte(list + INNER_DEPTH) & 0xFF;
    }

    static int innerLeast(long list) {
        return NativeMemory.readByte(list + INNER_LEAST) & 0xFF;
    }

    /** How many chances to pack a node are still to be let pass. */
    static int innerWaits(long list) {
        return NativeMemory.readByte(list + INNER_WAITS);
    }

    static void innerWaits(long list, int waits) {
        NativeMemory.writeByte(list + INNER_WAITS, (byte) waits);
    }

    /** How many chances were let pass after the last failure, 0 when none came after the last success. */
    static int innerLastWait(long list) {
        return NativeMemory.readByte(list + INNER_STATE) & HAS_PACKED - 1;
    }

    /** Lets so many chances pass, after a failure. */
    static void innerWait(long list, int wait) {
        innerWaits(list, wait);
        int packed = NativeMemory.readByte(list + INNER_STATE) & HAS_PACKED;
        NativeMemory.writeByte(list + INNER_STATE, (byte) (packed | wait));
    }

    /** Whether an inner node was ever packed. */
    static boolean hasPacked(long list) {
        return (NativeMemory.readByte(list + INNER_STATE) & HAS_PACKED) != 0;
    }

    /** Notes that an inner node was packed. */
    static void packed(long list) {
        NativeMemory.writeByte(list + INNER_STATE, (byte) HAS_PACKED);
    }

    static void addElements(long list, long count) {
        NativeMemory.writeLong(list + ELEMENTS, size(list) + count);
    }

    /** Puts a node after another one, or before all with 0. */
    static void link(long list, long after, long node) {
        long next = after == 0 ? firstNode(list) : QuicklistNode.next(after);
        QuicklistNode.previous(node, after);
        QuicklistNode.next(node, next);
        point(list, after, next, node);
        NativeMemory.writeInt(list + NODES, nodeCount(list) + 1);
    }

    /** Takes a node out and frees it; its elements are not counted off. */
    static void unlink(ArenaStripe stripe, long list, long node) {
        long previous = QuicklistNode.previous(node);
        long next = QuicklistNode.next(node);
        if (previous == 0) {
            NativeMemory.writeLong(list + FIRST, next);
        } else {
            QuicklistNode.next(previous, next);
        }
        if (next == 0) {
            NativeMemory.writeLong(list + LAST, previous);
        } else {
            QuicklistNode.previous(next, previous);
        }
        NativeMemory.writeInt(list + NODES, nodeCount(list) - 1);
        QuicklistNode.free(stripe, node);
    }

    /** Puts a node in the place of another one, which is freed. Returns the new one. */
    static long replace(ArenaStripe stripe, long list, long old, long node) {
        long previous = QuicklistNode.previous(old);
        long next = QuicklistNode.next(old);
        QuicklistNode.previous(node, previous);
        QuicklistNode.next(node, next);
        point(list, previous, next, node);
        QuicklistNode.free(stripe, old);
        return node;
    }

    /** Takes the first node off the chain and frees it, nothing else: for lists that are being freed. */
    static void freeFirst(ArenaStripe stripe, long list) {
        long node = firstNode(list);
        NativeMemory.writeLong(list + FIRST, QuicklistNode.next(node));
        NativeMemory.writeInt(list + NODES, nodeCount(list) - 1);
        QuicklistNode.free(stripe, node);
    }

    private static void point(long list, long previous, long next, long node) {
        if (previous == 0) {
            NativeMemory.writeLong(list + FIRST, node);
        } else {
            QuicklistNode.next(previous, node);
        }
        if (next == 0) {
            NativeMemory.writeLong(list + LAST, node);
        } else {
            QuicklistNode.previous(next, node);
        }
    }
}
