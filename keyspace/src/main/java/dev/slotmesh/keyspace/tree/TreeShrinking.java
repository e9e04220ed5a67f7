package dev.slotmesh.keyspace.tree;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.table.Element;

/**
 * Removal in one way down: a node with few rows is filled up from its neighbour, or merged with it, before it is entered, so
 * that nothing has to be carried upwards. Where the element was the first below an ancestor, a second way down writes the
 * new first one there.
 */
final class TreeShrinking {
    /** A node with so few rows is not entered. */
    private static final int FEW_ROWS = 15;

    /** Two neighbours are merged when they have no more rows together. */
    private static final int MERGED_ROWS = 47;

    /** A leaf gets a smaller block when so many of its cells are unused. */
    private static final int MOST_SPARE = 15;

    private TreeShrinking() {}

    static void remove(ArenaStripe stripe, long tree, double score, long element) {
        long link = OrderedTree.rootCell(tree);
        long name = Element.nameAddress(element);
        int length = Element.nameLength(element);
        long keyNode = 0;
        int keyRow = 0;
        for (int level = OrderedTree.height(tree); level > 0; level--) {
            long node = NativeMemory.readLong(link);
            int row = TreeNode.rowsBefore(node, score, name, length, 1) - 1;
            int columns = TreeNode.columnsAt(level - 1);
            if (row < 0) {
                throw absent();
            }
            if (TreeNode.count(TreeNode.child(node, row)) <= FEW_ROWS && TreeNode.count(node) > 1) {
                fill(stripe, tree, node, row == 0 ? 0 : row - 1, columns);
                row = TreeNode.rowsBefore(node, score, name, length, 1) - 1;
            }
            TreeNode.addSize(node, row, -1);
            if (keyNode == 0 && TreeNode.element(node, row) == element) {
                keyNode = node;
                keyRow = row;
            }
            link = TreeNode.childCell(node, row);
        }
        removeFromLeaf(stripe, tree, link, score, element);
        OrderedTree.addSize(tree, -1);
        if (keyNode != 0) {
            renewKeys(keyNode, keyRow, NativeMemory.readLong(link));
        }
        lowerRoot(stripe, tree);
    }

    /** As {@link OrderedTree#removeRun}. Two ways down: one fills nodes, the other counts what is taken out. */
    static int removeRun(ArenaStripe stripe, long tree, long rank, long most, long[] removed) {
        long link = OrderedTree.rootCell(tree);
        long first = rank;
        for (int level = OrderedTree.height(tree); level > 0; level--) {
            long node = NativeMemory.readLong(link);
            int row = TreeNode.rowOf(node, first);
            if (TreeNode.count(TreeNode.child(node, row)) <= FEW_ROWS && TreeNode.count(node) > 1) {
                fill(stripe, tree, node, row == 0 ? 0 : row - 1, TreeNode.columnsAt(level - 1));
                row = TreeNode.rowOf(node, first);
            }
            first -= TreeNode.sizeBefore(node, row);
            link = TreeNode.childCell(node, row);
        }
        long leaf = NativeMemory.readLong(link);
        int count = TreeNode.count(leaf);
        // Every node entered above had two rows at least, so that one can stay; a root may become
        // empty.
        int kept = first == 0 && OrderedTree.height(tree) > 0 ? 1 : 0;
        int run = (int) Math.min(most, count - first - kept);
        for (int i = 0; i < run; i++) {
            removed[i] = TreeNode.element(leaf, (int) first + i);
        }
        TreeNode.closeRows(leaf, (int) first, run, TreeNode.LEAF_COLUMNS);
        shrinkLeaf(stripe, tree, link);
        countDown(tree, rank, run, link);
        lowerRoot(stripe, tree);
        return run;
    }

    /** Takes so many elements, from a rank on, off the sizes above the leaf in a cell, where they are gone already. */
    private static void countDown(long tree, long rank, int run, long link) {
        OrderedTree.addSize(tree, -run);
        long node = OrderedTree.root(tree);
        long left = rank;
        long keyNode = 0;
        int keyRow = 0;
        for (int level = OrderedTree.height(tree); level > 0; level--) {
            int row = TreeNode.rowOf(node, left);
            left -= TreeNode.sizeBefore(node, row);
            TreeNode.addSize(node, row, -run);
            if (left == 0 && keyNode == 0) {
                keyNode = node;
                keyRow = row;
            }
            node = TreeNode.child(node, row);
        }
        if (keyNode != 0) {
            renewKeys(keyNode, keyRow, NativeMemory.readLong(link));
        }
    }

