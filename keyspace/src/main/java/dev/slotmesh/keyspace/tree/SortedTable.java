package dev.slotmesh.keyspace.tree;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.table.Element;
import dev.slotmesh.keyspace.table.ElementRun;
import dev.slotmesh.keyspace.table.ElementTable;
import dev.slotmesh.keyspace.table.TableKind;

/**
 * A table of elements with scores, and the ordered tree of the same elements: what a large sorted set is. Known by the
 * address of one block; all calls need the owner's lock.
 *
 * <pre>
 *  | table 8 | head of the tree 32 |
 * </pre>
 */
public final class SortedTable {
    static final int TABLE = 0;
    static final int TREE = TABLE + 8;
    static final int BYTES = TREE + OrderedTree.HEAD_BYTES;

    private SortedTable() {}

    /** An empty one. */
    public static long create(ArenaStripe stripe) {
        long sorted = stripe.allocate(BYTES);
        NativeMemory.writeLong(sorted + TABLE, ElementTable.create(stripe, TableKind.SCORES));
        OrderedTree.initialise(sorted + TREE);
        return sorted;
    }

    /** The table of all elements. */
    public static long table(long sorted) {
        return NativeMemory.readLong(sorted + TABLE);
    }

    /** The {@link OrderedTree} of all elements. */
    public static long tree(long sorted) {
        return sorted + TREE;
    }

    /** How many elements there are. */
    public static long size(long sorted) {
        return OrderedTree.size(sorted + TREE);
    }

    /** The element of a name, or {@link ElementTable#ABSENT}. */
    public static long find(ArenaStripe stripe, long sorted, ByteSpan name) {
        return ElementTable.find(table(sorted), name, stripe.hashes().of(name));
    }

    public static double score(long element) {
        return Double.longBitsToDouble(Element.word(element));
    }

    /** Adds a name that is not there. {@code name} lies elsewhere, {@code score} is not NaN. Returns the element. */
    public static long insert(ArenaStripe stripe, long sorted, ByteSpan name, double score) {
        long element = ElementTable.insertScored(
                stripe,
                table(sorted),
                name,
                stripe.hashes().of(name),
                Double.doubleToRawLongBits(score));
        OrderedTree.insert(stripe, sorted + TREE, score, element);
        return element;
    }

    /** Gives an element another score, not NaN. */
    public static void update(ArenaStripe stripe, long sorted, long element, double score) {
        OrderedTree.remove(stripe, sorted + TREE, score(element), element);
        Element.word(element, Double.doubleToRawLongBits(score));
        OrderedTree.insert(stripe, sorted + TREE, score, element);
    }

    /** Takes the elements of ranks {@code first} to {@code first + count - 1}, which there are, out and frees them. */
    public static void removeRange(ArenaStripe stripe, long sorted, long first, long count) {
        long[] run = new long[OrderedTree.MOST_IN_A_RUN];
        ElementRun elements = new ElementRun(stripe, table(sorted), run.length);
        for (long left = count; left > 0; ) {
            int removed = OrderedTree.removeRun(stripe, sorted + TREE, first, left, run);
            elements.remove(run, removed);
            left -= removed;
        }
    }

    /** Takes an element out and frees it. */
    public static void remove(ArenaStripe stripe, long sorted, long element) {
        OrderedTree.remove(stripe, sorted + TREE, score(element), element);
        long hash = Element.hash(element, stripe.hashes());
        ElementTable.remove(stripe, table(sorted), element, hash);
    }
}
