package dev.slotmesh.keyspace.memory;

import java.util.Arrays;
import java.util.Collection;

/** Chooses what is worth emptying, under the monitor of the stripe or the pool it is of. */
final class SparseSpans {
    /** Spans of a class that are looked at in one choice. */
    private static final int MOST_LOOKED = 8192;
    /** Segments emptied in one round. */
    private static final int MOST_SEGMENTS = 64;
    /** Spare spans that stay for the next blocks of all sizes. */
    private static final int KEPT_SPARE = 4;
    /** A span whose room is less than this share of it is not worth moving its blocks. */
    private static final int LEAST_ROOM = 32;

    private static final int RECORD_BITS = 48;
    private static final long[] NOTHING = {};

    private SparseSpans() {}

    /** Of a list of spans of one class with room, the sparsest: as many as the others can take the blocks of. */
    static long[] ofClass(long head, int blockBytes) {
        if (head == 0 || SpanTable.next(head) == 0) {
            return NOTHING;
        }
        long[] found = new long[16];
        int count = 0;
        long inUse = 0;
        for (long record = head;
                record != 0 && count < MOST_LOOKED;
                record = SpanTable.next(record)) {
            if (count == found.length) {
                found = Arrays.copyOf(found, count * 2);
            }
            int blocks = SpanTable.blocksInUse(record);
            found[count++] = (long) blocks << RECORD_BITS | record;
            inUse += blocks;
        }
        Arrays.sort(found, 0, count);
        int capacity = SpanTable.SPAN_BYTES / blockBytes;
        int surplus = (int) (count - (inUse + capacity - 1) / capacity);
        int worth = capacity - capacity / LEAST_ROOM;
        int chosen = 0;
        while (chosen < surplus && found[chosen] >>> RECORD_BITS <= worth) {
            chosen++;
        }
        long[] records = Arrays.copyOf(found, chosen);
        for (int i = 0; i < chosen; i++) {
            records[i] &= (1L << RECORD_BITS) - 1;
        }
        return records;
    }

    /** How many of so many segments are superfluous when there are {@code spare} free spans in all. */
    static int surplusSegments(int segments, long spare) {
        long surplus = Math.max(0, spare - KEPT_SPARE) / (SpanTable.SPANS - 1);
        return (int) Math.max(0, Math.min(Math.min(MOST_SEGMENTS, surplus), segments - 1));
    }

    /** Of all segments those with the fewest spans in use, as many as {@code spare} free spans of all make superfluous. */
    static long[] segments(Collection<Long> segments, long spare) {
        int surplus = surplusSegments(segments.size(), spare);
        if (surplus == 0) {
            return NOTHING;
        }
        long[] keys = new long[segments.size()];
        int count = 0;
        for (long segment : segments) {
            keys[count++] = (long) SpanTable.spansInUse(segment) << RECORD_BITS | segment;
        }
        Arrays.sort(keys);
        long[] chosen = Arrays.copyOf(keys, surplus);
        for (int i = 0; i < surplus; i++) {
            chosen[i] &= (1L << RECORD_BITS) - 1;
        }
        return chosen;
    }
}
