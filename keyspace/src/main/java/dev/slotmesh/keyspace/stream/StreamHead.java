package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * The first block of a stream: what is known of it as a whole. A stream is known by the address of this block, an opaque
 * handle. Reading needs the lock of its slot, writing too.
 */
public final class StreamHead {
    private static final int LENGTH = 0;
    private static final int LAST_ID = LENGTH + 8;
    private static final int FIRST_ID = LAST_ID + 16;
    private static final int MAX_DELETED_ID = FIRST_ID + 16;
    private static final int ENTRIES_ADDED = MAX_DELETED_ID + 16;
    private static final int NODES = ENTRIES_ADDED + 8;
    private static final int GROUPS = NODES + IdTree.BYTES;
    private static final int TAIL = GROUPS + NameTable.BYTES;
    private static final int TAIL_ID = TAIL + 8;
    private static final int BYTES = TAIL_ID + 16;

    private StreamHead() {}

    /** A stream without entries and groups, whose last ID is 0-0. */
    public static long create(ArenaStripe stripe) {
        long stream = stripe.allocate(BYTES);
        NativeMemory.zero(stream, BYTES);
        IdTree.initialise(nodes(stream));
        NameTable.initialise(groups(stream));
        return stream;
    }

    /** Frees the block, after everything below it. */
    static void free(ArenaStripe stripe, long stream) {
        stripe.free(stream, BYTES);
    }

    static long blockBytes() {
        return ArenaStripe.blockSize(BYTES);
    }

    /** Takes over all numbers of another stream, but nothing below it. */
    static void copyNumbers(long from, long to) {
        NativeMemory.copy(from, to, NODES);
    }

    /** Entries, those deleted not counted. */
    public static long length(long stream) {
        return NativeMemory.readLong(stream + LENGTH);
    }

    static void length(long stream, long length) {
        NativeMemory.writeLong(stream + LENGTH, length);
    }

    public static long lastMs(long stream) {
        return NativeMemory.readLong(stream + LAST_ID);
    }

    public static long lastSeq(long stream) {
        return NativeMemory.readLong(stream + LAST_ID + 8);
    }

    /** The greatest ID ever given, also when its entry is gone. */
    public static StreamId lastId(long stream) {
        return id(stream + LAST_ID);
    }

    /** Changes the greatest ID; not below that of an entry. */
    public static void lastId(long stream, long ms, long seq) {
        IdPage.id(stream + LAST_ID, ms, seq);
    }

    /** The ID of the first entry, 0-0 when there is none. */
    public static StreamId firstId(long stream) {
        return id(stream + FIRST_ID);
    }

    static boolean isFirst(long stream, long ms, long seq) {
        return IdPage.isAt(stream + FIRST_ID, ms, seq);
    }

    static void firstId(long stream, long ms, long seq) {
        IdPage.id(stream + FIRST_ID, ms, seq);
    }

    /** The greatest ID that was deleted by itself, 0-0 before any was. */
    public static StreamId maxDeletedId(long stream) {
        return id(stream + MAX_DELETED_ID);
    }

    public static void maxDeletedId(long stream, long ms, long seq) {
        IdPage.id(stream + MAX_DELETED_ID, ms, seq);
    }

    /** Entries ever added. */
    public static long entriesAdded(long stream) {
        return NativeMemory.readLong(stream + ENTRIES_ADDED);
    }

    public static void entriesAdded(long stream, long entries) {
        NativeMemory.writeLong(stream + ENTRIES_ADDED, entries);
    }

    /** Nodes: the keys of what Redis calls its radix tree. */
    public static long nodeCount(long stream) {
        return IdTree.size(nodes(stream));
    }

    /** The tree of nodes. */
    static long nodes(long stream) {
        return stream + NODES;
    }

    /** The table of consumer groups. */
    static long groups(long stream) {
        return stream + GROUPS;
    }

    /** The last node, which new entries go to; 0 when there is none. */
    static long tail(long stream) {
        return NativeMemory.readLong(stream + TAIL);
    }

    static void tail(long stream, long node) {
        NativeMemory.writeLong(stream + TAIL, node);
    }

    /** The ID of the last node is kept at this address. */
    static long tailId(long stream) {
        return stream + TAIL_ID;
    }

    private static StreamId id(long address) {
        return new StreamId(IdPage.ms(address), IdPage.seq(address));
    }
}
