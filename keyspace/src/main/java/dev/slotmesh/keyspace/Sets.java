package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.packed.Intset;

/**
 * The members of the sets below entries: adding, asking, taking out, walking. A set of integers is an intset up to {@link
 * EncodingLimits#intsetEntries} members, any other one a table.
 *
 * <p>Every method needs the slot's lock, and an entry that is a set. Changes leave the entry where it is. A set without
 * members must not stay: {@link #removeIfEmpty} ends a command that took some out.
 */
public final class Sets {
    /** The position behind all members; positions are 0 to END - 1. */
    public static final long END = SetBody.END;

    private Sets() {}

    /**
     * Makes a set without members under a key, replacing what it held, deadline included. Its encoding suits the first
     * member, which must be added next.
     *
     * @return the entry
     */
    public static long create(Slot slot, ByteSpan key, ByteSpan first, long nowMs) {
        ArenaStripe stripe = slot.stripe();
        return install(slot, key, SetBody.create(stripe, first), nowMs);
    }

    /**
     * Makes a set of the bytes of an intset, which came from elsewhere and which {@link Intset#isValid} accepts, replacing
     * what the key held. It is an intset even with more members than the limit.
     *
     * @return the entry
     */
    public static long load(Slot slot, ByteSpan key, ByteSpan intset, long nowMs) {
        long address = Intset.load(slot.stripe(), intset);
        return install(slot, key, SetBody.of(ValueEncoding.INTSET, address), nowMs);
    }

    /** Points {@code into} at the bytes of the intset that an entry of this encoding holds. */
    public static ByteSpan intset(Slot slot, long entry, ByteSpan into) {
        if (slot.encoding(entry) != ValueEncoding.INTSET) {
            throw new IllegalStateException("the entry is not an intset");
        }
        return Intset.bytes(Root.address(slot.root(entry)), into);
    }

    /** Number of members. */
    public static long size(Slot slot, long entry) {
        return SetBody.size(body(slot, entry));
    }

    public static boolean contains(Slot slot, long entry, ByteSpan member) {
        return SetBody.contains(slot.stripe(entry), body(slot, entry), member);
    }

    /** Adds a member. Returns whether it was not there before. */
    public static boolean add(Slot slot, long entry, ByteSpan member) {
        int limit = slot.database().keyspace().encodingLimits().intsetEntries();
        long before = body(slot, entry);
        ArenaStripe stripe = slot.stripe(entry);
        return keep(slot, entry, before, SetBody.add(stripe, before, member, limit));
    }

    /** Takes a member out. Returns whether it was there. */
    public static boolean remove(Slot slot, long entry, ByteSpan member) {
        long before = body(slot, entry);
        return keep(slot, entry, before, SetBody.remove(slot.stripe(entry), before, member));
    }

    /** Deletes the key if its set has no members. Returns whether it did. */
    public static boolean removeIfEmpty(Slot slot, long entry) {
        if (size(slot, entry) > 0) {
            return false;
        }
        slot.removeEntry(entry);
        return true;
    }

    /** Shows all members: those of an intset ascending, others in no order to rely on. */
    public static void forEach(Slot slot, long entry, MemberVisitor visitor) {
        SetBody.forEach(body(slot, entry), visitor);
    }

    /**
     * Shows some members from a position on, as SSCAN does: one that is there from the first call to the last is shown at
     * least once. An intset's members are shown all at once.
     *
     * @param position 0 to {@link #END} - 1
     * @return where to go on, {@link #END} when nothing is left
     */
    public static long scan(Slot slot, long entry, long position, MemberVisitor visitor) {
        return SetBody.scan(body(slot, entry), position, visitor);
    }

    /** Gives a set that lies in the slot's own stripe a key, replacing what it held. Returns the entry. */
    static long install(Slot slot, ByteSpan key, long set, long nowMs) {
        long entry = slot.create(key, KeyType.SET, Slot.NO_EXPIRY, nowMs);
        write(slot, entry, slot.stripe(), set);
        return entry;
    }

    /** The set below an entry. */
    static long body(Slot slot, long entry) {
        return SetBody.of(slot.encoding(entry), Root.address(slot.root(entry)));
    }

    /** Notes what became of an entry's set, if anything. Returns whether it changed. */
    static boolean keep(Slot slot, long entry, long before, long after) {
        if (after == SetBody.UNCHANGED) {
            return false;
        }
        if (after != before) {
            write(slot, entry, slot.stripe(entry), after);
        }
        return true;
    }

    private static void write(Slot slot, long entry, ArenaStripe stripe, long set) {
        slot.root(entry, SetBody.encoding(set), Root.of(stripe, SetBody.address(set)));
    }
}
