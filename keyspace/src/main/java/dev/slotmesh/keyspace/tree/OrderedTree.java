package dev.slotmesh.keyspace.tree;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.table.Element;

/**
 * An ordered tree of elements in native memory: by score, and among equal scores by name as unsigned bytes. It finds the
 * rank of a key and the element of a rank in steps proportional to the logarithm of its size. See docs/memory-layout.md.
 *
 * <p>All state of a tree is in a head of {@link #HEAD_BYTES} bytes inside a block of its owner; its address is what {@code
 * tree} means below. Elements belong to a table: they must have names for as long as they are in the tree, and nobody
 * changes a score but by removing and inserting.
 *
 * <p>A <i>place</i> is an element found: good for reading and for steps in either direction until the next change.
 * A <i>rank</i> counts from 0. Everything needs the owner's lock, reads included.
 *
 * <pre>
 *  head  | root node 8, 0 while empty | size 8 | bytes of all nodes 8 | height 4 | unused 4 |
 *  place bits 0..47 leaf, 48..53 row
 * </pre>
 */
public final class OrderedTree {
    /** Bytes of a tree's head. */
    public static final int HEAD_BYTES = 32;

    private static final int ROOT = 0;
    private static final int SIZE = ROOT + 8;
    private static final int NODE_BYTES = SIZE + 8;
    private static final int HEIGHT = NODE_BYTES + 8;

    private static final int ROW_SHIFT = 48;
    private static final long LEAF = (1L << ROW_SHIFT) - 1;
    private static final long ONE_ROW = 1L << ROW_SHIFT;

    /** Most elements that {@link #removeRun} takes out. */
    static final int MOST_IN_A_RUN = TreeNode.MOST_ROWS;

    /** Instead of a length: before every name, behind every name. */
    static final int BEFORE_NAMES = -1;

    static final int BEHIND_NAMES = Integer.MAX_VALUE;

    private OrderedTree() {}

    /** Makes an empty tree of {@link #HEAD_BYTES} bytes. */
    public static void initialise(long tree) {
        NativeMemory.zero(tree, HEAD_BYTES);
    }

    /** How many elements there are. */
    public static long size(long tree) {
        return NativeMemory.readLong(tree + SIZE);
    }

    /** Bytes of all nodes; the head is not counted. */
    public static long nodeBytes(long tree) {
        return NativeMemory.readLong(tree + NODE_BYTES);
    }

    /** Adds an element that is not in the tree. */
    public static void insert(ArenaStripe stripe, long tree, double score, long element) {
        TreeGrowth.insert(stripe, tree, score, element);
    }

    /**
     * Takes an element out.
     *
     * @param score the one it was inserted with
     * @throws IllegalStateException when the search does not lead to it: our own mistake, and the tree is damaged
     */
    public static void remove(ArenaStripe stripe, long tree, double score, long element) {
        TreeShrinking.remove(stripe, tree, score, element);
    }

    /**
     * Takes out some elements in a row: those of one leaf at most. Their names are not read.
     *
     * @param rank of the first, 0 to size - 1
     * @param most how many at most, 1 or more; there are as many from {@code rank} on
     * @param removed gets their addresses: {@link #MOST_IN_A_RUN} long
     * @return how many were taken out, at least 1
     */
    static int removeRun(ArenaStripe stripe, long tree, long rank, long most, long[] removed) {
        return TreeShrinking.removeRun(stripe, tree, rank, most, removed);
    }

    /**
     * Frees up to about {@code nodes} nodes of a tree that is no longer used for anything else.
     *
     * @return how many were freed: fewer when the tree is empty now
     */
    public static int free(ArenaStripe stripe, long tree, int nodes) {
        return TreeShrinking.free(stripe, tree, nodes);
    }

    /** The rank of an element that is in the tree. */
    public static long rank(long tree, double score, long element) {
        return before(tree, score, Element.nameAddress(element), Element.nameLength(element), 0);
    }

    /** How many elements have a lower score, or with {@code orEqual} one that is not higher. */
    public static long countBelow(long tree, double score, boolean orEqual) {
        return before(tree, score, 0, orEqual ? BEHIND_NAMES : BEFORE_NAMES, 0);
    }

