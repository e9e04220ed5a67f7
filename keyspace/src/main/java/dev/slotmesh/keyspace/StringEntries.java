package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.EntryStore;

/** Entries of strings that are made, or made longer, for writing in place; each needs the slot's lock. */
final class StringEntries {
    private StringEntries() {}

    /** Stores the decimal form of an integer, keeping the deadline. Returns the entry. */
    static long putLong(Slot slot, ByteSpan key, long value, long nowMs) {
        long hash = slot.hash(key);
        long old = slot.unlessExpiredHere(slot.index().find(key, hash), nowMs);
        long oldDeadline = old == Slot.ABSENT ? 0 : EntryStore.deadline(old);
        long deadline = Slot.kept(oldDeadline, nowMs);
        long traits = EntryStore.traits(
                KeyType.STRING.code(), ValueEncoding.INT.code(), slot.freshClock(old, nowMs));
        if (Slot.isString(old) && slot.entries().overwrite(old, value, traits, deadline)) {
            slot.noteDeadline(hash, old, oldDeadline, deadline);
            return old;
        }
        long entry = slot.entries().create(key, value, traits, deadline);
        slot.enter(hash, old, entry, deadline);
        return entry;
    }

    /** Makes a raw string of {@code length} undefined bytes under a key that is absent. */
    static long createRaw(Slot slot, ByteSpan key, int length, long nowMs) {
        long traits = EntryStore.traits(
                KeyType.STRING.code(),
                ValueEncoding.RAW.code(),
                slot.freshClock(Slot.ABSENT, nowMs));
        long hash = slot.hash(key);
        long entry = slot.entries().create(key, length, length, traits, 0);
        slot.enter(hash, slot.index().find(key, hash), entry, 0);
        return entry;
    }

    /**
     * Makes a string exactly or at least as long, its new bytes undefined, encoding raw.
     *
     * @return the entry; when it is another one, the caller frees the old one
     */
    static long extend(Slot slot, long entry, int length) {
        EntryStore.encoding(entry, ValueEncoding.RAW.code());
        if (length <= EntryStore.valueLength(entry)) {
            return entry;
        }
        EntryStore entries = slot.entries();
        if (entries.extend(entry, length)) {
            return entry;
        }
        long deadline = EntryStore.deadline(entry);
        long moved = entries.copy(entry, Strings.capacityFor(length), deadline);
        if (!entries.extend(moved, length)) {
            throw new IllegalStateException(
                    "no room for " + length + " bytes in a block made for them");
        }
        slot.index().replace(slot.index().hash(entry), entry, moved, deadline);
        return moved;
    }
}
