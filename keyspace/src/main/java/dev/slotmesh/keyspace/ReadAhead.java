package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * Brings the keys of several commands into the processor's cache before the first of them is executed. A lookup waits for
 * memory twice, for its bucket and then for its entry; the waits of independent lookups overlap when nothing lies between
 * them, so all buckets are read first and then all entries. Changes nothing but the speed.
 *
 * <p>For one thread, which holds the locks of all slots added. Chosen over executing commands one by one because most of
 * the time of a pipelined GET was the wait for its entry.
 */
public final class ReadAhead {
    private final Slot[] slots;
    private final long[] hashes;
    private int count;
    /** Keeps the reads from being optimised away. */
    private long sink;

    /** @param most keys that are added at a time */
    public ReadAhead(int most) {
        slots = new Slot[most];
        hashes = new long[most];
    }

    /** Begins a new round. */
    public void clear() {
        count = 0;
    }

    /** Adds a key of a slot. */
    public void add(Slot slot, ByteSpan key) {
        slots[count] = slot;
        hashes[count] = slot.hash(key);
        count++;
    }

    /** Reads what the lookups of all keys added will need. */
    public void run() {
        long read = 0;
        for (int i = 0; i < count; i++) {
            read += slots[i].index().readAheadBucket(hashes[i]);
        }
        for (int i = 0; i < count; i++) {
            read += slots[i].index().readAheadEntry(hashes[i]);
        }
        sink = read;
    }

    /** What the last round read; of no meaning. */
    public long lastRead() {
        return sink;
    }
}
