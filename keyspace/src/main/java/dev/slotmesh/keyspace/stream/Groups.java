package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;

import java.util.function.LongConsumer;

/**
 * The consumer groups of a stream. A group is known by the address of its block, an opaque handle that stays until the group
 * is removed. All need the lock of the stream's slot.
 */
public final class Groups {
    /** Instead of a count of entries read: it is not known. */
    public static final long UNKNOWN_COUNT = -1;

    private static final int LAST_ID = NameTable.NAME_BYTES;
    private static final int ENTRIES_READ = LAST_ID + 16;
    private static final int PENDING = ENTRIES_READ + 8;
    private static final int CONSUMERS = PENDING + IdTree.BYTES;
    private static final int BYTES = CONSUMERS + NameTable.BYTES;

    private Groups() {}

    /** How many groups a stream has. */
    public static long count(long stream) {
        return NameTable.size(StreamHead.groups(stream));
    }

    /** The group of that name, 0 when there is none. */
    public static long find(long stream, ByteSpan name) {
        return NameTable.find(StreamHead.groups(stream), name);
    }

    /** Makes a group whose name is absent, of entries after an ID, the count of entries read not known. */
    public static long create(
            ArenaStripe stripe, long stream, ByteSpan name, StreamId lastDelivered) {
        long group = allocate(stripe, name, lastDelivered);
        NameTable.insert(stripe, StreamHead.groups(stream), group);
        return group;
    }

    /** A group that is in no stream. */
    static long allocate(ArenaStripe stripe, ByteSpan name, StreamId lastDelivered) {
        long group = NameTable.allocateNamed(stripe, BYTES, name);
        lastId(group, lastDelivered.ms(), lastDelivered.seq());
        entriesRead(group, UNKNOWN_COUNT);
        IdTree.initialise(pending(group));
        NameTable.initialise(consumers(group));
        return group;
    }

    /** Takes a group out of its stream; what it holds is to be freed by {@link GroupStructure}. */
    public static void remove(ArenaStripe stripe, long stream, long group) {
        NameTable.remove(stripe, StreamHead.groups(stream), group);
    }

    /** Visits the groups in the order of their names; none may be made or removed meanwhile. */
    public static void forEach(long stream, LongConsumer visitor) {
        NameTable.forEach(StreamHead.groups(stream), visitor);
    }

    /** Points {@code into} at the group's name. */
    public static ByteSpan name(long group, ByteSpan into) {
        return NameTable.name(group, into);
    }

    /** The ID delivered last. */
    public static StreamId lastId(long group) {
        long at = group + LAST_ID;
        return new StreamId(IdPage.ms(at), IdPage.seq(at));
    }

    public static void lastId(long group, long ms, long seq) {
        IdPage.id(group + LAST_ID, ms, seq);
    }

    /** How many entries of the stream were delivered or skipped, or {@link #UNKNOWN_COUNT}. */
    public static long entriesRead(long group) {
        return NativeMemory.readLong(group + ENTRIES_READ);
    }

    public static void entriesRead(long group, long entries) {
        NativeMemory.writeLong(group + ENTRIES_READ, entries);
    }

    /** Entries delivered and not confirmed. */
    public static long pendingCount(long group) {
        return IdTree.size(pending(group));
    }

    /** The tree of what is not confirmed. */
    static long pending(long group) {
        return group + PENDING;
    }

    /** The table of consumers. */
    static long consumers(long group) {
        return group + CONSUMERS;
    }
}
