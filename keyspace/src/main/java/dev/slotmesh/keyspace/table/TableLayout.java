package dev.slotmesh.keyspace.table;

import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * The block a table is known by, and its directory of records, each for the bucket table of those elements whose hash
 * starts with the record's number.
 *
 * <pre>
 *  head    |  0 elements 8 | 8 directory 8: address of the records | 16 depth 4 | 20 kind 4 |
 *          | 24 record 0, while the depth is 0 |
 *          | 48 elements with a deadline 8, 56 visit not before 8: fields only |
 *  record  | 0 word of the bucket table 8 | 8 elements 4 | 12 with a deadline 4 | 16 visit not before 8 (fields only) |
 * </pre>
 *
 * <p>A bucket table of a smaller depth than the directory has several records in a row; only the word is kept in all of
 * them, the rest in the first.
 */
final class TableLayout {
    static final int RECORD_BYTES = 24;

    private static final int SIZE = 0;
    private static final int DIRECTORY = SIZE + 8;
    private static final int DEPTH = DIRECTORY + 8;
    private static final int KIND = DEPTH + 4;
    private static final int OWN_RECORD = KIND + 4;
    private static final int EXPIRING = OWN_RECORD + RECORD_BYTES;
    private static final int TABLE_VISIT = EXPIRING + 8;
    private static final int FIELDS_BYTES = TABLE_VISIT + 8;
    private static final int OTHERS_BYTES = OWN_RECORD + 16;

    private static final int WORD = 0;
    private static final int RECORD_SIZE = WORD + 8;
    private static final int RECORD_EXPIRING = RECORD_SIZE + 4;
    private static final int VISIT_NOT_BEFORE = RECORD_EXPIRING + 4;

    private TableLayout() {}

    static long headBytes(TableKind kind) {
        return kind == TableKind.FIELDS ? FIELDS_BYTES : OTHERS_BYTES;
    }

    static void initialise(long table, TableKind kind) {
        NativeMemory.zero(table, headBytes(kind));
        NativeMemory.writeInt(table + KIND, kind.code());
        directory(table, ownRecord(table));
        resetRecord(ownRecord(table), Buckets.none(0), kind);
        if (kind == TableKind.FIELDS) {
            tableVisitNotBefore(table, Long.MAX_VALUE);
        }
    }

    static long size(long table) {
        return NativeMemory.readLong(table + SIZE);
    }

    static void size(long table, long size) {
        NativeMemory.writeLong(table + SIZE, size);
    }

    static TableKind kind(long table) {
        return TableKind.of(NativeMemory.readInt(table + KIND));
    }

    static int depth(long table) {
        return NativeMemory.readInt(table + DEPTH);
    }

    static void depth(long table, int depth) {
        NativeMemory.writeInt(table + DEPTH, depth);
    }

    static long directory(long table) {
        return NativeMemory.readLong(table + DIRECTORY);
    }

    static void directory(long table, long address) {
        NativeMemory.writeLong(table + DIRECTORY, address);
    }

    static long ownRecord(long table) {
        return table + OWN_RECORD;
    }

    /** Elements with a deadline; the table is one of fields. */
    static long expiring(long table) {
        return NativeMemory.readLong(table + EXPIRING);
    }

    static void expiring(long table, long count) {
        NativeMemory.writeLong(table + EXPIRING, count);
    }

    /** The earliest of the records' {@link #visitNotBefore}, or an earlier time; the table is one of fields. */
    static long tableVisitNotBefore(long table) {
        return NativeMemory.readLong(table + TABLE_VISIT);
    }

    static void tableVisitNotBefore(long table, long atMs) {
        NativeMemory.writeLong(table + TABLE_VISIT, atMs);
    }

    /** The record with that number, 0 to 2^depth - 1. */
    static long record(long table, long number) {
        return directory(table) + number * RECORD_BYTES;
    }

    /** The word of the bucket table of a hash. */
    static long wordOf(long table, long hash) {
        return word(record(table, hash >>> 1 >>> 63 - depth(table)));
    }

    /** The first record of the bucket table of a hash. */
    static long firstRecord(long table, long hash) {
        int depth = depth(table);
        long number = hash >>> 1 >>> 63 - depth;
        int own = Buckets.depth(word(record(table, number)));
        return record(table, number >>> depth - own << depth - own);
    }

    /** How many records in a row the bucket table of a record has. */
    static long copies(long table, long record) {
        return 1L << depth(table) - Buckets.depth(word(record));
    }

    /** Enters another word in all records of a bucket table. */
    static void words(long table, long firstRecord, long word) {
        long copies = 1L << depth(table) - Buckets.depth(word);
        for (long i = 0; i < copies; i++) {
            NativeMemory.writeLong(firstRecord + i * RECORD_BYTES + WORD, word);
        }
    }

    /** A record of a bucket table without elements; the last field is not written in tables that have none. */
    static void resetRecord(long record, long word, TableKind kind) {
        NativeMemory.writeLong(record + WORD, word);
        recordSize(record, 0);
        recordExpiring(record, 0);
        if (kind == TableKind.FIELDS) {
            visitNotBefore(record, Long.MAX_VALUE);
        }
    }

    static long word(long record) {
        return NativeMemory.readLong(record + WORD);
    }

    static int recordSize(long record) {
        return NativeMemory.readInt(record + RECORD_SIZE);
    }

    static void recordSize(long record, int size) {
        NativeMemory.writeInt(record + RECORD_SIZE, size);
    }

    static int recordExpiring(long record) {
        return NativeMemory.readInt(record + RECORD_EXPIRING);
    }

    static void recordExpiring(long record, int count) {
        NativeMemory.writeInt(record + RECORD_EXPIRING, count);
    }

    /** When the next visit by the active cycle is worth its while, milliseconds since 1970; the table is one of fields. */
    static long visitNotBefore(long record) {
        return NativeMemory.readLong(record + VISIT_NOT_BEFORE);
    }

    static void visitNotBefore(long record, long atMs) {
        NativeMemory.writeLong(record + VISIT_NOT_BEFORE, atMs);
    }
}
