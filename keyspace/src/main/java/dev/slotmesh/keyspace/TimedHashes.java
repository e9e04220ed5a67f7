package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.EntryStore;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.table.Element;
import dev.slotmesh.keyspace.table.ElementTable;
import dev.slotmesh.keyspace.table.TableKind;
import dev.slotmesh.keyspace.table.TableStructure;

import java.util.ArrayList;
import java.util.List;

/**
 * Which keys of a slot hold hashes whose fields have deadlines, and when each should be looked at: so that the active cycle
 * finds them without a walk over all keys. It is itself a table in native memory, of keys with a deadline, and costs nothing
 * before the first.
 *
 * <p>A name goes with its key, and comes back when the key's hash gets here from another key or slot. It may be that of a hash
 * whose last deadline was taken away: that is noticed when its time comes. Guarded by the slot's lock.
 */
final class TimedHashes {
    private static final int ELEMENTS_A_STEP = 4096;

    private final ArenaStripe stripe;
    private final int slotNumber;
    private final SlotCounts counts;
    private long table;

    /** @param counts told of how many keys of the slot are noted */
    TimedHashes(ArenaStripe stripe, int slotNumber, SlotCounts counts) {
        this.stripe = stripe;
        this.slotNumber = slotNumber;
        this.counts = counts;
    }

    /** The hash at an entry is to be looked at when that time has passed, milliseconds since 1970, or earlier. */
    void note(long entry, long dueMs) {
        note(EntryStore.key(entry, new ByteSpan()), dueMs);
        publish();
    }

    /** Drops the name of an entry that is about to go. */
    void forget(long entry) {
        if (table != 0
                && EntryStore.type(entry) == KeyType.HASH.code()
                && EntryStore.encoding(entry) != ValueEncoding.LISTPACK.code()) {
            forget(EntryStore.key(entry, new ByteSpan()));
        }
    }

    private void forget(ByteSpan key) {
        long hash = stripe.hashes().of(key);
        long element = ElementTable.find(table, key, hash);
        if (element != ElementTable.ABSENT) {
            ElementTable.remove(stripe, table, element, hash);
            freeIfEmpty();
            publish();
        }
    }

    private void note(ByteSpan key, long dueMs) {
        if (table == 0) {
            table = ElementTable.create(stripe, TableKind.FIELDS);
        }
        long hash = stripe.hashes().of(key);
        long element = ElementTable.find(table, key, hash);
        if (element == ElementTable.ABSENT) {
            element = ElementTable.insertField(stripe, table, key, hash, new ByteSpan());
        } else if (Element.deadline(element) <= dueMs) {
            return;
        }
        ElementTable.deadline(stripe, table, element, hash, dueMs);
    }

    /**
     * Deletes fields past their deadline in the hashes whose time has come, and hashes left empty, in one bounded step.
     *
     * @return whether more are due
     */
    boolean removeDue(Slot slot, long nowMs) {
        if (!isDue(nowMs)) {
            return false;
        }
        List<byte[]> due = new ArrayList<>();
        ByteSpan name = new ByteSpan();
        ElementTable.removeDue(
                stripe,
                table,
                nowMs,
                1,
                element -> due.add(Element.name(element, name).toByteArray()));
        int left = ELEMENTS_A_STEP;
        try (NativeBuffer key = new NativeBuffer(64)) {
            for (byte[] bytes : due) {
                left -= visit(slot, key.put(bytes), nowMs, left);
            }
        }
        freeIfEmpty();
        publish();
        return isDue(nowMs);
    }

    /** Frees some thousand names, after which the others are no longer known. Returns whether nothing is left. */
    boolean freeSome() {
        if (table != 0) {
            table = new TableStructure().free(stripe, table, ELEMENTS_A_STEP);
        }
        return table == 0;
    }

    private boolean isDue(long nowMs) {
        return table != 0 && ElementTable.visitNotBefore(table) <= nowMs;
    }

    /** Looks at about {@code most} fields, if that is above 0, and notes the key again unless all is done. */
    private int visit(Slot slot, ByteSpan key, long nowMs, int most) {
        long entry = slot.index().find(key, slot.hash(key));
        if (entry == Slot.ABSENT
                || slot.type(entry) != KeyType.HASH
                || !FieldDeadlines.any(slot, entry)) {
            return 0;
        }
        long hashTable = Root.address(slot.root(entry));
        long before = ElementTable.size(hashTable);
        if (most > 0 && ElementTable.visitNotBefore(hashTable) <= nowMs) {
            slot.database().keyspace().freeze(slot, entry);
            FieldDeadlines.removeDue(slot, entry, nowMs, most);
            if (Hashes.removeIfEmpty(slot, entry)) {
                return (int) Math.min(before, ELEMENTS_A_STEP);
            }
        }
        if (FieldDeadlines.any(slot, entry)) {
            note(key, Math.max(1, ElementTable.visitNotBefore(hashTable) - 1));
        }
        return (int) Math.min(before, ELEMENTS_A_STEP);
    }

    private void freeIfEmpty() {
        if (ElementTable.size(table) == 0) {
            new TableStructure().free(stripe, table, Integer.MAX_VALUE);
            table = 0;
        }
    }

    private void publish() {
        counts.set(slotNumber, table == 0 ? 0 : (int) ElementTable.size(table));
    }
}
