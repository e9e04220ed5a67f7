package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.packed.Intset;
import dev.slotmesh.keyspace.table.Element;
import dev.slotmesh.keyspace.table.ElementTable;
import dev.slotmesh.keyspace.table.TableKind;

import java.util.random.RandomGenerator;

/**
 * A set apart from the key that holds it. It is known by one word, the address of its intset or of its table of members, and
 * which of the two it is; a change may give it another word.
 *
 * <p>A set is an intset while all its members are integers in their only decimal form and no more than a limit; then it
 * becomes a table, and stays one. Every method needs the lock of the slot the set is in; the stripe is the one it was made
 * in.
 */
final class SetBody {
    /** The position behind all members; positions are 0 to END - 1. */
    static final long END = ElementTable.END;

    /** Instead of the word of a set that changed: it did not. */
    static final long UNCHANGED = 0;

    private static final long INTSET = 1L << 63;
    private static final int DIGITS = 20;

    private SetBody() {}

    /** A set without members, of the form that suits its first one. */
    static long create(ArenaStripe stripe, ByteSpan first) {
        return first.isLong()
                ? Intset.create(stripe) | INTSET
                : ElementTable.create(stripe, TableKind.MEMBERS);
    }

    /** The word of the set at an address. */
    static long of(ValueEncoding encoding, long address) {
        return encoding == ValueEncoding.INTSET ? address | INTSET : address;
    }

    static ValueEncoding encoding(long set) {
        return set < 0 ? ValueEncoding.INTSET : ValueEncoding.HASHTABLE;
    }

    static long address(long set) {
        return set & ~INTSET;
    }

    static long size(long set) {
        return set < 0 ? Intset.count(address(set)) : ElementTable.size(set);
    }

    static boolean contains(ArenaStripe stripe, long set, ByteSpan member) {
        if (set < 0) {
            return member.isLong() && Intset.contains(address(set), member.parseLong());
        }
        return ElementTable.find(set, member, stripe.hashes().of(member)) != ElementTable.ABSENT;
    }

    /**
     * Adds a member.
     *
     * @param intsetLimit most members of an intset
     * @return the set from now on, or {@link #UNCHANGED} when the member was there
     */
    static long add(ArenaStripe stripe, long set, ByteSpan member, int intsetLimit) {
        if (set >= 0) {
            return addToTable(stripe, set, member);
        }
        if (!member.isLong()) {
            return addToTable(stripe, toTable(stripe, set), member);
        }
        long grown = Intset.add(stripe, address(set), member.parseLong());
        if (grown == 0) {
            return UNCHANGED;
        }
        boolean fits = Intset.count(grown) <= Math.min(intsetLimit, Intset.MOST_MEMBERS - 1);
        return fits ? grown | INTSET : toTable(stripe, grown | INTSET);
    }

    /** Takes a member out. Returns the set from now on, or {@link #UNCHANGED} when there was no such member. */
    static long remove(ArenaStripe stripe, long set, ByteSpan member) {
        if (set < 0) {
            if (!member.isLong()) {
                return UNCHANGED;
            }
            long left = Intset.remove(stripe, address(set), member.parseLong());
            return left == 0 ? UNCHANGED : left | INTSET;
        }
        long hash = stripe.hashes().of(member);
        long element = ElementTable.find(set, member, hash);
        if (element == ElementTable.ABSENT) {
            return UNCHANGED;
        }
        ElementTable.remove(stripe, set, element, hash);
        return set;
    }

    /** Shows all members: those of an intset ascending, others in no order to rely on. */
    static void forEach(long set, MemberVisitor visitor) {
        if (set < 0) {
            forEachInteger(address(set), visitor);
            return;
        }
        ByteSpan name = new ByteSpan();
        ElementTable.forEach(set, element -> visitor.visit(Element.name(element, name)));
    }

    /**
     * Shows some members from a position on; an intset's all at once. Returns where to go on, {@link #END} when nothing is
     * left.
     */
    static long scan(long set, long position, MemberVisitor visitor) {
        if (set < 0) {
            forEachInteger(address(set), visitor);
            return END;
        }
        ByteSpan name = new ByteSpan();
        return ElementTable.scan(
                set, position, element -> visitor.visit(Element.name(element, name)));
    }

    /** Shows {@code count} members drawn at random, each draw from all of them; there is at least one. */
    static void draw(long set, long count, RandomGenerator random, MemberVisitor visitor) {
        if (set < 0) {
            drawIntegers(address(set), count, random, visitor);
            return;
        }
        ByteSpan name = new ByteSpan();
        for (long i = 0; i < count; i++) {
            visitor.visit(Element.name(ElementTable.random(set, random), name));
        }
    }

    /** Shows and takes out {@code count} random members; there are at least as many. Returns the set from now on. */
    static long pop(
            ArenaStripe stripe,
            long set,
            long count,
            RandomGenerator random,
            MemberVisitor visitor) {
        if (set < 0) {
            return popIntegers(stripe, address(set), count, random, visitor) | INTSET;
        }
        ByteSpan name = new ByteSpan();
        for (long i = 0; i < count; i++) {
            long element = ElementTable.random(set, random);
            visitor.visit(Element.name(element, name));
            ElementTable.remove(stripe, set, element, stripe.hashes().of(name));
        }
        return set;
    }

    private static long addToTable(ArenaStripe stripe, long table, ByteSpan member) {
        long hash = stripe.hashes().of(member);
        if (ElementTable.find(table, member, hash) != ElementTable.ABSENT) {
            return UNCHANGED;
        }
        ElementTable.insert(stripe, table, member, hash);
        return table;
    }

    /** Moves the members of an intset to a new table. */
    private static long toTable(ArenaStripe stripe, long set) {
        long table = ElementTable.create(stripe, TableKind.MEMBERS);
        forEachInteger(
                address(set),
                member -> ElementTable.insert(
                        stripe, table, member, stripe.hashes().of(member)));
        Intset.free(stripe, address(set));
        return table;
    }

    private static void forEachInteger(long intset, MemberVisitor visitor) {
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            int count = Intset.count(intset);
            for (int i = 0; i < count; i++) {
                visitor.visit(digits.putLong(Intset.get(intset, i)));
            }
        }
    }

    private static void drawIntegers(
            long intset, long count, RandomGenerator random, MemberVisitor visitor) {
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            int members = Intset.count(intset);
            for (long i = 0; i < count; i++) {
                visitor.visit(digits.putLong(Intset.get(intset, random.nextInt(members))));
            }
        }
    }

    private static long popIntegers(
            ArenaStripe stripe,
            long intset,
            long count,
            RandomGenerator random,
            MemberVisitor visitor) {
        long left = intset;
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            for (long i = 0; i < count; i++) {
                int index = random.nextInt(Intset.count(left));
                visitor.visit(digits.putLong(Intset.get(left, index)));
                left = Intset.removeAt(stripe, left, index);
            }
        }
        return left;
    }
}