    /**
     * How many elements have a lower name, or with {@code orEqual} one that is not higher, in a tree whose scores are all
     * equal; in another the answer means nothing but is between 0 and the size.
     */
    public static long countBelow(long tree, ByteSpan name, boolean orEqual) {
        return before(tree, Double.NaN, name.address(), name.length(), orEqual ? 1 : 0);
    }

    /** The place of the element with a rank, 0 to size - 1. */
    public static long at(long tree, long rank) {
        long left = rank;
        long node = root(tree);
        for (int level = height(tree); level > 0; level--) {
            int row = TreeNode.rowOf(node, left);
            left -= TreeNode.sizeBefore(node, row);
            node = TreeNode.child(node, row);
        }
        return left << ROW_SHIFT | node;
    }

    /**
     * The place after or before a place.
     *
     * @param rank of the place that is asked for, 0 to size - 1: one more or less than that of {@code place}
     * @param step 1 or -1, the direction
     */
    public static long step(long tree, long place, long rank, int step) {
        int row = row(place) + step;
        return row < 0 || row >= TreeNode.count(leaf(place))
                ? at(tree, rank)
                : place + step * ONE_ROW;
    }

    /** The element at a place. */
    public static long element(long place) {
        return TreeNode.element(leaf(place), row(place));
    }

    /** The score of the element at a place. */
    public static double score(long place) {
        return TreeNode.score(leaf(place), row(place));
    }

    /**
     * Reads the elements from a place to the end of its leaf, {@code limit} at most, in one go, so that the waits for
     * memory overlap. The result means nothing.
     */
    public static long readAhead(long place, int limit) {
        long leaf = leaf(place);
        int end = Math.min(TreeNode.count(leaf), row(place) + limit);
        long sum = 0;
        for (int row = row(place); row < end; row++) {
            sum += NativeMemory.readLong(TreeNode.element(leaf, row));
        }
        return sum;
    }

    static long root(long tree) {
        return NativeMemory.readLong(tree + ROOT);
    }

    static void root(long tree, long node) {
        NativeMemory.writeLong(tree + ROOT, node);
    }

    static long rootCell(long tree) {
        return tree + ROOT;
    }

    /** Levels of inner nodes: 0 while the root is a leaf. */
    static int height(long tree) {
        return NativeMemory.readInt(tree + HEIGHT);
    }

    static void height(long tree, int levels) {
        NativeMemory.writeInt(tree + HEIGHT, levels);
    }

    static void addSize(long tree, long change) {
        NativeMemory.writeLong(tree + SIZE, size(tree) + change);
    }

    static long createNode(ArenaStripe stripe, long tree, int capacity, int columns) {
        NativeMemory.writeLong(
                tree + NODE_BYTES, nodeBytes(tree) + TreeNode.bytes(capacity, columns));
        return TreeNode.create(stripe, capacity, columns);
    }

    static void freeNode(ArenaStripe stripe, long tree, long node, int columns) {
        NativeMemory.writeLong(
                tree + NODE_BYTES, nodeBytes(tree) - TreeNode.bytesOf(node, columns));
        TreeNode.free(stripe, node, columns);
    }

    /** Moves a node, whose address is in the cell {@code link}, to a block of another capacity. Returns its address. */
    static long resize(ArenaStripe stripe, long tree, long link, int capacity, int columns) {
        long node = NativeMemory.readLong(link);
        long resized = createNode(stripe, tree, capacity, columns);
        TreeNode.appendRows(node, 0, TreeNode.count(node), resized, columns);
        NativeMemory.writeLong(link, resized);
        freeNode(stripe, tree, node, columns);
        return resized;
    }

    private static long before(
            long tree, double score, long nameAddress, int nameLength, int orAt) {
        long node = root(tree);
        if (node == 0) {
            return 0;
        }
        long before = 0;
        for (int level = height(tree); level > 0; level--) {
            // The elements below the last child that begins before the key are on both sides of it.
            int row = TreeNode.rowsBefore(node, score, nameAddress, nameLength, orAt) - 1;
            if (row < 0) {
                return 0;
            }
            before += TreeNode.sizeBefore(node, row);
            node = TreeNode.child(node, row);
        }
        return before + TreeNode.rowsBefore(node, score, nameAddress, nameLength, orAt);
    }

    private static long leaf(long place) {
        return place & LEAF;
    }

    private static int row(long place) {
        return (int) (place >>> ROW_SHIFT);
    }
}
