package dev.slotmesh.keyspace.table;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;

/** The removal of fields past their deadline, and when it is worth looking for them. */
final class TableExpiry {
    private static final int DEADLINES_PER_MS = 4;

    private TableExpiry() {}

    static int removeDue(ArenaStripe stripe, long table, long nowMs, int most, ElementVisitor due) {
        long before = TableLayout.size(table);
        int left = most;
        long earliest = Long.MAX_VALUE;
        for (long i = 0; i < 1L << TableLayout.depth(table); ) {
            long record = TableLayout.record(table, i);
            if (left > 0 && TableLayout.visitNotBefore(record) <= nowMs) {
                left -= TableLayout.recordSize(record);
                visit(stripe, table, record, nowMs, due);
            }
            earliest = Math.min(earliest, TableLayout.visitNotBefore(record));
            i += TableLayout.copies(table, record);
        }
        TableLayout.tableVisitNotBefore(table, earliest);
        mergeEmptied(stripe, table);
        return (int) (before - TableLayout.size(table));
    }

    private static void visit(
            ArenaStripe stripe, long table, long record, long nowMs, ElementVisitor due) {
        long word = TableLayout.word(record);
        int[] removed = {0};
        long[] earliest = {Long.MAX_VALUE};
        Buckets.forEachPlace(word, 0, Buckets.count(word), at -> {
            long place = NativeMemory.readLong(at);
            if ((place & Buckets.DEADLINE) == 0) {
                return;
            }
            long element = place & Buckets.ADDRESS;
            long deadline = Element.deadline(element);
            if (deadline < nowMs) {
                due.visit(element);
                Buckets.clear(word, at);
                Element.free(stripe, element);
                removed[0]++;
            } else {
                earliest[0] = Math.min(earliest[0], deadline);
            }
        });
        ElementTable.countExpiring(table, record, -removed[0]);
        ElementTable.countDown(table, record, removed[0]);
        int expiring = TableLayout.recordExpiring(record);
        TableLayout.visitNotBefore(
                record,
                expiring == 0
                        ? Long.MAX_VALUE
                        : Math.max(earliest[0] + 1, nowMs + expiring / DEADLINES_PER_MS));
        ElementTable.shrink(stripe, table, record);
    }

    /** Merges what the removal has left small; from the lowest prefix up, each bucket table with its neighbour. */
    private static void mergeEmptied(ArenaStripe stripe, long table) {
        long position = 0;
        while (TableLayout.depth(table) > 0 && position < ElementTable.END) {
            long hash = position << 16;
            TableDirectory.mergeAround(stripe, table, hash, ElementTable.MERGE_SIZE);
            int below = 48 - Buckets.depth(TableLayout.wordOf(table, hash));
            position = (position >>> below) + 1 << below;
        }
    }
}
