package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;
import dev.slotmesh.keyspace.packed.ScoreText;

/** A small sorted set: a listpack of members, each followed by its score, ascending. Members are {@link SortedMember}s. */
final class PackedScores {
    private PackedScores() {}

    static int size(long listpack) {
        return Listpack.count(listpack) / 2;
    }

    static long find(long listpack, ByteSpan member) {
        int position = Listpack.find(listpack, Listpack.first(listpack), member, 1);
        return position == Listpack.NONE
                ? SortedMember.ABSENT
                : SortedMember.packed(listpack + position);
    }

    /** The first member, or {@link SortedMember#ABSENT}. */
    static long first(long listpack) {
        int position = Listpack.first(listpack);
        return position == Listpack.NONE
                ? SortedMember.ABSENT
                : SortedMember.packed(listpack + position);
    }

    /** The member after one, or {@link SortedMember#ABSENT}. */
    static long next(long listpack, long member) {
        int scoreAt = Listpack.next(listpack, position(listpack, member));
        int next = Listpack.next(listpack, scoreAt);
        return next == Listpack.NONE ? SortedMember.ABSENT : SortedMember.packed(listpack + next);
    }

    /** The member before one, or {@link SortedMember#ABSENT}. */
    static long previous(long listpack, long member) {
        int scoreAt = Listpack.previous(listpack, position(listpack, member));
        return scoreAt == Listpack.NONE
                ? SortedMember.ABSENT
                : SortedMember.packed(listpack + Listpack.previous(listpack, scoreAt));
    }

    /** The member of a rank, 0 to size - 1. */
    static long at(long listpack, int rank) {
        return SortedMember.packed(listpack + Listpack.seek(listpack, 2 * rank));
    }

    static int rank(long listpack, long member) {
        int rank = 0;
        for (long other = first(listpack); other != member; other = next(listpack, other)) {
            rank++;
        }
        return rank;
    }

    static int countBelow(long listpack, double score, boolean orEqual) {
        int count = 0;
        for (long member = first(listpack); member != SortedMember.ABSENT; count++) {
            double other = SortedMember.score(member);
            if (orEqual ? other > score : other >= score) {
                break;
            }
            member = next(listpack, member);
        }
        return count;
    }

    /** Adds a member that is not there. Returns the listpack's address from now on. */
    static long insert(ArenaStripe stripe, long listpack, ByteSpan name, double score) {
        long after = first(listpack);
        while (after != SortedMember.ABSENT && isBefore(after, score, name)) {
            after = next(listpack, after);
        }
        int position =
                after == SortedMember.ABSENT ? Listpack.end(listpack) : position(listpack, after);
        long edited = Listpack.insert(stripe, listpack, position, name);
        int scoreAt = position + ListpackEntry.size(edited + position);
        return ScoreText.insert(stripe, edited, scoreAt, score);
    }

    /** Takes {@code count} members out from one on. Returns the listpack's address from now on. */
    static long remove(ArenaStripe stripe, long listpack, long member, int count) {
        return Listpack.deleteRange(stripe, listpack, position(listpack, member), 2 * count);
    }

    private static boolean isBefore(long member, double score, ByteSpan name) {
        double other = SortedMember.score(member);
        return other < score || (other == score && SortedMember.compare(member, name) < 0);
    }

    private static int position(long listpack, long member) {
        return (int) (SortedMember.packedEntry(member) - listpack);
    }
}
