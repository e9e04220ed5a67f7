package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.stream.StreamHead;

/**
 * Whether entries were added to a stream since a client looked, or another stream took its place: what wakes a reader in Redis,
 * where new IDs set by XSETID or XGROUP SETID do not. Used under the lock of the key's slot.
 */
final class AddedSince {
    private long root;
    private long entriesAdded;

    private AddedSince(long root, long entriesAdded) {
        this.root = root;
        this.entriesAdded = entriesAdded;
    }

    /** From now on; the entry may be absent. */
    static AddedSince now(Slot slot, long entry) {
        return entry == Slot.ABSENT
                ? new AddedSince(0, 0)
                : new AddedSince(
                        slot.root(entry), StreamHead.entriesAdded(Streams.of(slot, entry)));
    }

    /** Whether so; the next answer counts from now on. */
    boolean anything(Slot slot, long entry) {
        long rootNow = slot.root(entry);
        long addedNow = StreamHead.entriesAdded(Streams.of(slot, entry));
        boolean changed = rootNow != root || addedNow != entriesAdded;
        root = rootNow;
        entriesAdded = addedNow;
        return changed;
    }
}
