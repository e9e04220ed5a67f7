package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.table.Element;
import dev.slotmesh.keyspace.table.ElementTable;

/**
 * The deadlines of a hash's fields, milliseconds since 1970. A field is past its deadline once that is before now.
 *
 * <p>A hash with a deadline is a table, also a small one, whose encoding is then called "listpackex" as long as a listpack
 * could hold it. The slot's {@link TimedHashes} know every hash with deadlines. An entry is that of a hash, in the slot given,
 * whose lock is held.
 */
public final class FieldDeadlines {
    /** Instead of a deadline: the field has none. */
    public static final long NONE = -1;

    /** Instead of a deadline: there is no such field. */
    public static final long NO_FIELD = -2;

    private FieldDeadlines() {}

    /** The deadline of a field, {@link #NONE} or {@link #NO_FIELD}. */
    public static long get(Slot slot, long entry, ByteSpan field, long nowMs) {
        if (Hashes.isListpack(slot, entry)) {
            return Hashes.find(slot, entry, field, nowMs) == Hashes.ABSENT ? NO_FIELD : NONE;
        }
        long table = Root.address(slot.root(entry));
        long element = ElementTable.find(table, field, slot.hash(field));
        if (element == ElementTable.ABSENT || isDue(slot, element, nowMs)) {
            return NO_FIELD;
        }
        long deadline = Element.deadline(element);
        return deadline == 0 ? NONE : deadline;
    }

    /**
     * Gives a field that is there a deadline. The hash may become a table; its entry stays.
     *
     * @param deadlineMs above 0, or {@link #NONE} to take the deadline away
     */
    public static void set(Slot slot, long entry, ByteSpan field, long deadlineMs) {
        if (Hashes.isListpack(slot, entry)) {
            if (deadlineMs == NONE) {
                return;
            }
            Hashes.convert(slot, entry, ValueEncoding.LISTPACK_EX);
        }
        ArenaStripe stripe = slot.stripe(entry);
        long table = Root.address(slot.root(entry));
        long hash = slot.hash(field);
        long element = ElementTable.find(table, field, hash);
        ElementTable.deadline(stripe, table, element, hash, deadlineMs == NONE ? 0 : deadlineMs);
        if (deadlineMs != NONE) {
            slot.timedHashes().note(entry, deadlineMs);
        }
    }

    /** Whether any field has a deadline. */
    public static boolean any(Slot slot, long entry) {
        return !Hashes.isListpack(slot, entry)
                && ElementTable.expiring(Root.address(slot.root(entry))) > 0;
    }

    /**
     * Deletes fields past their deadline, looking at about {@code most} fields, and tells the keyspace's log of it. The hash
     * may be empty afterwards: {@link Hashes#removeIfEmpty}.
     *
     * @return how many were deleted
     */
    static int removeDue(Slot slot, long entry, long nowMs, int most) {
        long table = Root.address(slot.root(entry));
        Keyspace keyspace = slot.database().keyspace();
        ByteSpan field = new ByteSpan();
        int removed = ElementTable.removeDue(
                slot.stripe(entry),
                table,
                nowMs,
                most,
                element -> keyspace.noteExpiredField(slot, entry, Element.name(element, field)));
        if (removed > 0) {
            keyspace.noteExpiredFields(slot, entry, removed);
        }
        return removed;
    }

    /**
     * Deletes all fields past their deadline from a hash that is being loaded, telling nobody of it, as if they had not been
     * there. It may be empty afterwards.
     *
     * @return whether fields are left
     */
    public static boolean keepAlive(Slot slot, long entry, long nowMs) {
        if (any(slot, entry)) {
            long table = Root.address(slot.root(entry));
            ElementTable.removeDue(
                    slot.stripe(entry), table, nowMs, Integer.MAX_VALUE, element -> {});
        }
        return Hashes.size(slot, entry) > 0;
    }

    /** Notes a field that a command met past its deadline and deletes, or sets as a new one. */
    static void noteMet(Slot slot, long entry, ByteSpan field) {
        slot.database().keyspace().noteExpiredField(slot, entry, field);
    }

    /** Notes a hash that came here with its deadlines. */
    static void noteMoved(Slot slot, long entry) {
        if (any(slot, entry)) {
            long due = ElementTable.visitNotBefore(Root.address(slot.root(entry))) - 1;
            slot.timedHashes().note(entry, Math.max(1, due));
        }
    }

    /** Whether a table's field is to be treated as absent. */
    static boolean isDue(Slot slot, long element, long nowMs) {
        return Element.hasWord(element) && slot.hasPassed(Element.deadline(element), nowMs);
    }

    /** Calls a hash with deadlines a table once a listpack could not hold it, given what was just stored in it. */
    static void relabel(Slot slot, long entry, int fieldBytes, int valueBytes) {
        if (slot.encoding(entry) == ValueEncoding.LISTPACK_EX) {
            EncodingLimits limits = slot.database().keyspace().encodingLimits();
            if (Math.max(fieldBytes, valueBytes) > limits.hashValueBytes()
                    || Hashes.size(slot, entry) > limits.hashEntries()) {
                slot.root(entry, ValueEncoding.HASHTABLE, slot.root(entry));
            }
        }
    }
}
