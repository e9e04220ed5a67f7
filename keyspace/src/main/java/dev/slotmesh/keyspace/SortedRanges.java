package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.tree.OrderedTree;
import dev.slotmesh.keyspace.tree.SortedTable;

/**
 * The order of sorted sets: ranks, counts and walks. Members are in ascending order of scores, those of equal scores in that
 * of their names as unsigned bytes; a rank is 0 to size - 1. As with {@link SortedSets}, an entry is that of a sorted set
 * in the slot given, whose lock is held.
 *
 * <p>A <i>place</i> is where a walk is: {@link #at} begins one, {@link #step} goes on, {@link #member} is who is there. It
 * is valid until the next change of the set.
 */
public final class SortedRanges {
    private SortedRanges() {}

    /** The rank of a member found. */
    public static long rank(Slot slot, long entry, long member) {
        long address = Root.address(slot.root(entry));
        return SortedSets.isPacked(slot, entry)
                ? PackedScores.rank(address, member)
                : OrderedTree.rank(SortedTable.tree(address), SortedTable.score(member), member);
    }

    /** How many members have a lower score, or with {@code orEqual} one that is not higher. */
    public static long countBelow(Slot slot, long entry, double score, boolean orEqual) {
        long address = Root.address(slot.root(entry));
        return SortedSets.isPacked(slot, entry)
                ? PackedScores.countBelow(address, score, orEqual)
                : OrderedTree.countBelow(SortedTable.tree(address), score, orEqual);
    }

    /** The place of a rank that there is. */
    public static long at(Slot slot, long entry, long rank) {
        long address = Root.address(slot.root(entry));
        return SortedSets.isPacked(slot, entry)
                ? PackedScores.at(address, (int) rank)
                : OrderedTree.at(SortedTable.tree(address), rank);
    }

    /**
     * The place one further on.
     *
     * @param rank of the place asked for, which there is
     * @param step 1 or -1: the direction
     */
    public static long step(Slot slot, long entry, long place, long rank, int step) {
        long address = Root.address(slot.root(entry));
        if (!SortedSets.isPacked(slot, entry)) {
            return OrderedTree.step(SortedTable.tree(address), place, rank, step);
        }
        return step > 0 ? PackedScores.next(address, place) : PackedScores.previous(address, place);
    }

    /** The {@link SortedMember} at a place. */
    public static long member(long place) {
        return place < 0 ? place : OrderedTree.element(place);
    }
}
