package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.EntryStore;
import dev.slotmesh.keyspace.memory.Root;

/** Entries on their way to another key, slot or database, whose locks are all held. */
final class EntryTransfer {
    private EntryTransfer() {}

    /** See {@link Slot#moveTo}. */
    static long move(Slot source, long entry, Slot target, ByteSpan newKey) {
        if (target == source && EntryStore.hasKey(entry, newKey)) {
            return entry;
        }
        source.database().keyspace().freeze(source, entry);
        long moved = adopt(target, entry, newKey, EntryStore.clock(entry));
        source.index().remove(source.index().hash(entry), entry);
        source.timedHashes().forget(entry);
        source.entries().free(entry);
        source.publish();
        return moved;
    }

    /**
     * See {@link Slot#copyTo}.
     *
     * @param clock the copy's access bits
     */
    static long copy(Slot source, long entry, Slot target, ByteSpan newKey, int clock) {
        if (target == source && EntryStore.hasKey(entry, newKey)) {
            return entry;
        }
        if (Slot.isString(entry)) {
            return adopt(target, entry, newKey, clock);
        }
        long copied = source.database()
                .keyspace()
                .structures()
                .of(entry)
                .copy(Root.address(EntryStore.root(entry)), target.stripe());
        long adopted = adopt(target, entry, newKey, clock);
        EntryStore.root(adopted, Root.of(target.stripe(), copied));
        return adopted;
    }

    /** Makes an entry with the value, or the root, of a foreign one, replacing what is there. */
    private static long adopt(Slot target, long foreign, ByteSpan key, int clock) {
        long hash = target.hash(key);
        long old = target.index().find(key, hash);
        long deadline = EntryStore.deadline(foreign);
        long entry = target.entries().copy(foreign, key, EntryStore.valueLength(foreign), deadline);
        EntryStore.clock(entry, clock);
        if (!Slot.isString(entry)) {
            target.noteStructure();
        }
        target.enter(hash, old, entry, deadline);
        if (EntryStore.type(entry) == KeyType.HASH.code()) {
            FieldDeadlines.noteMoved(target, entry);
        }
        return entry;
    }
}
