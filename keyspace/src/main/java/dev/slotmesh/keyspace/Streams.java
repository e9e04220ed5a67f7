package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.ByteSpans;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.stream.GroupStructure;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.keyspace.stream.StreamEntries;
import dev.slotmesh.keyspace.stream.StreamHead;

/**
 * Streams below keys. What concerns a stream alone is in {@code dev.slotmesh.keyspace.stream}, on the handle that
 * {@link #of} gives and with {@link Slot#stripe(long)}. Each needs the slot's lock.
 */
public final class Streams {
    private static final long MOST_NODE_BYTES = 1L << 30;
    private static final GroupStructure GROUP = new GroupStructure();

    private Streams() {}

    /** The stream below an entry of type stream; its handle stays until the key goes. */
    public static long of(Slot slot, long entry) {
        return Root.address(slot.root(entry));
    }

    /** Makes an empty stream under a key that is absent. Returns the entry. */
    public static long create(Slot slot, ByteSpan key, long nowMs) {
        long stream = StreamHead.create(slot.stripe());
        long entry = slot.create(key, KeyType.STREAM, Slot.NO_EXPIRY, nowMs);
        slot.root(entry, ValueEncoding.STREAM, Root.of(slot.stripe(), stream));
        return entry;
    }

    /**
     * Adds an entry after all others.
     *
     * @param words fields and values in turn from {@code first} on, at least one of each and at most 1 GiB in all
     * @param textBytes of these words
     */
    public static void append(Slot slot, long entry, ByteSpans words, int first, long textBytes) {
        EncodingLimits limits = slot.database().keyspace().encodingLimits();
        long stream = of(slot, entry);
        long mostBytes = limits.streamNodeBytes() == 0
                ? MOST_NODE_BYTES
                : Math.min(limits.streamNodeBytes(), MOST_NODE_BYTES);
        boolean toTail =
                StreamEntries.tailTakes(stream, textBytes, mostBytes, limits.streamNodeEntries());
        StreamEntries.append(slot.stripe(entry), stream, words, first, toTail);
    }

    /** Removes a group with all it holds; what is large is freed later. */
    public static void destroyGroup(Slot slot, long entry, long group) {
        ArenaStripe stripe = slot.stripe(entry);
        Groups.remove(stripe, of(slot, entry), group);
        if (GROUP.blocks(group) > Keyspace.MOST_BLOCKS_AT_ONCE) {
            slot.database().keyspace().remains().add(GROUP, Root.of(stripe, group));
        } else {
            GROUP.free(stripe, group, Integer.MAX_VALUE);
        }
    }
}
