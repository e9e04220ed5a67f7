package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;

import java.util.function.LongConsumer;

/**
 * The consumers of a group. A consumer is known by the address of its block, an opaque handle that stays until the consumer is
 * removed. All need the lock of the stream's slot.
 */
public final class Consumers {
    private static final int SEEN_TIME = NameTable.NAME_BYTES;
    private static final int PENDING = SEEN_TIME + 8;
    private static final int BYTES = PENDING + IdTree.BYTES;

    private Consumers() {}

    /** How many consumers a group has. */
    public static long count(long group) {
        return NameTable.size(Groups.consumers(group));
    }

    /** The consumer of that name, 0 when there is none. */
    public static long find(long group, ByteSpan name) {
        return NameTable.find(Groups.consumers(group), name);
    }

    /** Makes a consumer whose name is absent. */
    public static long create(ArenaStripe stripe, long group, ByteSpan name, long seenAtMs) {
        long consumer = NameTable.allocateNamed(stripe, BYTES, name);
        seenTime(consumer, seenAtMs);
        IdTree.initialise(pending(consumer));
        NameTable.insert(stripe, Groups.consumers(group), consumer);
        return consumer;
    }

    /** Removes a consumer; nobody has what it had not confirmed. Returns how many entries that were. */
    public static long remove(ArenaStripe stripe, long group, long consumer) {
        long tree = pending(consumer);
        long count = IdTree.size(tree);
        for (long place = IdTree.first(tree); place != 0; place = IdTree.next(place)) {
            long record = IdTree.record(place);
            IdTree.remove(stripe, Groups.pending(group), IdPage.ms(record), IdPage.seq(record));
        }
        while (IdTree.size(tree) > 0) {
            IdTree.dropLastLeaf(stripe, tree);
        }
        NameTable.remove(stripe, Groups.consumers(group), consumer);
        NameTable.freeNamed(stripe, consumer);
        return count;
    }

    /** Visits the consumers in the order of their names; none may be made or removed meanwhile. */
    public static void forEach(long group, LongConsumer visitor) {
        NameTable.forEach(Groups.consumers(group), visitor);
    }

    /** Points {@code into} at the consumer's name. */
    public static ByteSpan name(long consumer, ByteSpan into) {
        return NameTable.name(consumer, into);
    }

    /** When the consumer last asked for something, milliseconds since 1970. */
    public static long seenTime(long consumer) {
        return NativeMemory.readLong(consumer + SEEN_TIME);
    }

    public static void seenTime(long consumer, long atMs) {
        NativeMemory.writeLong(consumer + SEEN_TIME, atMs);
    }

    /** Entries delivered to this consumer and not confirmed. */
    public static long pendingCount(long consumer) {
        return IdTree.size(pending(consumer));
    }

    /** The tree of the IDs that this consumer has not confirmed. */
    static long pending(long consumer) {
        return consumer + PENDING;
    }
}
