package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * A page of an {@link IdTree}: records of one size in the order of their IDs. The record of a leaf is an ID and a value;
 * that of an inner page an ID and the page below, whose records are not before that ID (the first ID of a page is not
 * looked at: what is before the second is below the first).
 */
final class IdPage {
    /** Records of a full page. */
    static final int FULL = 64;

    /** Bytes of an ID, and of the smallest record. */
    static final int ID_BYTES = 16;

    /** Bytes of a record of an inner page. */
    static final int INNER_BYTES = ID_BYTES + 8;

    private static final int COUNT = 0;
    private static final int CAPACITY = COUNT + 2;
    private static final int RECORD_BYTES = CAPACITY + 2;
    private static final int LEVEL = RECORD_BYTES + 2;
    private static final int PREVIOUS = LEVEL + 2;
    private static final int NEXT = PREVIOUS + 8;
    private static final int RECORDS = NEXT + 8;

    private IdPage() {}

    static long allocate(ArenaStripe stripe, int level, int recordBytes, int capacity) {
        long page = stripe.allocate(bytes(recordBytes, capacity));
        NativeMemory.writeShort(page + COUNT, (short) 0);
        NativeMemory.writeShort(page + CAPACITY, (short) capacity);
        NativeMemory.writeShort(page + RECORD_BYTES, (short) recordBytes);
        NativeMemory.writeShort(page + LEVEL, (short) level);
        NativeMemory.writeLong(page + PREVIOUS, 0);
        NativeMemory.writeLong(page + NEXT, 0);
        return page;
    }

    static void free(ArenaStripe stripe, long page) {
        stripe.free(page, bytes(recordBytes(page), capacity(page)));
    }

    /** Bytes of the page's block. */
    static long blockBytes(long page) {
        return ArenaStripe.blockSize(bytes(recordBytes(page), capacity(page)));
    }

    private static long bytes(int recordBytes, int capacity) {
        return RECORDS + (long) recordBytes * capacity;
    }

    static int count(long page) {
        return NativeMemory.readShort(page + COUNT);
    }

    static void count(long page, int count) {
        NativeMemory.writeShort(page + COUNT, (short) count);
    }

    static int capacity(long page) {
        return NativeMemory.readShort(page + CAPACITY);
    }

    static int recordBytes(long page) {
        return NativeMemory.readShort(page + RECORD_BYTES);
    }

    /** 0 for a leaf. */
    static int level(long page) {
        return NativeMemory.readShort(page + LEVEL);
    }

    /** The leaf before, 0 when there is none. */
    static long previous(long page) {
        return NativeMemory.readLong(page + PREVIOUS);
    }

    static void previous(long page, long other) {
        NativeMemory.writeLong(page + PREVIOUS, other);
    }

    /** The leaf after, 0 when there is none. */
    static long next(long page) {
        return NativeMemory.readLong(page + NEXT);
    }

    static void next(long page, long other) {
        NativeMemory.writeLong(page + NEXT, other);
    }

    static boolean isFull(long page) {
        return count(page) == capacity(page);
    }

    static long record(long page, int index) {
        return page + RECORDS + (long) index * recordBytes(page);
    }

    /** The page that a record of an inner page leads to. */
    static long child(long page, int index) {
        return NativeMemory.readLong(record(page, index) + ID_BYTES);
    }

    static long ms(long record) {
        return NativeMemory.readLong(record);
    }

    static long seq(long record) {
        return NativeMemory.readLong(record + 8);
    }

    static void id(long record, long ms, long seq) {
        NativeMemory.writeLong(record, ms);
        NativeMemory.writeLong(record + 8, seq);
    }

    /** How many records are before an ID. */
    static int countBefore(long page, long ms, long seq) {
        int low = 0;
        int high = count(page);
        if (high > 0) {
            long last = record(page, high - 1);
            if (StreamId.isBefore(ms(last), seq(last), ms, seq)) {
                return high;
            }
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            long record = record(page, middle);
            if (StreamId.isBefore(ms(record), seq(record), ms, seq)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Which record of an inner page leads towards an ID. */
    static int towards(long page, long ms, long seq) {
        int before = countBefore(page, ms, seq);
        return before < count(page) && isAt(record(page, before), ms, seq)
                ? before
                : Math.max(0, before - 1);
    }

    static boolean isAt(long record, long ms, long seq) {
        return ms(record) == ms && seq(record) == seq;
    }

    /** Makes room for a record at {@code index} and returns its address; the page is not full. */
    static long open(long page, int index) {
        int count = count(page);
        int bytes = recordBytes(page);
        long record = record(page, index);
        if (index < count) {
            NativeMemory.move(record, record + bytes, (long) (count - index) * bytes);
        }
        count(page, count + 1);
        return record;
    }

    /** Takes the record at {@code index} out. */
    static void close(long page, int index) {
        int left = count(page) - 1;
        int bytes = recordBytes(page);
        long record = record(page, index);
        NativeMemory.move(record + bytes, record, (long) (left - index) * bytes);
        count(page, left);
    }

    /** Moves the records from {@code from} on to the end of another page with room for them. */
    static void moveTail(long page, int from, long target) {
        int moved = count(page) - from;
        int at = count(target);
        NativeMemory.copy(record(page, from), record(target, at), (long) moved * recordBytes(page));
        count(target, at + moved);
        count(page, from);
    }

    /** A page of the same kind with another capacity and the same records, in place of this one, which is freed. */
    static long resize(ArenaStripe stripe, long page, int capacity) {
        long other = allocate(stripe, level(page), recordBytes(page), capacity);
        moveTail(page, 0, other);
        free(stripe, page);
        return other;
    }
}
