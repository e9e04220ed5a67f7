package dev.slotmesh.keyspace.memory;

import java.util.Arrays;

/**
 * The spans chosen to be emptied, as they were when they were chosen: says of most blocks at the cost of a look into an array
 * that they need not move. Whether one must, {@link ArenaStripe#isLeaving} says. One thread at a time.
 */
public final class LeavingSpans {
    /** Bytes of a span. */
    public static final int SPAN_BYTES = SpanTable.SPAN_BYTES;

    private static final int SHIFT = Integer.numberOfTrailingZeros(SpanTable.SPAN_BYTES);
    private static final int LEAST = 64;
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /** Numbers of spans, 0 for none, by their hash; at most half full. */
    private long[] numbers = new long[LEAST];

    private int count;

    /** None. */
    public LeavingSpans() {}

    /** Forgets all. */
    public void clear() {
        count = 0;
        if (numbers.length > LEAST) {
            numbers = new long[LEAST];
        } else {
            Arrays.fill(numbers, 0);
        }
    }

    /** How many were chosen. */
    public int count() {
        return count;
    }

    /** Whether an address lies in one of the spans. It may be that of a large block that has taken a span's place. */
    public boolean mayHold(long address) {
        return numbers[indexOf(numbers, address >>> SHIFT)] != 0;
    }

    void add(long span) {
        if (count * 2 >= numbers.length) {
            grow();
        }
        int index = indexOf(numbers, span >>> SHIFT);
        if (numbers[index] == 0) {
            numbers[index] = span >>> SHIFT;
            count++;
        }
    }

    private void grow() {
        long[] larger = new long[numbers.length * 2];
        for (long number : numbers) {
            if (number != 0) {
                larger[indexOf(larger, number)] = number;
            }
        }
        numbers = larger;
    }

    /** Where a number is, or the empty place where it would be. */
    private static int indexOf(long[] numbers, long number) {
        int index = (int) (number * SPREAD >>> 40) & numbers.length - 1;
        while (numbers[index] != 0 && numbers[index] != number) {
            index = index + 1 & numbers.length - 1;
        }
        return index;
    }
}
