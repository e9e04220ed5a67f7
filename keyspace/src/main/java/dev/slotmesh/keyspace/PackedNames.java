package dev.slotmesh.keyspace;

/**
 * Ranges of names in a small sorted set. Where scores differ, names are in no order, and Redis's answer is that of its way
 * through the listpack; this goes the same way.
 */
final class PackedNames {
    private PackedNames() {}

    static RankExtent between(long listpack, NameBound min, NameBound max, boolean fromEnd) {
        int size = PackedScores.size(listpack);
        if (isEmpty(min, max)
                || !min.isBelow(PackedScores.at(listpack, size - 1))
                || !max.isAbove(PackedScores.at(listpack, 0))) {
            return RankExtent.EMPTY;
        }
        return fromEnd ? backward(listpack, min, max, size) : forward(listpack, min, max);
    }

    private static boolean isEmpty(NameBound min, NameBound max) {
        if (min.side() != 0 || max.side() != 0) {
            return false;
        }
        int order = min.name().compareContent(max.name());
        return order > 0 || (order == 0 && (min.exclusive() || max.exclusive()));
    }

    private static RankExtent forward(long listpack, NameBound min, NameBound max) {
        int first = 0;
        long member = PackedScores.first(listpack);
        while (member != SortedMember.ABSENT && !min.isBelow(member)) {
            member = PackedScores.next(listpack, member);
            first++;
        }
        int end = first;
        while (member != SortedMember.ABSENT && max.isAbove(member)) {
            member = PackedScores.next(listpack, member);
            end++;
        }
        return RankExtent.between(first, end);
    }

    private static RankExtent backward(long listpack, NameBound min, NameBound max, int size) {
        int end = size;
        long member = PackedScores.at(listpack, size - 1);
        while (member != SortedMember.ABSENT && !max.isAbove(member)) {
            member = PackedScores.previous(listpack, member);
            end--;
        }
        int first = end;
        while (member != SortedMember.ABSENT && min.isBelow(member)) {
            member = PackedScores.previous(listpack, member);
            first--;
        }
        return RankExtent.between(first, end);
    }
}
