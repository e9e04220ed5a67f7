package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;
import dev.slotmesh.keyspace.table.Element;
import dev.slotmesh.keyspace.table.ElementTable;
import dev.slotmesh.keyspace.table.TableKind;

/**
 * The hashes of a slot: fields with values, set, read and removed one at a time.
 *
 * <p>A small hash is a listpack of fields and values in the order of insertion; beyond {@link EncodingLimits#hashEntries} or
 * {@link EncodingLimits#hashValueBytes}, or with a deadline on a field, it is a table, and never a listpack again. Walks are
 * in {@link HashWalks}, deadlines of fields in {@link FieldDeadlines}.
 *
 * <p>An entry is that of a hash, in the slot given, whose lock is held. A field past its deadline is absent for all that read,
 * and is deleted by those that write it and by the active cycle.
 */
public final class Hashes {
    /** Instead of a {@link FieldText}: there is no such field. */
    public static final long ABSENT = 0;

    private Hashes() {}

    /** Makes an empty hash under a key that is absent; a field must follow before the lock is given back. */
    public static long create(Slot slot, ByteSpan key, long nowMs) {
        long entry = slot.create(key, KeyType.HASH, Slot.NO_EXPIRY, nowMs);
        ArenaStripe stripe = slot.stripe();
        slot.root(entry, ValueEncoding.LISTPACK, Root.of(stripe, Listpack.create(stripe)));
        return entry;
    }

    /** Fields, those past their deadline and not yet deleted included. */
    public static long size(Slot slot, long entry) {
        long address = Root.address(slot.root(entry));
        return isListpack(slot, entry) ? Listpack.count(address) / 2 : ElementTable.size(address);
    }

    /** The {@link FieldText} of a field's value, or {@link #ABSENT}. */
    public static long find(Slot slot, long entry, ByteSpan field, long nowMs) {
        long address = Root.address(slot.root(entry));
        if (isListpack(slot, entry)) {
            int at = Listpack.find(address, Listpack.first(address), field, 1);
            return at == Listpack.NONE
                    ? ABSENT
                    : FieldText.inListpack(address + Listpack.next(address, at));
        }
        long element = ElementTable.find(address, field, slot.hash(field));
        return element == ElementTable.ABSENT || FieldDeadlines.isDue(slot, element, nowMs)
                ? ABSENT
                : FieldText.valueOf(element);
    }

    /**
     * Sets a field; a deadline it had is gone.
     *
     * @param field outside this hash, as {@code value}
     * @return whether the field is new
     */
    public static boolean set(Slot slot, long entry, ByteSpan field, ByteSpan value, long nowMs) {
        if (isListpack(slot, entry) && !fits(slot, entry, field, value)) {
            convert(slot, entry, ValueEncoding.HASHTABLE);
        }
        if (isListpack(slot, entry)) {
            return setPacked(slot, entry, field, value);
        }
        ArenaStripe stripe = slot.stripe(entry);
        long table = Root.address(slot.root(entry));
        long hash = slot.hash(field);
        long element = ElementTable.find(table, field, hash);
        if (element == ElementTable.ABSENT) {
            ElementTable.insertField(stripe, table, field, hash, value);
            FieldDeadlines.relabel(slot, entry, field.length(), value.length());
            return true;
        }
        boolean isNew = false;
        if (Element.hasWord(element)) {
            isNew = FieldDeadlines.isDue(slot, element, nowMs);
            if (isNew) {
                FieldDeadlines.noteMet(slot, entry, field);
            }
            element = ElementTable.deadline(stripe, table, element, hash, 0);
        }
        ElementTable.replace(stripe, table, element, hash, value);
        FieldDeadlines.relabel(slot, entry, field.length(), value.length());
        return isNew;
    }

