package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.EntryStore;
import dev.slotmesh.keyspace.memory.EntryVisitor;

import java.util.Arrays;

/**
 * Some entries of one or more slots, collected before the first is looked at so that the waits for their memory overlap. Valid
 * until their locks are given back or the slots change. One thread.
 */
final class EntryBatch implements EntryVisitor {
    private final int enough;
    private Slot[] slots;
    private long[] entries;
    private Slot present;
    private int size;
    /** Keeps the reads from being optimised away. */
    private long sink;

    /** @param enough entries that are collected before the first is looked at, 1 or more */
    EntryBatch(int enough) {
        this.enough = enough;
        this.slots = new Slot[2 * enough];
        this.entries = new long[2 * enough];
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** Whether it is time to look at the entries; more can be added. */
    boolean isFull() {
        return size >= enough;
    }

    Slot slot(int i) {
        return slots[i];
    }

    long entry(int i) {
        return entries[i];
    }

    /** This, for entries of that slot. */
    EntryVisitor of(Slot slot) {
        present = slot;
        return this;
    }

    @Override
    public void visit(long entry) {
        if (size == entries.length) {
            slots = Arrays.copyOf(slots, 2 * size);
            entries = Arrays.copyOf(entries, 2 * size);
        }
        slots[size] = present;
        entries[size] = entry;
        size++;
    }

    /** Brings all entries, and the first bytes of what is below them, into the processor's cache. */
    void readAhead() {
        long read = 0;
        for (int i = 0; i < size; i++) {
            read += EntryStore.readAhead(entries[i]);
        }
        for (int i = 0; i < size; i++) {
            if (EntryStore.type(entries[i]) != KeyType.STRING.code()) {
                read += EntryStore.readAheadBelow(entries[i]);
            }
        }
        sink = read;
    }

    /** What the last round read; of no meaning. */
    long lastRead() {
        return sink;
    }
}