    static int free(ArenaStripe stripe, long tree, int nodes) {
        int freed = 0;
        while (freed < nodes && OrderedTree.root(tree) != 0) {
            long link = OrderedTree.rootCell(tree);
            int level = OrderedTree.height(tree);
            long parent = 0;
            while (level > 0 && TreeNode.count(NativeMemory.readLong(link)) > 0) {
                parent = NativeMemory.readLong(link);
                link = TreeNode.childCell(parent, TreeNode.count(parent) - 1);
                level--;
            }
            OrderedTree.freeNode(
                    stripe, tree, NativeMemory.readLong(link), TreeNode.columnsAt(level));
            freed++;
            if (parent == 0) {
                OrderedTree.initialise(tree);
            } else {
                TreeNode.count(parent, TreeNode.count(parent) - 1);
            }
        }
        return freed;
    }

    private static void removeFromLeaf(
            ArenaStripe stripe, long tree, long link, double score, long element) {
        long leaf = NativeMemory.readLong(link);
        long name = Element.nameAddress(element);
        int row = leaf == 0
                ? -1
                : TreeNode.rowsBefore(leaf, score, name, Element.nameLength(element), 1) - 1;
        if (row < 0 || TreeNode.element(leaf, row) != element) {
            throw absent();
        }
        TreeNode.closeRows(leaf, row, 1, TreeNode.LEAF_COLUMNS);
        shrinkLeaf(stripe, tree, link);
    }

    private static void shrinkLeaf(ArenaStripe stripe, long tree, long link) {
        long leaf = NativeMemory.readLong(link);
        int count = TreeNode.count(leaf);
        if (count == 0) {
            OrderedTree.freeNode(stripe, tree, leaf, TreeNode.LEAF_COLUMNS);
            OrderedTree.root(tree, 0);
        } else if (TreeNode.capacity(leaf) - count > MOST_SPARE) {
            int capacity = TreeNode.capacityFor(count + 1);
            OrderedTree.resize(stripe, tree, link, capacity, TreeNode.LEAF_COLUMNS);
        }
    }

    /** Writes the first element of a leaf into the row of an ancestor and into the first rows on the way down from there. */
    private static void renewKeys(long ancestor, int row, long leaf) {
        double score = TreeNode.score(leaf, 0);
        long element = TreeNode.element(leaf, 0);
        TreeNode.key(ancestor, row, score, element);
        long node = TreeNode.child(ancestor, row);
        while (node != leaf) {
            TreeNode.key(node, 0, score, element);
            node = TreeNode.child(node, 0);
        }
    }

    /** Takes a root with one child away. */
    private static void lowerRoot(ArenaStripe stripe, long tree) {
        while (OrderedTree.height(tree) > 0 && TreeNode.count(OrderedTree.root(tree)) == 1) {
            long root = OrderedTree.root(tree);
            OrderedTree.root(tree, TreeNode.child(root, 0));
            OrderedTree.freeNode(stripe, tree, root, TreeNode.INNER_COLUMNS);
            OrderedTree.height(tree, OrderedTree.height(tree) - 1);
        }
    }

    /** Merges the children of a row and the next, or makes them about equal. */
    private static void fill(ArenaStripe stripe, long tree, long node, int row, int columns) {
        long left = TreeNode.child(node, row);
        long right = TreeNode.child(node, row + 1);
        int leftCount = TreeNode.count(left);
        int rightCount = TreeNode.count(right);
        int sum = leftCount + rightCount;
        if (sum <= MERGED_ROWS) {
            left = withCapacity(stripe, tree, TreeNode.childCell(node, row), sum, columns);
            TreeNode.appendRows(right, 0, rightCount, left, columns);
            OrderedTree.freeNode(stripe, tree, right, columns);
            TreeNode.addSize(node, row, TreeNode.size(node, row + 1));
            TreeNode.closeRows(node, row + 1, 1, TreeNode.INNER_COLUMNS);
            return;
        }
        int half = sum / 2;
        if (leftCount < rightCount) {
            left = withCapacity(stripe, tree, TreeNode.childCell(node, row), half, columns);
            TreeNode.appendRows(right, 0, half - leftCount, left, columns);
            TreeNode.closeRows(right, 0, half - leftCount, columns);
        } else {
            right = withCapacity(
                    stripe, tree, TreeNode.childCell(node, row + 1), sum - half, columns);
            TreeNode.prependRows(left, half, leftCount - half, right, columns);
            TreeNode.count(left, half);
        }
        TreeNode.key(node, row + 1, TreeNode.score(right, 0), TreeNode.element(right, 0));
        TreeNode.size(node, row, TreeNode.sizeOf(left, columns));
        TreeNode.size(node, row + 1, TreeNode.sizeOf(right, columns));
    }

    private static long withCapacity(
            ArenaStripe stripe, long tree, long link, int rows, int columns) {
        long node = NativeMemory.readLong(link);
        return rows <= TreeNode.capacity(node)
                ? node
                : OrderedTree.resize(stripe, tree, link, TreeNode.capacityFor(rows), columns);
    }

    private static IllegalStateException absent() {
        return new IllegalStateException("the element is not in the tree");
    }
}
