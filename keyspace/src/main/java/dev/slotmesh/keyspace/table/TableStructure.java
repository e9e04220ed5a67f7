package dev.slotmesh.keyspace.table;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.memory.Structure;

import java.util.function.LongUnaryOperator;

/** A table as the keyspace frees, copies and measures it. Public also for structures that have a table among their parts. */
public final class TableStructure implements Structure {
    private static final int BUCKET_BITS = 16;

    /**
     * {@inheritDoc}
     *
     * <p>In a table half freed, the head's count of elements says how far it came: the number of the bucket in the low 16
     * bits, that of the record above. A table not begun is recognised by the sign.
     */
    @Override
    public long free(ArenaStripe stripe, long address, int blocks) {
        long progress = TableLayout.size(address);
        long number = progress < 0 ? ~progress >>> BUCKET_BITS : 0;
        int bucket = progress < 0 ? (int) ~progress & (1 << BUCKET_BITS) - 1 : 0;
        long left = blocks;
        while (number < 1L << TableLayout.depth(address)) {
            long record = TableLayout.record(address, number);
            long word = TableLayout.word(record);
            int end = (int) Math.min(Buckets.count(word), bucket + left / Buckets.PLACES + 1);
            Buckets.forEach(word, bucket, end, element -> Element.free(stripe, element));
            left -= (long) (end - bucket) * Buckets.PLACES + 1;
            bucket = end;
            if (end == Buckets.count(word)) {
                Buckets.release(stripe, word);
                number += TableLayout.copies(address, record);
                bucket = 0;
            }
            if (left <= 0) {
                TableLayout.size(address, ~(number << BUCKET_BITS | bucket));
                return address;
            }
        }
        release(stripe, address);
        return 0;
    }

    @Override
    public long blocks(long address) {
        return TableLayout.size(address) + (1L << TableLayout.depth(address));
    }

    @Override
    public long copy(long address, ArenaStripe into) {
        return copy(address, word -> Buckets.copy(word, into), into);
    }

    /** A copy whose places lead to the elements of the original, until {@link ElementRun#copy} has copied them all. */
    public long copyPlaces(long address, ArenaStripe into) {
        return copy(address, word -> Buckets.copyPlaces(word, into), into);
    }

    private static long copy(long address, LongUnaryOperator words, ArenaStripe into) {
        TableKind kind = TableLayout.kind(address);
        long copy = into.allocate(TableLayout.headBytes(kind));
        NativeMemory.copy(address, copy, TableLayout.headBytes(kind));
        int depth = TableLayout.depth(address);
        long records = TableLayout.ownRecord(copy);
        if (depth > 0) {
            records = into.allocate(TableDirectory.bytes(depth));
            NativeMemory.copy(TableLayout.directory(address), records, TableDirectory.bytes(depth));
        }
        TableLayout.directory(copy, records);
        for (long i = 0; i < 1L << depth; ) {
            long record = TableLayout.record(copy, i);
            long copies = TableLayout.copies(copy, record);
            TableLayout.words(copy, record, words.applyAsLong(TableLayout.word(record)));
            i += copies;
        }
        return copy;
    }

    @Override
    public long bytes(long address, int samples) {
        int depth = TableLayout.depth(address);
        long own = ArenaStripe.blockSize(TableLayout.headBytes(TableLayout.kind(address)))
                + (depth == 0 ? 0 : ArenaStripe.blockSize(TableDirectory.bytes(depth)));
        long[] sampled = new long[2];
        for (long i = 0; i < 1L << depth; ) {
            long record = TableLayout.record(address, i);
            long word = TableLayout.word(record);
            own += Buckets.bytes(word);
            int end = samples > 0 && sampled[0] >= samples ? 0 : Buckets.count(word);
            Buckets.forEach(word, 0, end, element -> {
                if (samples == 0 || sampled[0] < samples) {
                    sampled[0]++;
                    sampled[1] += Element.blockSize(element);
                }
            });
            i += TableLayout.copies(address, record);
        }
        long size = TableLayout.size(address);
        return own
                + (sampled[0] == size
                        ? sampled[1]
                        : (long) ((double) sampled[1] / sampled[0] * size));
    }

    private static void release(ArenaStripe stripe, long address) {
        int depth = TableLayout.depth(address);
        if (depth > 0) {
            stripe.free(TableLayout.directory(address), TableDirectory.bytes(depth));
        }
        stripe.free(address, TableLayout.headBytes(TableLayout.kind(address)));
    }
}
