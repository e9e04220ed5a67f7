package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

import java.util.random.RandomGenerator;

/** Members of sets at random: every member, and every choice of several, is equally likely. Locks as in {@link Sets}. */
public final class SetRandom {
    /** A sample of a smaller part of the set than one in so many is drawn, a larger one is gathered by walking it. */
    private static final int DRAWN_SHARE = 3;

    private SetRandom() {}

    /**
     * Shows members drawn one by one from all of them, so that one may come repeatedly.
     *
     * @param count 0 or more
     */
    public static void draw(
            Slot slot, long entry, long count, RandomGenerator random, MemberVisitor visitor) {
        SetBody.draw(Sets.body(slot, entry), count, random, visitor);
    }

    /**
     * Shows different members, in no particular order.
     *
     * @param count 0 to the set's size
     */
    public static void sample(
            Slot slot, long entry, long count, RandomGenerator random, MemberVisitor visitor) {
        long size = Sets.size(slot, entry);
        if (count < 0 || count > size) {
            throw new IllegalArgumentException(count + " of " + size + " members");
        }
        if (count >= size / DRAWN_SHARE) {
            Sets.forEach(slot, entry, new Selection(size, count, random, visitor));
            return;
        }
        try (SetUnderway drawn = new SetUnderway(slot)) {
            while (drawn.size() < count) {
                draw(slot, entry, count - drawn.size(), random, drawn::add);
            }
            drawn.forEach(visitor);
        }
    }

    /**
     * Shows different members and takes them out; the set may be left without any, see {@link Sets#removeIfEmpty}.
     *
     * @param count 0 to the set's size
     */
    public static void pop(
            Slot slot, long entry, long count, RandomGenerator random, MemberVisitor visitor) {
        long before = Sets.body(slot, entry);
        if (count < 0 || count > SetBody.size(before)) {
            throw new IllegalArgumentException(count + " members of too small a set");
        }
        long after = SetBody.pop(slot.stripe(entry), before, count, random, visitor);
        Sets.keep(slot, entry, before, after);
    }

    /** Lets through {@code needed} of the {@code left} members to come, deciding for each with the chance that remains. */
    private static final class Selection implements MemberVisitor {
        private final RandomGenerator random;
        private final MemberVisitor visitor;
        private long left;
        private long needed;

        Selection(long left, long needed, RandomGenerator random, MemberVisitor visitor) {
            this.left = left;
            this.needed = needed;
            this.random = random;
            this.visitor = visitor;
        }

        @Override
        public void visit(ByteSpan member) {
            if (needed > 0 && random.nextLong(left) < needed) {
                needed--;
                visitor.visit(member);
            }
            left--;
        }
    }
}
