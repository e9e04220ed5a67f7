package dev.slotmesh.keyspace.table;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.KeyHash;
import dev.slotmesh.keyspace.memory.NativeMemory;

/** Splits and merges the bucket tables of a table, and doubles and halves the directory that leads to them. */
final class TableDirectory {
    private TableDirectory() {}

    /** Splits the bucket table of a hash in two. */
    static void split(ArenaStripe stripe, long table, long firstRecord, long hash) {
        long word = TableLayout.word(firstRecord);
        int size = TableLayout.recordSize(firstRecord);
        long visitNotBefore = visitNotBefore(table, firstRecord);
        int depth = Buckets.depth(word) + 1;
        if (depth > TableLayout.depth(table)) {
            resize(stripe, table, depth);
        }
        TableKind kind = TableLayout.kind(table);
        int buckets = Buckets.comfortable(size / 2);
        long half = 1L << TableLayout.depth(table) - depth;
        long prefix = hash >>> 64 - depth & -2L;
        for (int side = 0; side < 2; side++) {
            long record = TableLayout.record(table, (prefix | side) * half);
            long part = Buckets.allocate(stripe, depth, buckets);
            for (long i = 0; i < half; i++) {
                TableLayout.resetRecord(record + i * TableLayout.RECORD_BYTES, part, kind);
            }
        }
        pour(stripe, table, word);
        if (kind == TableKind.FIELDS) {
            TableLayout.visitNotBefore(TableLayout.record(table, prefix * half), visitNotBefore);
            TableLayout.visitNotBefore(
                    TableLayout.record(table, (prefix | 1) * half), visitNotBefore);
        }
    }

    /** Merges the bucket table of a hash with its neighbour, again and again, while both have at most so many elements. */
    static void mergeAround(ArenaStripe stripe, long table, long hash, int mostElements) {
        while (TableLayout.depth(table) > 0) {
            long record = TableLayout.firstRecord(table, hash);
            int depth = Buckets.depth(TableLayout.word(record));
            long bit = 1L << 64 - depth;
            long other = TableLayout.firstRecord(table, hash ^ bit);
            int size = TableLayout.recordSize(record) + TableLayout.recordSize(other);
            if (Buckets.depth(TableLayout.word(other)) != depth || size > mostElements) {
                return;
            }
            merge(stripe, table, Math.min(record, other), Math.max(record, other));
            halve(stripe, table);
        }
    }

    private static void merge(ArenaStripe stripe, long table, long low, long high) {
        long lowWord = TableLayout.word(low);
        long highWord = TableLayout.word(high);
        TableKind kind = TableLayout.kind(table);
        int size = TableLayout.recordSize(low) + TableLayout.recordSize(high);
        long visitNotBefore = Math.min(visitNotBefore(table, low), visitNotBefore(table, high));
        int depth = Buckets.depth(lowWord) - 1;
        long merged = size == 0
                ? Buckets.none(depth)
                : Buckets.allocate(stripe, depth, Buckets.comfortable(size));
        long copies = 1L << TableLayout.depth(table) - depth;
        for (long i = 0; i < copies; i++) {
            TableLayout.resetRecord(low + i * TableLayout.RECORD_BYTES, merged, kind);
        }
        pour(stripe, table, lowWord);
        pour(stripe, table, highWord);
        if (kind == TableKind.FIELDS) {
            TableLayout.visitNotBefore(low, visitNotBefore);
        }
    }

    /** Moves the elements of buckets that no record leads to any more to where they belong now; their names are read. */
    private static void pour(ArenaStripe stripe, long table, long word) {
        KeyHash hashes = stripe.hashes();
        Buckets.forEachPlace(word, 0, Buckets.count(word), at -> {
            long place = NativeMemory.readLong(at);
            long element = place & Buckets.ADDRESS;
            boolean deadline = (place & Buckets.DEADLINE) != 0;
            long hash = Element.hash(element, hashes);
            long record = TableLayout.firstRecord(table, hash);
            long target = TableLayout.word(record);
            int size = TableLayout.recordSize(record);
            if (Buckets.isFull(target, size)) {
                target = Buckets.rebuild(stripe, target, Buckets.grown(target));
                TableLayout.words(table, record, target);
            }
            Buckets.add(target, element, deadline, hash);
            TableLayout.recordSize(record, size + 1);
            if (deadline) {
                TableLayout.recordExpiring(record, TableLayout.recordExpiring(record) + 1);
            }
        });
        Buckets.release(stripe, word);
    }

    /** Halves the directory while no bucket table needs its last bit. */
    private static void halve(ArenaStripe stripe, long table) {
        int depth = TableLayout.depth(table);
        int deepest = 0;
        for (long i = 0; i < 1L << depth && deepest < depth; ) {
            long record = TableLayout.record(table, i);
            deepest = Math.max(deepest, Buckets.depth(TableLayout.word(record)));
            i += TableLayout.copies(table, record);
        }
        if (deepest < depth) {
            resize(stripe, table, deepest);
        }
    }

    private static void resize(ArenaStripe stripe, long table, int depth) {
        int oldDepth = TableLayout.depth(table);
        long old = TableLayout.directory(table);
        long records = depth == 0 ? TableLayout.ownRecord(table) : stripe.allocate(bytes(depth));
        // The head's own record has no room for the last field in tables that have none.
        long bytes = TableLayout.kind(table) == TableKind.FIELDS
                ? TableLayout.RECORD_BYTES
                : TableLayout.RECORD_BYTES - 8;
        for (long i = 0; i < 1L << depth; i++) {
            long from = depth > oldDepth ? i >>> depth - oldDepth : i << oldDepth - depth;
            NativeMemory.copy(
                    old + from * TableLayout.RECORD_BYTES,
                    records + i * TableLayout.RECORD_BYTES,
                    bytes);
        }
        if (oldDepth > 0) {
            stripe.free(old, bytes(oldDepth));
        }
        TableLayout.directory(table, records);
        TableLayout.depth(table, depth);
    }

    private static long visitNotBefore(long table, long record) {
        return TableLayout.kind(table) == TableKind.FIELDS
                ? TableLayout.visitNotBefore(record)
                : Long.MAX_VALUE;
    }

    /** Bytes of a directory's block, 0 while the table's head holds the only record. */
    static long bytes(int depth) {
        return depth == 0 ? 0 : (long) TableLayout.RECORD_BYTES << depth;
    }
}
