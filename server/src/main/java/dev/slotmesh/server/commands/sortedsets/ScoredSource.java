package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Sets;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeBuffer;

/**
 * One of the sets that are combined: a sorted set, a set whose members all have the score 1, or nothing.
 *
 * @param entry {@link Slot#ABSENT} for nothing
 * @param weight what its scores are multiplied with
 */
record ScoredSource(Slot slot, long entry, double weight) {
    private static final double SCORE_IN_A_SET = 1;

    /** Is shown a member with its weighted score; valid during the call. */
    interface Visitor {
        /** Returns whether to go on. */
        boolean visit(ByteSpan name, double score);
    }

    ScoredSource withWeight(double other) {
        return new ScoredSource(slot, entry, other);
    }

    long size() {
        if (entry == Slot.ABSENT) {
            return 0;
        }
        return isSet() ? Sets.size(slot, entry) : SortedSets.size(slot, entry);
    }

    /** The weighted score of a member, which may be NaN. */
    double score(ByteSpan name) {
        return weight
                * (isSet()
                        ? SCORE_IN_A_SET
                        : SortedMember.score(SortedSets.find(slot, entry, name)));
    }

    boolean contains(ByteSpan name) {
        if (entry == Slot.ABSENT) {
            return false;
        }
        return isSet()
                ? Sets.contains(slot, entry, name)
                : SortedSets.find(slot, entry, name) != SortedMember.ABSENT;
    }

    /** Shows members, a sorted set's in ascending order, until the visitor has enough. */
    void forEach(Visitor visitor) {
        if (entry == Slot.ABSENT) {
            return;
        }
        if (isSet()) {
            boolean[] more = {true};
            Sets.forEach(
                    slot,
                    entry,
                    name -> more[0] = more[0] && visitor.visit(name, weight * SCORE_IN_A_SET));
            return;
        }
        ByteSpan name = new ByteSpan();
        long size = SortedSets.size(slot, entry);
        long place = SortedRanges.at(slot, entry, 0);
        try (NativeBuffer digits = new NativeBuffer(DecimalLong.LONGEST)) {
            for (long rank = 0; ; ) {
                long member = SortedRanges.member(place);
                double score = weight * SortedMember.score(member);
                rank++;
                if (!visitor.visit(SortedMember.text(member, name, digits), score)
                        || rank == size) {
                    return;
                }
                place = SortedRanges.step(slot, entry, place, rank, 1);
            }
        }
    }

    private boolean isSet() {
        return slot.type(entry) == KeyType.SET;
    }
}