    /** Gives a field that is there another value; its deadline stays. {@code value} is outside this hash. */
    public static void replace(Slot slot, long entry, ByteSpan field, ByteSpan value) {
        if (isListpack(slot, entry) && !fits(slot, entry, field, value)) {
            convert(slot, entry, ValueEncoding.HASHTABLE);
        }
        if (isListpack(slot, entry)) {
            setPacked(slot, entry, field, value);
            return;
        }
        long table = Root.address(slot.root(entry));
        long hash = slot.hash(field);
        long element = ElementTable.find(table, field, hash);
        ElementTable.replace(slot.stripe(entry), table, element, hash, value);
        FieldDeadlines.relabel(slot, entry, field.length(), value.length());
    }

    /**
     * Deletes a field. The hash may be empty afterwards: {@link #removeIfEmpty}.
     *
     * @return whether it was there, not past its deadline
     */
    public static boolean remove(Slot slot, long entry, ByteSpan field, long nowMs) {
        long address = Root.address(slot.root(entry));
        ArenaStripe stripe = slot.stripe(entry);
        if (isListpack(slot, entry)) {
            int at = Listpack.find(address, Listpack.first(address), field, 1);
            if (at == Listpack.NONE) {
                return false;
            }
            long edited = Listpack.deleteRange(stripe, address, at, 2);
            slot.root(entry, ValueEncoding.LISTPACK, Root.of(stripe, edited));
            return true;
        }
        long hash = slot.hash(field);
        long element = ElementTable.find(address, field, hash);
        if (element == ElementTable.ABSENT) {
            return false;
        }
        boolean visible = !FieldDeadlines.isDue(slot, element, nowMs);
        if (!visible) {
            FieldDeadlines.noteMet(slot, entry, field);
        }
        ElementTable.remove(stripe, address, element, hash);
        return visible;
    }

    /** Deletes the key of a hash without fields. Returns whether it did. */
    public static boolean removeIfEmpty(Slot slot, long entry) {
        if (size(slot, entry) > 0) {
            return false;
        }
        slot.removeEntry(entry);
        return true;
    }

    static boolean isListpack(Slot slot, long entry) {
        return slot.encoding(entry) == ValueEncoding.LISTPACK;
    }

    /** Turns a listpack into a table. */
    static void convert(Slot slot, long entry, ValueEncoding encoding) {
        ArenaStripe stripe = slot.stripe(entry);
        long listpack = Root.address(slot.root(entry));
        long table = ElementTable.create(stripe, TableKind.FIELDS);
        HashConversion.pour(stripe, listpack, table);
        slot.root(entry, encoding, Root.of(stripe, table));
        Listpack.free(stripe, listpack);
    }

    private static boolean fits(Slot slot, long entry, ByteSpan field, ByteSpan value) {
        int longest = slot.database().keyspace().encodingLimits().hashValueBytes();
        return field.length() <= longest
                && value.length() <= longest
                && Listpack.hasRoom(
                        Root.address(slot.root(entry)),
                        (long) ListpackEntry.sizeOfString(field.length())
                                + ListpackEntry.sizeOfString(value.length()));
    }

    private static boolean setPacked(Slot slot, long entry, ByteSpan field, ByteSpan value) {
        ArenaStripe stripe = slot.stripe(entry);
        long listpack = Root.address(slot.root(entry));
        int at = Listpack.find(listpack, Listpack.first(listpack), field, 1);
        boolean isNew = at == Listpack.NONE;
        if (isNew) {
            listpack = Listpack.append(stripe, listpack, field);
            listpack = Listpack.append(stripe, listpack, value);
        } else {
            listpack = Listpack.replace(stripe, listpack, Listpack.next(listpack, at), value);
        }
        slot.root(entry, ValueEncoding.LISTPACK, Root.of(stripe, listpack));
        int limit = slot.database().keyspace().encodingLimits().hashEntries();
        if (Listpack.count(listpack) / 2 > limit) {
            convert(slot, entry, ValueEncoding.HASHTABLE);
        }
        return isNew;
    }
}
