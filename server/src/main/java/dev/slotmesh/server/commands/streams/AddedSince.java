package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.stream.StreamEntries;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;

/**
 * Whether entries were added to a stream since a client looked, or another stream took its place: what wakes a reader in Redis,
 * where new IDs set by XSETID or XGROUP SETID do not. Used under the lock of the key's slot.
 *
 * <p>Another stream may lie where the former lay, and have as many entries; it concerns the reader if its last entry is a later one.
 */
final class AddedSince {
    private long root;
    private long entriesAdded;
    private StreamId last;

    private AddedSince(long root, long entriesAdded, StreamId last) {
        this.root = root;
        this.entriesAdded = entriesAdded;
        this.last = last;
    }

    /** From now on; the entry may be absent. */
    static AddedSince now(Slot slot, long entry) {
        if (entry == Slot.ABSENT) {
            return new AddedSince(0, 0, StreamId.MIN);
        }
        long stream = Streams.of(slot, entry);
        return new AddedSince(
                slot.root(entry),
                StreamHead.entriesAdded(stream),
                StreamEntries.lastEntryId(stream));
    }

    /** Whether so; the next answer counts from now on. */
    boolean anything(Slot slot, long entry) {
        AddedSince now = now(slot, entry);
        boolean changed =
                now.root != root || now.entriesAdded != entriesAdded || last.isBefore(now.last);
        root = now.root;
        entriesAdded = now.entriesAdded;
        last = now.last;
        return changed;
    }
}
