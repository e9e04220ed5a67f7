package dev.slotmesh.keyspace.tree;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.table.ElementRun;

/**
 * A copy of a tree, node for node, and of its elements: they go to the places of the originals in a table that is a copy
 * too, so that nothing is compared and no node split. Confined to one thread.
 */
final class TreeCopy {
    private final ArenaStripe into;
    private final long[] elements = new long[TreeNode.MOST_ROWS];
    private final ElementRun run;

    /** @param table its places lead to the original elements until the tree is copied */
    TreeCopy(ArenaStripe into, long table) {
        this.into = into;
        this.run = new ElementRun(into, table, elements.length);
    }

    /** A copy of a node and of what is below it, {@code level} levels of inner nodes high. */
    long copy(long node, int level) {
        long copy = TreeNode.copy(node, into, TreeNode.columnsAt(level));
        if (level == 0) {
            copyElements(copy);
            return copy;
        }
        for (int row = 0; row < TreeNode.count(copy); row++) {
            long child = copy(TreeNode.child(node, row), level - 1);
            TreeNode.child(copy, row, child);
            TreeNode.key(copy, row, TreeNode.score(child, 0), TreeNode.element(child, 0));
        }
        return copy;
    }

    private void copyElements(long leaf) {
        int count = TreeNode.count(leaf);
        for (int row = 0; row < count; row++) {
            elements[row] = TreeNode.element(leaf, row);
        }
        run.copy(elements, count);
        for (int row = 0; row < count; row++) {
            TreeNode.key(leaf, row, TreeNode.score(leaf, row), elements[row]);
        }
    }
}
