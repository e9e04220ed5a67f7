package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;
import dev.slotmesh.keyspace.tree.SortedTable;

/**
 * The sorted sets of a slot: members with scores, found, added, changed and removed one at a time. Order and ranges are in
 * {@link SortedRanges}.
 *
 * <p>A small sorted set is a listpack of members and scores; beyond {@link EncodingLimits#zsetEntries} or {@link
 * EncodingLimits#zsetValueBytes} it is a {@link SortedTable}, and never a listpack again.
 *
 * <p>An entry is that of a sorted set, in the slot given, whose lock is held. A <i>member</i> is a {@link SortedMember}. Names
 * handed in lie outside the sorted set; scores are not NaN.
 */
public final class SortedSets {
    private SortedSets() {}

    /**
     * Makes an empty sorted set under a key, replacing what it held; a member must follow before the lock is given back.
     * Returns the entry.
     */
    public static long create(Slot slot, ByteSpan key, long nowMs) {
        long entry = slot.create(key, KeyType.ZSET, Slot.NO_EXPIRY, nowMs);
        ArenaStripe stripe = slot.stripe();
        slot.root(entry, ValueEncoding.LISTPACK, Root.of(stripe, Listpack.create(stripe)));
        return entry;
    }

    /** How many members there are. */
    public static long size(Slot slot, long entry) {
        long address = Root.address(slot.root(entry));
        return isPacked(slot, entry) ? PackedScores.size(address) : SortedTable.size(address);
    }

    /** The member of that name, or {@link SortedMember#ABSENT}. */
    public static long find(Slot slot, long entry, ByteSpan name) {
        long address = Root.address(slot.root(entry));
        return isPacked(slot, entry)
                ? PackedScores.find(address, name)
                : SortedTable.find(slot.stripe(entry), address, name);
    }

    /** Adds a member whose name is not there. Members found before are no longer valid. */
    public static void insert(Slot slot, long entry, ByteSpan name, double score) {
        ArenaStripe stripe = slot.stripe(entry);
        if (isPacked(slot, entry)) {
            long listpack = Root.address(slot.root(entry));
            if (fits(slot, listpack, name)) {
                slot.root(
                        entry,
                        ValueEncoding.LISTPACK,
                        Root.of(stripe, PackedScores.insert(stripe, listpack, name, score)));
                return;
            }
            convert(slot, entry);
        }
        SortedTable.insert(stripe, Root.address(slot.root(entry)), name, score);
    }

    /**
     * Gives a member another score. Members found before are no longer valid.
     *
     * @param name the member's name
     */
    public static void update(Slot slot, long entry, long member, ByteSpan name, double score) {
        ArenaStripe stripe = slot.stripe(entry);
        long address = Root.address(slot.root(entry));
        if (isPacked(slot, entry)) {
            long without = PackedScores.remove(stripe, address, member, 1);
            slot.root(
                    entry,
                    ValueEncoding.LISTPACK,
                    Root.of(stripe, PackedScores.insert(stripe, without, name, score)));
        } else {
            SortedTable.update(stripe, address, member, score);
        }
    }

    /** Adds a member or gives it another score. Returns whether it is new. */
    public static boolean put(Slot slot, long entry, ByteSpan name, double score) {
        long member = find(slot, entry, name);
        if (member == SortedMember.ABSENT) {
            insert(slot, entry, name, score);
            return true;
        }
        if (SortedMember.score(member) != score) {
            update(slot, entry, member, name, score);
        }
        return false;
    }

    /**
     * Takes a member out. The set may be empty afterwards: {@link #removeIfEmpty}. Members found before are no longer
     * valid.
     */
    public static void remove(Slot slot, long entry, long member) {
        ArenaStripe stripe = slot.stripe(entry);
        long address = Root.address(slot.root(entry));
        if (isPacked(slot, entry)) {
            slot.root(
                    entry,
                    ValueEncoding.LISTPACK,
                    Root.of(stripe, PackedScores.remove(stripe, address, member, 1)));
        } else {
            SortedTable.remove(stripe, address, member);
        }
    }

    /** Deletes the key of a sorted set without members. Returns whether it did. */
    public static boolean removeIfEmpty(Slot slot, long entry) {
        if (size(slot, entry) > 0) {
            return false;
        }
        slot.removeEntry(entry);
        return true;
    }

    static boolean isPacked(Slot slot, long entry) {
        return slot.encoding(entry) == ValueEncoding.LISTPACK;
    }

    private static boolean fits(Slot slot, long listpack, ByteSpan name) {
        EncodingLimits limits = slot.database().keyspace().encodingLimits();
        return PackedScores.size(listpack) < limits.zsetEntries()
                && name.length() <= limits.zsetValueBytes()
                && Listpack.hasRoom(listpack, 2L * ListpackEntry.sizeOfString(name.length()));
    }

    /** Gives up the listpack, whatever the limits: SORT does. Members found before are no longer valid. */
    public static void unpack(Slot slot, long entry) {
        if (isPacked(slot, entry)) {
            // SORT_RO, which does not say that it writes, comes here as well.
            slot.database().keyspace().freeze(slot, entry);
            convert(slot, entry);
        }
    }

    /** Turns a listpack into a table with a tree. */
    private static void convert(Slot slot, long entry) {
        ArenaStripe stripe = slot.stripe(entry);
        long listpack = Root.address(slot.root(entry));
        long sorted = SortedTable.create(stripe);
        ByteSpan name = new ByteSpan();
        try (NativeBuffer scratch = new NativeBuffer(DecimalLong.LONGEST)) {
            for (long member = PackedScores.first(listpack);
                    member != SortedMember.ABSENT;
                    member = PackedScores.next(listpack, member)) {
                SortedMember.text(member, name, scratch);
                SortedTable.insert(stripe, sorted, name, SortedMember.score(member));
            }
        }
        slot.root(entry, ValueEncoding.SKIPLIST, Root.of(stripe, sorted));
        Listpack.free(stripe, listpack);
    }
}
