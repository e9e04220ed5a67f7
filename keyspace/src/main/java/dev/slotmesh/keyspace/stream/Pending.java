package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * What a group delivered and was not confirmed: for each ID when, how often and to which consumer. A pending entry is known by
 * the address of its record, an opaque handle valid until the next one is added to or taken from the group. All need the lock
 * of the stream's slot.
 */
public final class Pending {
    private static final int CONSUMER = IdPage.ID_BYTES;
    private static final int DELIVERY_TIME = CONSUMER + 8;
    private static final int DELIVERY_COUNT = DELIVERY_TIME + 8;
    private static final int BYTES = DELIVERY_COUNT + 8;

    private Pending() {}

    /** The pending entry of an ID, 0 when there is none. */
    public static long find(long group, long ms, long seq) {
        return IdTree.find(Groups.pending(group), ms, seq);
    }

    /** The first ID, of a group with at least one pending entry. */
    public static StreamId firstId(long group) {
        return id(IdTree.first(Groups.pending(group)));
    }

    /** The last ID, of a group with at least one pending entry. */
    public static StreamId lastId(long group) {
        return id(IdTree.last(Groups.pending(group)));
    }

    private static StreamId id(long place) {
        long record = IdTree.record(place);
        return new StreamId(IdPage.ms(record), IdPage.seq(record));
    }

    /** Makes a pending entry for an ID that has none, delivered never and at 0. */
    public static long add(ArenaStripe stripe, long group, long consumer, long ms, long seq) {
        IdTree.insert(stripe, Consumers.pending(consumer), IdPage.ID_BYTES, ms, seq);
        long entry = IdTree.insert(stripe, Groups.pending(group), BYTES, ms, seq);
        NativeMemory.writeLong(entry + CONSUMER, consumer);
        deliveryTime(entry, 0);
        deliveryCount(entry, 0);
        return entry;
    }

    /** Gives a pending entry to a consumer of the same group. */
    public static void assign(ArenaStripe stripe, long entry, long consumer) {
        long former = consumer(entry);
        if (former != consumer) {
            long ms = IdPage.ms(entry);
            long seq = IdPage.seq(entry);
            IdTree.remove(stripe, Consumers.pending(former), ms, seq);
            IdTree.insert(stripe, Consumers.pending(consumer), IdPage.ID_BYTES, ms, seq);
            NativeMemory.writeLong(entry + CONSUMER, consumer);
        }
    }

    /** Takes the pending entry of an ID out. Returns whether there was one. */
    public static boolean remove(ArenaStripe stripe, long group, long ms, long seq) {
        long entry = find(group, ms, seq);
        if (entry == 0) {
            return false;
        }
        IdTree.remove(stripe, Consumers.pending(consumer(entry)), ms, seq);
        return IdTree.remove(stripe, Groups.pending(group), ms, seq);
    }

    /** The consumer it was delivered to. */
    public static long consumer(long entry) {
        return NativeMemory.readLong(entry + CONSUMER);
    }

    /** When it was delivered last, milliseconds since 1970. */
    public static long deliveryTime(long entry) {
        return NativeMemory.readLong(entry + DELIVERY_TIME);
    }

    public static void deliveryTime(long entry, long atMs) {
        NativeMemory.writeLong(entry + DELIVERY_TIME, atMs);
    }

    /** How often it was delivered. */
    public static long deliveryCount(long entry) {
        return NativeMemory.readLong(entry + DELIVERY_COUNT);
    }

    public static void deliveryCount(long entry, long count) {
        NativeMemory.writeLong(entry + DELIVERY_COUNT, count);
    }

    /** Copies the pending entries of a group to another one that has none and has consumers of the same names. */
    static void copyAll(ArenaStripe stripe, long from, long to) {
        ByteSpan name = new ByteSpan();
        long tree = Groups.pending(from);
        for (long place = IdTree.first(tree); place != 0; place = IdTree.next(place)) {
            long entry = IdTree.record(place);
            long consumer = Consumers.find(to, Consumers.name(consumer(entry), name));
            long copy = add(stripe, to, consumer, IdPage.ms(entry), IdPage.seq(entry));
            deliveryTime(copy, deliveryTime(entry));
            deliveryCount(copy, deliveryCount(entry));
        }
    }
}
