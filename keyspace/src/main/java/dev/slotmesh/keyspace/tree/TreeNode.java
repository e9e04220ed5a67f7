package dev.slotmesh.keyspace.tree;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.table.Element;

/**
 * A node of an {@link OrderedTree}: a count, a capacity, and columns of eight-byte cells, one row an element (in a leaf) or
 * a child (elsewhere). The row of a child begins with the score and the element that are first below it, so that both
 * kinds of nodes are searched alike.
 *
 * <pre>
 *  | count 4 | capacity 4 | scores | elements |                                a leaf
 *  | count 4 | capacity 4 | scores | elements | children | sizes |             an inner node
 * </pre>
 *
 * <p>A column has as many cells as the capacity says: 7, 15, .. 63, so that a node fills a block of the arena but for eight
 * bytes. Address-level code: rows and columns are the caller's to keep in range.
 */
final class TreeNode {
    /** Most rows of a node. */
    static final int MOST_ROWS = 63;

    static final int LEAF_COLUMNS = 2;
    static final int INNER_COLUMNS = 4;

    private static final int STEP = 8;
    private static final int CELL = 8;

    private static final int COUNT = 0;
    private static final int CAPACITY = COUNT + 4;
    private static final int CELLS = CAPACITY + 4;

    private static final int SCORES = 0;
    private static final int ELEMENTS = SCORES + 1;
    private static final int CHILDREN = ELEMENTS + 1;
    private static final int SIZES = CHILDREN + 1;

    private TreeNode() {}

    /** The capacity that a node of so many rows should have: the next step, 63 at most. */
    static int capacityFor(int rows) {
        return Math.min(MOST_ROWS, rows / STEP * STEP + STEP - 1);
    }

    /** How many columns nodes of a level have; level 0 is the leaves'. */
    static int columnsAt(int level) {
        return level == 0 ? LEAF_COLUMNS : INNER_COLUMNS;
    }

    /** Bytes of a node's block. */
    static long bytes(int capacity, int columns) {
        return ArenaStripe.blockSize(CELLS + (long) CELL * columns * capacity);
    }

    static long bytesOf(long node, int columns) {
        return bytes(capacity(node), columns);
    }

    /** A node without rows. */
    static long create(ArenaStripe stripe, int capacity, int columns) {
        long node = stripe.allocate(bytes(capacity, columns));
        NativeMemory.writeInt(node + COUNT, 0);
        NativeMemory.writeInt(node + CAPACITY, capacity);
        return node;
    }

    /** The same rows in another block. */
    static long copy(long node, ArenaStripe into, int columns) {
        long copy = create(into, capacity(node), columns);
        NativeMemory.copy(node, copy, CELLS + (long) CELL * columns * capacity(node));
        return copy;
    }

    static void free(ArenaStripe stripe, long node, int columns) {
        stripe.free(node, bytesOf(node, columns));
    }

    static int count(long node) {
        return NativeMemory.readInt(node + COUNT);
    }

    static void count(long node, int rows) {
        NativeMemory.writeInt(node + COUNT, rows);
    }

    static int capacity(long node) {
        return NativeMemory.readInt(node + CAPACITY);
    }

    static boolean isFull(long node) {
        return count(node) == MOST_ROWS;
    }

    static double score(long node, int row) {
        return Double.longBitsToDouble(NativeMemory.readLong(node + CELLS + (long) CELL * row));
    }

    static long element(long node, int row) {
        return NativeMemory.readLong(cell(node, ELEMENTS, row));
    }

    static void key(long node, int row, double score, long element) {
        NativeMemory.writeLong(cell(node, SCORES, row), Double.doubleToRawLongBits(score));
        NativeMemory.writeLong(cell(node, ELEMENTS, row), element);
    }

    static long child(long node, int row) {
        return NativeMemory.readLong(cell(node, CHILDREN, row));
    }

    static void child(long node, int row, long child) {
        NativeMemory.writeLong(cell(node, CHILDREN, row), child);
    }

