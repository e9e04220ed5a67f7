package dev.slotmesh.keyspace.tree;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.table.Element;

/**
 * Insertion in one way down: a full node is split before it is entered, so that nothing has to be carried upwards. Elements
 * that come in order, at either end of the tree, leave full nodes behind.
 */
final class TreeGrowth {
    private TreeGrowth() {}

    static void insert(ArenaStripe stripe, long tree, double score, long element) {
        prepareRoot(stripe, tree);
        long link = OrderedTree.rootCell(tree);
        long name = Element.nameAddress(element);
        int length = Element.nameLength(element);
        boolean atEnd = true;
        for (int level = OrderedTree.height(tree); level > 0; level--) {
            long node = NativeMemory.readLong(link);
            int row = TreeNode.rowsBefore(node, score, name, length, 0) - 1;
            boolean atStart = row < 0;
            if (atStart) {
                row = 0;
                TreeNode.key(node, 0, score, element);
            }
            atEnd &= row == TreeNode.count(node) - 1;
            long child = TreeNode.child(node, row);
            if (TreeNode.isFull(child)) {
                int columns = TreeNode.columnsAt(level - 1);
                boolean last = atEnd
                        && TreeNode.rowsBefore(child, score, name, length, 0) == TreeNode.MOST_ROWS;
                int kept = rowsKept(atStart, last, columns);
                node = roomy(stripe, tree, link, TreeNode.INNER_COLUMNS);
                enter(
                        node,
                        row + 1,
                        split(stripe, tree, TreeNode.childCell(node, row), kept, columns),
                        columns);
                if (last && columns == TreeNode.LEAF_COLUMNS) {
                    TreeNode.key(node, row + 1, score, element);
                }
                row = TreeNode.rowsBefore(node, score, name, length, 1) - 1;
            }
            TreeNode.addSize(node, row, 1);
            link = TreeNode.childCell(node, row);
        }
        long leaf = roomy(stripe, tree, link, TreeNode.LEAF_COLUMNS);
        int row = TreeNode.rowsBefore(leaf, score, name, length, 0);
        TreeNode.openRow(leaf, row, TreeNode.LEAF_COLUMNS);
        TreeNode.key(leaf, row, score, element);
        OrderedTree.addSize(tree, 1);
    }

    /** Makes sure of a root that is not full. */
    private static void prepareRoot(ArenaStripe stripe, long tree) {
        long root = OrderedTree.root(tree);
        if (root == 0) {
            int capacity = TreeNode.capacityFor(1);
            OrderedTree.root(
                    tree, OrderedTree.createNode(stripe, tree, capacity, TreeNode.LEAF_COLUMNS));
        } else if (TreeNode.isFull(root)) {
            int capacity = TreeNode.capacityFor(2);
            long raised = OrderedTree.createNode(stripe, tree, capacity, TreeNode.INNER_COLUMNS);
            TreeNode.openRow(raised, 0, TreeNode.INNER_COLUMNS);
            TreeNode.key(raised, 0, TreeNode.score(root, 0), TreeNode.element(root, 0));
            TreeNode.child(raised, 0, root);
            TreeNode.size(raised, 0, OrderedTree.size(tree));
            OrderedTree.root(tree, raised);
            OrderedTree.height(tree, OrderedTree.height(tree) + 1);
        }
    }

    /** How many rows of a full node stay in it: at the ends of the tree so few or many that a sequence fills nodes. */
    private static int rowsKept(boolean newFirst, boolean newLast, int columns) {
        // A leaf may become empty, since the new element is put there at once; an inner node keeps
        // a child.
        int least = columns == TreeNode.LEAF_COLUMNS ? 0 : 1;
        if (newFirst) {
            return least;
        }
        return newLast ? TreeNode.MOST_ROWS - least : (TreeNode.MOST_ROWS + 1) / 2;
    }

    /**
     * Moves the rows behind the first {@code kept} of the full node in the cell {@code link} to a new node, and gives the old
     * one a smaller block. Returns the new node.
     */
    private static long split(ArenaStripe stripe, long tree, long link, int kept, int columns) {
        long node = NativeMemory.readLong(link);
        int moved = TreeNode.MOST_ROWS - kept;
        int capacity = TreeNode.capacityFor(moved + 1);
        long right = OrderedTree.createNode(stripe, tree, capacity, columns);
        TreeNode.appendRows(node, kept, moved, right, columns);
        TreeNode.count(node, kept);
        if (moved > 0) {
            OrderedTree.resize(stripe, tree, link, TreeNode.capacityFor(kept + 1), columns);
        }
        return right;
    }

    /** Makes a node that was split off the child of row {@code row - 1} the child of row {@code row}. */
    private static void enter(long node, int row, long child, int columns) {
        long size = TreeNode.sizeOf(child, columns);
        TreeNode.openRow(node, row, TreeNode.INNER_COLUMNS);
        TreeNode.key(node, row, TreeNode.score(child, 0), TreeNode.element(child, 0));
        TreeNode.child(node, row, child);
        TreeNode.size(node, row, size);
        TreeNode.addSize(node, row - 1, -size);
    }

    /** The node in the cell {@code link}, with room for one more row: it has fewer than a node can have. */
    private static long roomy(ArenaStripe stripe, long tree, long link, int columns) {
        long node = NativeMemory.readLong(link);
        int count = TreeNode.count(node);
        return count < TreeNode.capacity(node)
                ? node
                : OrderedTree.resize(stripe, tree, link, TreeNode.capacityFor(count + 1), columns);
    }
}
