package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Intersection, union and difference of sets. The locks of all their slots are held. Members go from native memory to
 * native memory; nothing is made on the heap for a member.
 */
public final class SetAlgebra {
    private SetAlgebra() {}

    /**
     * Shows what is in all of the sets: in ascending order when the smallest of them (the first of equal ones) is an intset.
     *
     * @param sets at least one
     * @param limit how many to show at most, 0: all
     * @return how many were shown
     */
    public static long intersect(List<SetOperand> sets, long limit, MemberVisitor visitor) {
        List<SetOperand> bySize = new ArrayList<>(sets);
        bySize.sort(Comparator.comparingLong(SetOperand::size));
        SetOperand smallest = bySize.remove(0);
        Intersection common = new Intersection(bySize, limit, visitor);
        if (limit == 0) {
            smallest.forEach(common);
            return common.shown;
        }
        long position = 0;
        while (position < Sets.END && common.shown < limit) {
            position = Sets.scan(smallest.slot(), smallest.entry(), position, common);
        }
        return common.shown;
    }

    /** Adds what is in any of the sets to {@code into}. */
    public static void unite(List<SetOperand> sets, SetUnderway into) {
        for (SetOperand set : sets) {
            set.forEach(into::add);
        }
    }

    /**
     * Adds what is in the first set and in none of the others to {@code into}, which is empty. Either each member of the first
     * is looked up in the others, or theirs are taken out of a copy of the first: whichever looks at fewer.
     *
     * @param subtracted any number of sets
     */
    public static void subtract(SetOperand first, List<SetOperand> subtracted, SetUnderway into) {
        long lookups = first.size() * (subtracted.size() + 1L) / 2;
        long removals = first.size();
        for (SetOperand set : subtracted) {
            removals += set.size();
        }
        if (lookups <= removals) {
            List<SetOperand> bySize = new ArrayList<>(subtracted);
            bySize.sort(Comparator.comparingLong(SetOperand::size).reversed());
            first.forEach(member -> {
                if (isInNone(bySize, member)) {
                    into.add(member);
                }
            });
            return;
        }
        first.forEach(into::add);
        for (SetOperand set : subtracted) {
            if (into.size() == 0) {
                return;
            }
            set.forEach(into::remove);
        }
    }

    private static boolean isInNone(List<SetOperand> sets, ByteSpan member) {
        for (int i = 0; i < sets.size(); i++) {
            if (sets.get(i).contains(member)) {
                return false;
            }
        }
        return true;
    }

    /** Lets through what all other sets contain. */
    private static final class Intersection implements MemberVisitor {
        private final List<SetOperand> others;
        private final long limit;
        private final MemberVisitor visitor;
        private long shown;

        Intersection(List<SetOperand> others, long limit, MemberVisitor visitor) {
            this.others = others;
            this.limit = limit;
            this.visitor = visitor;
        }

        @Override
        public void visit(ByteSpan member) {
            if (limit != 0 && shown == limit) {
                return;
            }
            for (int i = 0; i < others.size(); i++) {
                if (!others.get(i).contains(member)) {
                    return;
                }
            }
            shown++;
            visitor.visit(member);
        }
    }
}