    /** Where a child's address is written. */
    static long childCell(long node, int row) {
        return cell(node, CHILDREN, row);
    }

    /** How many elements are below a child. */
    static long size(long node, int row) {
        return NativeMemory.readLong(cell(node, SIZES, row));
    }

    static void size(long node, int row, long size) {
        NativeMemory.writeLong(cell(node, SIZES, row), size);
    }

    static void addSize(long node, int row, long change) {
        long at = cell(node, SIZES, row);
        NativeMemory.writeLong(at, NativeMemory.readLong(at) + change);
    }

    /** How many elements are below the first {@code rows} children. */
    static long sizeBefore(long node, int rows) {
        long at = cell(node, SIZES, 0);
        long sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += NativeMemory.readLong(at + (long) CELL * i);
        }
        return sum;
    }

    /** The row of the child that has the element number {@code n}, from 0 on, of those below a node. */
    static int rowOf(long node, long n) {
        int row = 0;
        for (long left = n - size(node, 0); left >= 0; left -= size(node, row)) {
            row++;
        }
        return row;
    }

    /** How many elements are in or below a node. */
    static long sizeOf(long node, int columns) {
        return columns == LEAF_COLUMNS ? count(node) : sizeBefore(node, count(node));
    }

    /**
     * How many rows come before a key, or before and at it.
     *
     * @param score NaN: rows are compared by their names alone
     * @param nameLength as {@link OrderedTree} uses it: below 0 is before every name, the largest integer behind every name
     * @param at 1 to count the row that is equal to the key too, else 0
     */
    static int rowsBefore(long node, double score, long nameAddress, int nameLength, int at) {
        int low = 0;
        int high = count(node);
        while (low < high) {
            int middle = (low + high) >>> 1;
            double other = score(node, middle);
            boolean before = other < score
                    || (!(other > score)
                            && compareName(element(node, middle), nameAddress, nameLength) < at);
            if (before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Makes room for a row whose cells the caller then writes; the capacity allows it. */
    static void openRow(long node, int row, int columns) {
        int count = count(node);
        for (int column = 0; column < columns; column++) {
            long from = cell(node, column, row);
            NativeMemory.move(from, from + CELL, (long) CELL * (count - row));
        }
        count(node, count + 1);
    }

    /** Takes so many rows away, from one on. */
    static void closeRows(long node, int row, int rows, int columns) {
        int count = count(node) - rows;
        for (int column = 0; column < columns; column++) {
            long to = cell(node, column, row);
            NativeMemory.move(to + (long) CELL * rows, to, (long) CELL * (count - row));
        }
        count(node, count);
    }

    /** Copies rows to the end of another node; its capacity allows it. Neither the copied rows nor their count change. */
    static void appendRows(long from, int row, int rows, long to, int columns) {
        int count = count(to);
        for (int column = 0; column < columns; column++) {
            NativeMemory.copy(cell(from, column, row), cell(to, column, count), (long) CELL * rows);
        }
        count(to, count + rows);
    }

    /** Copies rows to the beginning of another node; its capacity allows it. */
    static void prependRows(long from, int row, int rows, long to, int columns) {
        int count = count(to);
        for (int column = 0; column < columns; column++) {
            long first = cell(to, column, 0);
            NativeMemory.move(first, first + (long) CELL * rows, (long) CELL * count);
            NativeMemory.copy(cell(from, column, row), first, (long) CELL * rows);
        }
        count(to, count + rows);
    }

    private static int compareName(long element, long nameAddress, int nameLength) {
        if (nameLength < 0) {
            return 1;
        }
        if (nameLength == Integer.MAX_VALUE) {
            return -1;
        }
        return NativeMemory.compare(
                Element.nameAddress(element), Element.nameLength(element), nameAddress, nameLength);
    }

    private static long cell(long node, int column, int row) {
        return node + CELLS + (long) CELL * ((long) column * capacity(node) + row);
    }
}
