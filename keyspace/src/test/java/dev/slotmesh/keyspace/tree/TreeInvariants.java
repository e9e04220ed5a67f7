package dev.slotmesh.keyspace.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.table.Element;

/** What must hold between two operations on a tree, looked at row by row. */
final class TreeInvariants {
    private final long tree;
    private final String run;
    private long nodeBytes;
    private long lastElement;
    private double lastScore;

    private TreeInvariants(long tree, String run) {
        this.tree = tree;
        this.run = run;
    }

    /** Checks order, first rows, sizes, capacities, and that no inner root has a single child. */
    static void check(long tree, String run) {
        new TreeInvariants(tree, run).check();
    }

    private void check() {
        long root = OrderedTree.root(tree);
        int height = OrderedTree.height(tree);
        if (root == 0) {
            assertThat(height).as(run).isZero();
            assertThat(OrderedTree.size(tree)).as(run).isZero();
            assertThat(OrderedTree.nodeBytes(tree)).as(run).isZero();
            return;
        }
        assertThat(TreeNode.count(root)).as(run).isGreaterThan(height > 0 ? 1 : 0);
        assertThat(elements(root, height)).as(run).isEqualTo(OrderedTree.size(tree));
        assertThat(OrderedTree.nodeBytes(tree)).as(run).isEqualTo(nodeBytes);
    }

    /** Checks a node and what is below it; returns how many elements that is. */
    private long elements(long node, int level) {
        int columns = TreeNode.columnsAt(level);
        int count = TreeNode.count(node);
        int capacity = TreeNode.capacity(node);
        assertThat(count).as(run).isBetween(1, capacity);
        assertThat(capacity).as(run).isEqualTo(TreeNode.capacityFor(capacity));
        nodeBytes += TreeNode.bytes(capacity, columns);
        if (level == 0) {
            for (int row = 0; row < count; row++) {
                checkElement(TreeNode.score(node, row), TreeNode.element(node, row));
            }
            return count;
        }
        long sum = 0;
        for (int row = 0; row < count; row++) {
            long child = TreeNode.child(node, row);
            assertThat(TreeNode.element(node, row)).as(run).isEqualTo(TreeNode.element(child, 0));
            assertThat(TreeNode.score(node, row)).as(run).isEqualTo(TreeNode.score(child, 0));
            long size = elements(child, level - 1);
            assertThat(TreeNode.size(node, row)).as(run).isEqualTo(size);
            sum += size;
        }
        return sum;
    }

    private void checkElement(double score, long element) {
        if (lastElement != 0) {
            boolean ascending = lastScore < score
                    || (lastScore == score
                            && NativeMemory.compare(
                                            Element.nameAddress(lastElement),
                                            Element.nameLength(lastElement),
                                            Element.nameAddress(element),
                                            Element.nameLength(element))
                                    < 0);
            assertThat(ascending).as(run).isTrue();
        }
        lastElement = element;
        lastScore = score;
    }
}
