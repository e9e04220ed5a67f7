package dev.slotmesh.keyspace.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.KeyHash;
import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * What holds for every table between two calls: the counts of head and records are those of the places; a bucket table has
 * the same word in all its records; every element is found by its name, in its own bucket table; none is overfull; and
 * elements with a deadline are marked, with a visit due no later than the first of them.
 */
final class TableInvariants {
    private TableInvariants() {}

    static void check(long table, KeyHash hashes, String at) {
        long size = 0;
        long expiring = 0;
        long records = 1L << TableLayout.depth(table);
        for (long i = 0; i < records; ) {
            long record = TableLayout.record(table, i);
            long copies = TableLayout.copies(table, record);
            assertThat(i % copies).as(at).isZero();
            for (long copy = 1; copy < copies; copy++) {
                assertThat(TableLayout.word(TableLayout.record(table, i + copy)))
                        .as(at)
                        .isEqualTo(TableLayout.word(record));
            }
            expiring += checkRecord(table, record, hashes, at);
            size += TableLayout.recordSize(record);
            i += copies;
        }
        assertThat(TableLayout.size(table)).as(at).isEqualTo(size);
        if (TableLayout.kind(table) == TableKind.FIELDS) {
            assertThat(TableLayout.expiring(table)).as(at).isEqualTo(expiring);
        }
    }

    private static long checkRecord(long table, long record, KeyHash hashes, String at) {
        long word = TableLayout.word(record);
        long[] seen = new long[3];
        seen[2] = Long.MAX_VALUE;
        ByteSpan name = new ByteSpan();
        Buckets.forEachPlace(word, 0, Buckets.count(word), place -> {
            long element = NativeMemory.readLong(place) & Buckets.ADDRESS;
            long hash = Element.hash(element, hashes);
            assertThat(ElementTable.find(table, Element.name(element, name), hash))
                    .as(at)
                    .isEqualTo(element);
            assertThat(TableLayout.wordOf(table, hash)).as(at).isEqualTo(word);
            boolean marked = (NativeMemory.readLong(place) & Buckets.DEADLINE) != 0;
            if (TableLayout.kind(table) == TableKind.FIELDS) {
                assertThat(Element.deadline(element) != 0).as(at).isEqualTo(marked);
            }
            seen[0]++;
            if (marked) {
                seen[1]++;
                seen[2] = Math.min(seen[2], Element.deadline(element));
            }
        });
        assertThat(seen[0]).as(at).isEqualTo(TableLayout.recordSize(record));
        assertThat(seen[1]).as(at).isEqualTo(TableLayout.recordExpiring(record));
        assertThat(seen[0]).as(at).isLessThanOrEqualTo(ElementTable.SPLIT_SIZE);
        assertThat(Buckets.count(word)).as(at).isLessThanOrEqualTo(Buckets.MOST);
        if (seen[1] > 0) {
            // A field is due once its deadline is before now.
            assertThat(TableLayout.visitNotBefore(record)).as(at).isLessThanOrEqualTo(seen[2] + 1);
        }
        return seen[1];
    }
}
