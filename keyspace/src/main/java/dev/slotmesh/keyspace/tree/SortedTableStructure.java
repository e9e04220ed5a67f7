package dev.slotmesh.keyspace.tree;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.memory.Structure;
import dev.slotmesh.keyspace.table.TableStructure;

/** A {@link SortedTable} as the keyspace frees, copies and measures it. */
public final class SortedTableStructure implements Structure {
    private final TableStructure tables = new TableStructure();

    /**
     * {@inheritDoc}
     *
     * <p>The nodes go before the table, whose elements they name; the table's address, which may change on the way, is
     * kept in its place.
     */
    @Override
    public long free(ArenaStripe stripe, long address, int blocks) {
        int left = blocks - OrderedTree.free(stripe, SortedTable.tree(address), blocks);
        if (left <= 0) {
            return address;
        }
        long table = tables.free(stripe, SortedTable.table(address), left);
        if (table != 0) {
            NativeMemory.writeLong(address + SortedTable.TABLE, table);
            return address;
        }
        stripe.free(address, SortedTable.BYTES);
        return 0;
    }

    @Override
    public long blocks(long address) {
        long perNode = TreeNode.MOST_ROWS / 2;
        return tables.blocks(SortedTable.table(address)) + SortedTable.size(address) / perNode + 2;
    }

    @Override
    public long copy(long address, ArenaStripe into) {
        long table = tables.copyPlaces(SortedTable.table(address), into);
        long copy = into.allocate(SortedTable.BYTES);
        NativeMemory.copy(address, copy, SortedTable.BYTES);
        NativeMemory.writeLong(copy + SortedTable.TABLE, table);
        long tree = SortedTable.tree(copy);
        if (OrderedTree.root(tree) != 0) {
            TreeCopy nodes = new TreeCopy(into, table);
            OrderedTree.root(tree, nodes.copy(OrderedTree.root(tree), OrderedTree.height(tree)));
        }
        return copy;
    }

    @Override
    public long bytes(long address, int samples) {
        return ArenaStripe.blockSize(SortedTable.BYTES)
                + OrderedTree.nodeBytes(SortedTable.tree(address))
                + tables.bytes(SortedTable.table(address), samples);
    }
}
