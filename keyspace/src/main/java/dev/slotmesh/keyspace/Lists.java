package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.list.ListCursor;
import dev.slotmesh.keyspace.list.Quicklist;
import dev.slotmesh.keyspace.list.QuicklistEdits;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.Root;

/**
 * Lists under keys. Each method needs the slot's lock and an entry that is a list (the command has answered WRONGTYPE
 * otherwise). A list that loses its last element loses its key, in the methods that say so. Values handed in do not lie in
 * the list that is changed. {@code first} is the end that is meant: the head when true, else the tail.
 */
public final class Lists {
    private Lists() {}

    /**
     * Makes an empty list under an absent key, as the settings of the keyspace shape it; a push must follow.
     *
     * @return the entry
     */
    public static long create(Slot slot, ByteSpan key, long nowMs) {
        return create(slot, key, Slot.NO_EXPIRY, nowMs);
    }

    /**
     * Makes an empty list under a key, replacing whatever it held; a push must follow.
     *
     * @param expireAtMs a deadline above 0, {@link Slot#NO_EXPIRY} or {@link Slot#KEEP_EXPIRY}
     * @return the entry
     */
    public static long create(Slot slot, ByteSpan key, long expireAtMs, long nowMs) {
        EncodingLimits limits = slot.database().keyspace().encodingLimits();
        ArenaStripe stripe = slot.stripe();
        long entry = slot.create(key, KeyType.LIST, expireAtMs, nowMs);
        long list = Quicklist.create(stripe, limits.listNodeSize(), limits.listCompressDepth());
        slot.root(entry, ValueEncoding.QUICKLIST, Root.of(stripe, list));
        return entry;
    }

    /** How many elements the list has. */
    public static long size(Slot slot, long entry) {
        return Quicklist.size(list(slot, entry));
    }

    /** The address of the list of an entry: for {@link Quicklist} and its nodes, valid until the key changes. */
    public static long list(Slot slot, long entry) {
        return Root.address(slot.root(entry));
    }

    /** Adds an element at an end. Returns the size afterwards. */
    public static long push(Slot slot, long entry, boolean first, ByteSpan value) {
        long list = list(slot, entry);
        Quicklist.push(slot.stripe(entry), list, first, value, plainFrom(slot));
        return Quicklist.size(list);
    }

    /** Adds the first or last element ({@code fromFirst}) of another list at an end. */
    public static void pushEndOf(
            long other, boolean fromFirst, Slot slot, long entry, boolean toFirst) {
        long list = list(slot, entry);
        ArenaStripe stripe = slot.stripe(entry);
        if (Quicklist.isInteger(other, fromFirst)) {
            Quicklist.push(stripe, list, toFirst, Quicklist.integer(other, fromFirst));
        } else {
            ByteSpan value = Quicklist.string(other, fromFirst, new ByteSpan());
            Quicklist.push(stripe, list, toFirst, value, plainFrom(slot));
        }
    }

    /** Moves an element from one end of the list to the other. */
    public static void rotate(Slot slot, long entry, boolean fromFirst) {
        long list = list(slot, entry);
        ArenaStripe stripe = slot.stripe(entry);
        if (Quicklist.isInteger(list, fromFirst)) {
            long value = Quicklist.integer(list, fromFirst);
            Quicklist.pop(stripe, list, fromFirst);
            Quicklist.push(stripe, list, !fromFirst, value);
            return;
        }
        ByteSpan value = Quicklist.string(list, fromFirst, new ByteSpan());
        try (NativeBuffer copy = new NativeBuffer(Math.max(1, value.length()))) {
            copy.put(value);
            Quicklist.pop(stripe, list, fromFirst);
            Quicklist.push(stripe, list, !fromFirst, copy.span(), plainFrom(slot));
        }
    }

    /** Whether the first or last element is stored as an integer. */
    public static boolean isInteger(Slot slot, long entry, boolean first) {
        return Quicklist.isInteger(list(slot, entry), first);
    }

    /** The first or last element, when it {@link #isInteger}. */
    public static long integer(Slot slot, long entry, boolean first) {
        return Quicklist.integer(list(slot, entry), first);
    }

    /** Points {@code into} at the first or last element, when it is not {@link #isInteger}. */
    public static ByteSpan string(Slot slot, long entry, boolean first, ByteSpan into) {
        return Quicklist.string(list(slot, entry), first, into);
    }

    /** Takes the first or last element away. Returns whether the key is gone, as it was the only one. */
    public static boolean pop(Slot slot, long entry, boolean first) {
        long list = list(slot, entry);
        if (Quicklist.size(list) == 1) {
            slot.removeEntry(entry);
            return true;
        }
        Quicklist.pop(slot.stripe(entry), list, first);
        return false;
    }

    /** Takes {@code count} elements away from an end, or all there are. Returns whether the key is gone. */
    public static boolean drop(Slot slot, long entry, boolean first, long count) {
        long list = list(slot, entry);
        if (count >= Quicklist.size(list)) {
            slot.removeEntry(entry);
            return true;
        }
        if (count > 0) {
            Quicklist.drop(slot.stripe(entry), list, first, count);
        }
        return false;
    }

    /**
     * Puts a cursor at element {@code index}: 0 is the first, -1 the last. Whoever gets true closes the cursor.
     *
     * @return false when there is no such element
     */
    public static boolean seek(Slot slot, long entry, long index, ListCursor cursor) {
        return cursor.seek(slot.stripe(entry), list(slot, entry), index);
    }

    /** Adds an element before or after the cursor's; the cursor is then to be closed. */
    public static void insert(Slot slot, ListCursor cursor, boolean before, ByteSpan value) {
        QuicklistEdits.insert(cursor, before, value, plainFrom(slot));
    }

    /** Puts another value in the place of the cursor's element; the cursor is then to be closed. */
    public static void replace(Slot slot, ListCursor cursor, ByteSpan value) {
        QuicklistEdits.replace(cursor, value, plainFrom(slot));
    }

    /**
     * Takes up to {@code most} elements away whose text is {@code value}, seen from an end. Returns how many; the key is not
     * removed even when it was all.
     */
    public static long remove(Slot slot, long entry, ByteSpan value, boolean first, long most) {
        long removed = 0;
        try (ListCursor cursor = new ListCursor()) {
            boolean more = seek(slot, entry, first ? 0 : -1, cursor);
            cursor.wanted(value);
            while (more && removed < most) {
                if (cursor.matches()) {
                    more = QuicklistEdits.delete(cursor, first);
                    removed++;
                } else {
                    more = first ? cursor.next() : cursor.previous();
                }
            }
        }
        return removed;
    }

    private static int plainFrom(Slot slot) {
        return slot.database().keyspace().listPlainFrom();
    }
}
