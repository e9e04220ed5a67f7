package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.table.ElementTable;
import dev.slotmesh.keyspace.tree.OrderedTree;
import dev.slotmesh.keyspace.tree.SortedTable;

import java.util.random.RandomGenerator;

/**
 * The order of sorted sets: ranks, counts and walks. Members are in ascending order of scores, those of equal scores in that
 * of their names as unsigned bytes; a rank is 0 to size - 1. As with {@link SortedSets}, an entry is that of a sorted set
 * in the slot given, whose lock is held.
 *
 * <p>A <i>place</i> is where a walk is: {@link #at} begins one, {@link #step} goes on, {@link #member} is who is there. It
 * is valid until the next change of the set.
 */
public final class SortedRanges {
    /** The position of {@link #scan} behind all members; positions are 0 to SCAN_END - 1. */
    public static final long SCAN_END = ElementTable.END;

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

    /**
     * The members whose names are in a range, in a set whose scores are all equal. In another set the answer is some range of
     * ranks; for a listpack it is the one that Redis finds by looking at one member after the other, from the
     * beginning or, when {@code fromEnd}, from the end.
     */
    public static RankExtent between(
            Slot slot, long entry, NameBound min, NameBound max, boolean fromEnd) {
        long address = Root.address(slot.root(entry));
        if (SortedSets.isPacked(slot, entry)) {
            return PackedNames.between(address, min, max, fromEnd);
        }
        long tree = SortedTable.tree(address);
        return RankExtent.between(
                countBelow(tree, min, min.exclusive()), countBelow(tree, max, !max.exclusive()));
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

    /** Shows the members of ranks {@code first} to {@code first + count - 1}, which there are, in ascending order. */
    public static void forEach(Slot slot, long entry, RankExtent extent, SortedVisitor visitor) {
        if (extent.count() == 0) {
            return;
        }
        long place = at(slot, entry, extent.first());
        for (long rank = extent.first(); rank < extent.end(); rank++) {
            visitor.visit(member(place));
            if (rank + 1 < extent.end()) {
                place = step(slot, entry, place, rank + 1, 1);
            }
        }
    }

    /**
     * Takes the members of ranks out. If those are all, the key goes, and a large set is freed in the background; else leaf
     * by leaf, some hundred nanoseconds for each member.
     *
     * @return whether the key is gone
     */
    public static boolean remove(Slot slot, long entry, RankExtent extent) {
        if (extent.count() == SortedSets.size(slot, entry)) {
            slot.removeEntry(entry);
            return true;
        }
        ArenaStripe stripe = slot.stripe(entry);
        long address = Root.address(slot.root(entry));
        if (SortedSets.isPacked(slot, entry)) {
            long first = PackedScores.at(address, (int) extent.first());
            long edited = PackedScores.remove(stripe, address, first, (int) extent.count());
            slot.root(entry, ValueEncoding.LISTPACK, Root.of(stripe, edited));
            return false;
        }
        SortedTable.removeRange(stripe, address, extent.first(), extent.count());
        return false;
    }

    /** A random member, each equally likely. */
    public static long random(Slot slot, long entry, RandomGenerator random) {
        long address = Root.address(slot.root(entry));
        return SortedSets.isPacked(slot, entry)
                ? PackedScores.at(address, random.nextInt(PackedScores.size(address)))
                : ElementTable.random(SortedTable.table(address), random);
    }

    /**
     * Shows a few members from a position, 0 to {@link #SCAN_END} - 1, on, in no order to rely on: each that stays in the
     * set from the first call to the last at least once. Returns where to go on.
     */
    public static long scan(Slot slot, long entry, long position, SortedVisitor visitor) {
        long address = Root.address(slot.root(entry));
        if (SortedSets.isPacked(slot, entry)) {
            forEach(slot, entry, new RankExtent(0, PackedScores.size(address)), visitor);
            return SCAN_END;
        }
        return ElementTable.scan(SortedTable.table(address), position, visitor::visit);
    }

    private static long countBelow(long tree, NameBound bound, boolean orEqual) {
        if (bound.side() != 0) {
            return bound.side() < 0 ? 0 : OrderedTree.size(tree);
        }
        return OrderedTree.countBelow(tree, bound.name(), orEqual);
    }
}
