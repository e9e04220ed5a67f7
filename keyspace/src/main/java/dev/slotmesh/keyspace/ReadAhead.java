package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.EntryStore;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.table.ElementTable;
import dev.slotmesh.keyspace.tree.SortedTable;

/**
 * Brings the keys of several commands into the processor's cache before the first of them is executed, and the elements they
 * name in tables below these keys. A lookup waits for memory twice, for its bucket and then for what that leads to; the waits of
 * independent lookups overlap when nothing lies between them, so all buckets are read first and then all entries, and
 * likewise for elements. Changes nothing but the speed.
 *
 * <p>For one thread, which holds the locks of all slots added. Chosen over executing commands one by one because most of
 * the time of a pipelined GET was the wait for its entry.
 */
public final class ReadAhead {
    private static final int HASH = KeyType.HASH.code();
    private static final int SET = KeyType.SET.code();
    private static final int SORTED_SET = KeyType.ZSET.code();
    private static final int TABLE = ValueEncoding.HASHTABLE.code();
    private static final int SORTED_TABLE = ValueEncoding.SKIPLIST.code();

    private final Slot[] slots;
    private final long[] hashes;
    private final long[] tables;
    private final boolean[] sorted;
    private int count;
    /** Keeps the reads from being optimised away. */
    private long sink;

    /** @param most keys that are added at a time */
    public ReadAhead(int most) {
        slots = new Slot[most];
        hashes = new long[most];
        tables = new long[most];
        sorted = new boolean[most];
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

    /** The hash of a key, by its number since {@link #clear}, until {@link #element} is called for it. */
    public long hash(int i) {
        return hashes[i];
    }

    /**
     * Reads what the lookups of all keys added will need.
     *
     * @return whether {@link #leadsToTable} is true for any of them
     */
    public boolean run() {
        long read = 0;
        for (int i = 0; i < count; i++) {
            read += slots[i].index().readAheadBucket(hashes[i]);
        }
        boolean any = false;
        for (int i = 0; i < count; i++) {
            long entry = slots[i].index().likelyEntry(hashes[i]);
            tables[i] = entry == 0 ? 0 : tableBelow(entry);
            any |= tables[i] != 0;
            sorted[i] = tables[i] != 0 && EntryStore.type(entry) == SORTED_SET;
        }
        sink = read;
        return any;
    }

    /** Whether a key, by its number since {@link #clear}, most likely holds a table of elements. */
    public boolean leadsToTable(int i) {
        return tables[i] != 0;
    }

    /** Whether the table is that of a sorted set, whose commands name the element last, behind a score. */
    public boolean namesElementLast(int i) {
        return sorted[i];
    }

    /** The command of a key that leads to a table is about this element. */
    public void element(int i, ByteSpan name) {
        hashes[i] = slots[i].hash(name);
    }

    /** Reads what the lookups of elements will need, of each key that leads to a table. */
    public void runElements() {
        long read = 0;
        for (int i = 0; i < count; i++) {
            if (tables[i] != 0) {
                read += ElementTable.readAheadBucket(tables[i], hashes[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            if (tables[i] != 0) {
                read += ElementTable.readAheadElement(tables[i], hashes[i]);
            }
        }
        sink += read;
    }

    /** What the last round read; of no meaning. */
    public long lastRead() {
        return sink;
    }

    /** The table of a large hash, set or sorted set, 0 for anything else. */
    private static long tableBelow(long entry) {
        int type = EntryStore.type(entry);
        int encoding = EntryStore.encoding(entry);
        if ((type == HASH || type == SET) && encoding == TABLE) {
            return Root.address(EntryStore.root(entry));
        }
        return type == SORTED_SET && encoding == SORTED_TABLE
                ? SortedTable.table(Root.address(EntryStore.root(entry)))
                : 0;
    }
}
