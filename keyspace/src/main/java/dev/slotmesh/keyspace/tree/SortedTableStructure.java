package dev.slotmesh.keyspace.tree;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.memory.Structure;
import dev.slotmesh.keyspace.table.Element;
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
        long copy = SortedTable.create(into);
        long tree = SortedTable.tree(address);
        long size = OrderedTree.size(tree);
        ByteSpan name = new ByteSpan();
        long place = size == 0 ? 0 : OrderedTree.at(tree, 0);
        for (long rank = 0; rank < size; rank++) {
            long element = OrderedTree.element(place);
            SortedTable.insert(into, copy, Element.name(element, name), OrderedTree.score(place));
            if (rank + 1 < size) {
                place = OrderedTree.step(tree, place, rank + 1, 1);
            }
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
