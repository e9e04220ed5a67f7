package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;
import dev.slotmesh.keyspace.packed.ScoreText;
import dev.slotmesh.keyspace.table.Element;
import dev.slotmesh.keyspace.tree.OrderedTree;
import dev.slotmesh.keyspace.tree.SortedTable;
import dev.slotmesh.keyspace.tree.SortedTableStructure;

/**
 * A sorted set that no key holds yet: what a command gathers, in native memory, before it answers or stores it. Needs the
 * lock of its slot from the first call to the last; {@link #close} frees what was not stored.
 */
public final class SortedSetUnderway implements AutoCloseable {
    private static final int BLOCKS_A_STEP = 1 << 16;

    private final Slot slot;
    private final ArenaStripe stripe;
    private long sorted;
    private int longestName;
    private long nameBytes;

    /** A set without members in the memory of this slot. */
    public SortedSetUnderway(Slot slot) {
        this.slot = slot;
        this.stripe = slot.stripe();
        this.sorted = SortedTable.create(stripe);
    }

    public long size() {
        return SortedTable.size(sorted);
    }

    /** The member of that name, or {@link SortedMember#ABSENT}. */
    public long find(ByteSpan name) {
        return SortedTable.find(stripe, sorted, name);
    }

    /** Adds a member whose name is not there. */
    public void insert(ByteSpan name, double score) {
        SortedTable.insert(stripe, sorted, name, score);
        longestName = Math.max(longestName, name.length());
        nameBytes += name.length();
    }

    /** Gives a member another score. */
    public void update(long member, double score) {
        SortedTable.update(stripe, sorted, member, score);
    }

    /** Shows all members in ascending order. */
    public void forEach(SortedVisitor visitor) {
        long tree = SortedTable.tree(sorted);
        long size = size();
        long place = size == 0 ? 0 : OrderedTree.at(tree, 0);
        for (long rank = 0; rank < size; rank++) {
            visitor.visit(OrderedTree.element(place));
            if (rank + 1 < size) {
                place = OrderedTree.step(tree, place, rank + 1, 1);
            }
        }
    }

    /** Gives the set, which has members, to a key of the slot, replacing what it held; this one is then done with. */
    public void store(ByteSpan key, long nowMs) {
        if (size() == 0) {
            throw new IllegalStateException("a sorted set without members");
        }
        EncodingLimits limits = slot.database().keyspace().encodingLimits();
        boolean packed = size() <= limits.zsetEntries()
                && longestName <= limits.zsetValueBytes()
                && nameBytes < Listpack.MOST_BYTES / 2;
        long entry = slot.create(key, KeyType.ZSET, Slot.NO_EXPIRY, nowMs);
        if (packed) {
            slot.root(entry, ValueEncoding.LISTPACK, Root.of(stripe, pack()));
        } else {
            slot.root(entry, ValueEncoding.SKIPLIST, Root.of(stripe, sorted));
            sorted = 0;
        }
    }

    /** Frees the members, unless they are stored. */
    @Override
    public void close() {
        SortedTableStructure structure = new SortedTableStructure();
        while (sorted != 0) {
            sorted = structure.free(stripe, sorted, BLOCKS_A_STEP);
        }
    }

    private long pack() {
        long[] listpack = {Listpack.create(stripe)};
        ByteSpan name = new ByteSpan();
        forEach(member -> {
            int position = Listpack.end(listpack[0]);
            listpack[0] = Listpack.append(stripe, listpack[0], Element.name(member, name));
            int scoreAt = position + ListpackEntry.size(listpack[0] + position);
            listpack[0] = ScoreText.insert(stripe, listpack[0], scoreAt, SortedTable.score(member));
        });
        return listpack[0];
    }
}
