package dev.slotmesh.keyspace.memory;

/**
 * The head of a segment: one record for each of its spans.
 *
 * <pre>
 *  0 size class (int, -1 free)      4 blocks in use (int)
 *  8 first free block (long)       16 handed-out offset (int)   20 touched offset (int)
 * 24 next record of the list (long)                             32 previous record (long)
 * 40 to be emptied (int)          44 stripe that uses it (int)
 * </pre>
 *
 * Record 0 belongs to the head itself:
 *
 * <pre>
 *  0 what malloc notes of a mapping that begins with the segment, up to {@value #FOREIGN_BYTES} bytes
 * 48 mark (long)                  56 spans in use (int)
 * </pre>
 *
 * The last {@value #UNUSED_BYTES} bytes of a segment are not used, so that a request for as much less than a segment suffices.
 */
final class SpanTable {
    static final int SEGMENT_BYTES = 2 * 1024 * 1024;
    static final int SPAN_BYTES = 64 * 1024;
    static final int SPANS = SEGMENT_BYTES / SPAN_BYTES;
    static final int RECORD_BYTES = 64;
    static final int HEAD_BYTES = SPANS * RECORD_BYTES;

    /** So many bytes at the begin of a segment may belong to malloc. */
    static final int FOREIGN_BYTES = 48;
    /** So many bytes at the end of a segment need not be there. */
    static final int UNUSED_BYTES = 64;

    private static final int SEGMENT_MARK = FOREIGN_BYTES;
    private static final int SPANS_IN_USE = SEGMENT_MARK + 8;
    private static final int LAST_RECORD = HEAD_BYTES - RECORD_BYTES;

    private static final int SIZE_CLASS = 0;
    private static final int BLOCKS_IN_USE = SIZE_CLASS + 4;
    private static final int FIRST_FREE = BLOCKS_IN_USE + 4;
    private static final int HANDED_OUT = FIRST_FREE + 8;
    private static final int TOUCHED = HANDED_OUT + 4;
    private static final int NEXT = TOUCHED + 4;
    private static final int PREVIOUS = NEXT + 8;
    private static final int LEAVING = PREVIOUS + 8;
    private static final int OWNER = LEAVING + 4;

    /** A span that blocks are taken from. */
    static final int STAYING = 0;
    /** A span that is to be emptied. */
    static final int LEAVING_YET = 1;
    /** A span that is to be emptied and was copied for it. */
    static final int COPIED = 2;

    private static final int FREE = -1;
    private static final long MARK = 0x536C_6F74_5365_676DL;

    private SpanTable() {}

    /** @param touched how much of each span is resident already */
    static void initialise(long segment, int touched) {
        NativeMemory.zero(segment + FOREIGN_BYTES, HEAD_BYTES - FOREIGN_BYTES);
        NativeMemory.writeLong(segment + SEGMENT_MARK, MARK);
        for (int i = 1; i < SPANS; i++) {
            sizeClass(recordAt(segment, i), FREE);
            touched(recordAt(segment, i), touched);
        }
    }

    static long segmentOf(long address) {
        return address & -SEGMENT_BYTES;
    }

    static boolean isSegment(long segment) {
        return NativeMemory.readLong(segment + SEGMENT_MARK) == MARK;
    }

    static int spansInUse(long segment) {
        return NativeMemory.readInt(segment + SPANS_IN_USE);
    }

    static void spansInUse(long segment, int count) {
        NativeMemory.writeInt(segment + SPANS_IN_USE, count);
    }

    /** The record of span {@code index}, 0 to {@link #SPANS} - 1. */
    static long recordAt(long segment, int index) {
        return segment + (long) index * RECORD_BYTES;
    }

    /** The record of the span that an address lies in. */
    static long recordOf(long address) {
        long segment = segmentOf(address);
        return segment + (address - segment) / SPAN_BYTES * RECORD_BYTES;
    }

    /** Where the span of a record begins. */
    static long spanOf(long record) {
        long segment = segmentOf(record);
        return segment + (record - segment) / RECORD_BYTES * SPAN_BYTES;
    }

    /** How many bytes blocks may take in the span of a record. */
    static int roomOf(long record) {
        return (record & SEGMENT_BYTES - 1) == LAST_RECORD ? SPAN_BYTES - UNUSED_BYTES : SPAN_BYTES;
    }

    static int sizeClass(long record) {
        return NativeMemory.readInt(record + SIZE_CLASS);
    }

    static void sizeClass(long record, int sizeClass) {
        NativeMemory.writeInt(record + SIZE_CLASS, sizeClass);
    }

    static boolean isFree(long record) {
        return sizeClass(record) == FREE;
    }

    static void markFree(long record) {
        sizeClass(record, FREE);
    }

    static int blocksInUse(long record) {
        return NativeMemory.readInt(record + BLOCKS_IN_USE);
    }

    static void blocksInUse(long record, int count) {
        NativeMemory.writeInt(record + BLOCKS_IN_USE, count);
    }

    static long firstFree(long record) {
        return NativeMemory.readLong(record + FIRST_FREE);
    }

    static void firstFree(long record, long block) {
        NativeMemory.writeLong(record + FIRST_FREE, block);
    }

    static int handedOut(long record) {
        return NativeMemory.readInt(record + HANDED_OUT);
    }

    static void handedOut(long record, int offset) {
        NativeMemory.writeInt(record + HANDED_OUT, offset);
    }

    static int touched(long record) {
        return NativeMemory.readInt(record + TOUCHED);
    }

    static void touched(long record, int offset) {
        NativeMemory.writeInt(record + TOUCHED, offset);
    }

    /** Whether a span is to be emptied: no block is taken from it. */
    static boolean isLeaving(long record) {
        return leaving(record) != STAYING;
    }

    /** {@link #STAYING}, {@link #LEAVING_YET} or {@link #COPIED}. */
    static int leaving(long record) {
        return NativeMemory.readInt(record + LEAVING);
    }

    static void leaving(long record, int state) {
        NativeMemory.writeInt(record + LEAVING, state);
    }

    /** The number of the stripe that uses the span, or last did. */
    static int owner(long record) {
        return NativeMemory.readInt(record + OWNER);
    }

    static void owner(long record, int stripe) {
        NativeMemory.writeInt(record + OWNER, stripe);
    }

    static long next(long record) {
        return NativeMemory.readLong(record + NEXT);
    }

    static void next(long record, long other) {
        NativeMemory.writeLong(record + NEXT, other);
    }

    static long previous(long record) {
        return NativeMemory.readLong(record + PREVIOUS);
    }

    static void previous(long record, long other) {
        NativeMemory.writeLong(record + PREVIOUS, other);
    }

    /** Puts a record before the head of a list, 0 for an empty one. Returns the new head. */
    static long pushFront(long record, long head) {
        next(record, head);
        previous(record, 0);
        if (head != 0) {
            previous(head, record);
        }
        return record;
    }

    /** Takes a record out of the list and returns the list's head afterwards. */
    static long cutOut(long record, long head) {
        long next = next(record);
        long previous = previous(record);
        if (next != 0) {
            previous(next, previous);
        }
        if (previous != 0) {
            next(previous, next);
            return head;
        }
        return next;
    }
}
