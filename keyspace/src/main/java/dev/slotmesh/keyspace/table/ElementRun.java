package dev.slotmesh.keyspace.table;

import dev.slotmesh.keyspace.memory.ArenaStripe;

/**
 * Work on some dozen elements of one table at a time: their names are read one right after the other, then their buckets, so
 * that the waits for memory overlap. Confined to one thread; needs the lock of the slot that the table is in.
 */
public final class ElementRun {
    private final ArenaStripe stripe;
    private final long table;
    private final long[] hashes;
    private long sink;

    /**
     * @param stripe the table's
     * @param most elements at a time
     */
    public ElementRun(ArenaStripe stripe, long table, int most) {
        this.stripe = stripe;
        this.table = table;
        this.hashes = new long[most];
    }

    /** As {@link ElementTable#remove} for the first {@code count} elements. */
    public void remove(long[] elements, int count) {
        readAhead(elements, count);
        for (int i = 0; i < count; i++) {
            ElementTable.remove(stripe, table, elements[i], hashes[i]);
        }
    }

    /** Puts copies of the first {@code count} elements into their places in the table, and into {@code elements}. */
    public void copy(long[] elements, int count) {
        readAhead(elements, count);
        for (int i = 0; i < count; i++) {
            long copy = Element.copy(elements[i], stripe);
            long at = Buckets.locate(TableLayout.wordOf(table, hashes[i]), elements[i], hashes[i]);
            Buckets.replaceElement(at, copy);
            elements[i] = copy;
        }
    }

    private void readAhead(long[] elements, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            hashes[i] = Element.hash(elements[i], stripe.hashes());
        }
        for (int i = 0; i < count; i++) {
            sum += ElementTable.readAheadBucket(table, hashes[i]);
        }
        sink = sum;
    }

    /** What was read ahead last; of no meaning. */
    long sink() {
        return sink;
    }
}
