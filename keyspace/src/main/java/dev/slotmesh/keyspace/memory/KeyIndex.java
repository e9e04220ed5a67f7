package dev.slotmesh.keyspace.memory;

import java.util.SplittableRandom;

/**
 * The keys of one slot: a table, or beyond {@value #SPLIT_SIZE} keys a directory of tables by the leading bits of the
 * hash. A full table of a directory splits, two small neighbours merge, so no single step moves more than one table's
 * keys. Keys stay ordered by the top 48 bits of their hash, their <i>position</i>, whatever the tables do: a walk is
 * resumed at a position. Guarded by the slot's lock.
 */
public final class KeyIndex {
    /** Bits of a position. */
    public static final int POSITION_BITS = 48;

    /** The position behind all keys. */
    public static final long END = 1L << POSITION_BITS;

    static final int SPLIT_SIZE = 4096;

    private static final int MERGE_SIZE = SPLIT_SIZE / 3;
    private static final int DEEPEST = 24;
    private static final int MOST_BUCKETS = 1024;

    private final ArenaStripe stripe;
    private final KeyHash hashes;
    private KeyTable only;
    private KeyTable[] directory;

    /** Where {@link #only} has its buckets, kept here because a search then needs no other object. */
    private long base;

    private int buckets;
    private int size;
    private int expiring;

    /** An empty index without native memory. */
    public KeyIndex(Arena arena, int slot, KeyHash hashes) {
        this.stripe = arena.stripe(slot);
        this.hashes = hashes;
        this.only = new KeyTable(stripe, 0);
    }

    /** Keys. */
    public int size() {
        return size;
    }

    /** Keys with a deadline. */
    public int expiring() {
        return expiring;
    }

    /** The entry of a key with the given hash, or 0. */
    public long find(ByteSpan key, long hash) {
        if (directory == null) {
            return KeyTable.find(base, buckets, hash >>> 64 - KeyTable.TAG_BITS, key, hash);
        }
        return tableOf(hash).find(key, hash);
    }

    /** Reads the bucket a hash is at home in, to have it in the cache; the result means nothing. */
    public long readAheadBucket(long hash) {
        return tableOf(hash).readAheadBucket(hash);
    }

    /** The entry that is most likely a hash's, or 0. It is one of this index, be it the right one or not. */
    public long likelyEntry(long hash) {
        return tableOf(hash).likelyEntry(hash);
    }

    /** Adds the entry of a key that is not there. {@code deadlineMs} is 0 for none. */
    public void insert(long hash, long entry, long deadlineMs) {
        KeyTable table = tableOf(hash);
        while (table.size() >= SPLIT_SIZE && table.depth() < DEEPEST) {
            split(table, hash);
            table = tableOf(hash);
        }
        table.insert(hash, entry, deadlineMs);
        size++;
        expiring += deadlineMs != 0 ? 1 : 0;
        noteBuckets();
    }

    /** Makes room for so many keys in all, up to {@value #SPLIT_SIZE}. Does nothing to an index that is larger. */
    public void reserve(int keys) {
        if (directory == null) {
            only.reserve(Math.min(keys, SPLIT_SIZE));
            noteBuckets();
        }
    }

    /** Puts another entry of the same key, or the same with another deadline (0 for none), in an entry's place. */
    public void replace(long hash, long oldEntry, long newEntry, long deadlineMs) {
        KeyTable table = tableOf(hash);
        int before = table.expiring();
        table.replace(hash, oldEntry, newEntry, deadlineMs);
        expiring += table.expiring() - before;
    }

    /** Takes an entry out, without freeing it. */
    public void remove(long hash, long entry) {
        KeyTable table = tableOf(hash);
        int before = table.expiring();
        table.remove(hash, entry);
        size--;
        expiring += table.expiring() - before;
        mergeAround(hash);
        noteBuckets();
    }

    /**
     * Visits a few entries from a position on, in order.
     *
     * @param position 0 to {@link #END} - 1
     * @return where to go on, more than {@code position}; {@link #END} when nothing is left
     */
    public long scan(long position, EntryVisitor visitor) {
        long hash = position << (64 - POSITION_BITS);
        KeyTable table = tableOf(hash);
        int tag = table.tag(hash);
        table.visitHome(tag, visitor);
        int nextTag = table.nextTag(tag);
        int below = POSITION_BITS - table.depth();
        long prefix = position >>> below;
        if (nextTag >= KeyTable.TAGS) {
            return prefix + 1 << below;
        }
        return prefix << below | (long) nextTag << below - KeyTable.TAG_BITS;
    }

    /**
     * Moves the table at a position if it lies in a span that is to be emptied.
     *
     * @param position 0 to {@link #END} - 1
     * @return whether it did
     */
    public boolean relocate(long position, LeavingSpans leaving) {
        boolean moved = tableAt(position).relocate(leaving);
        noteBuckets();
        return moved;
    }

    /** Where the table behind that at a position begins; {@link #END} when there is none. */
    public long behind(long position) {
        int below = POSITION_BITS - tableAt(position).depth();
        return (position >>> below) + 1 << below;
    }

    /** Visits all entries in no particular order. */
    public void forEach(EntryVisitor visitor) {
        for (long position = 0; position < END; position = behind(position)) {
            tableAt(position).visitPlaces(place -> visitor.visit(KeyTable.entryOf(place)));
        }
    }

    /**
     * Takes out and frees the entries whose deadline has passed in the table at a position, calling {@code due} with each
     * before. Costs one comparison when a visit is not worth it, else a look at up to some thousand entries.
     *
     * @param keysPerMs how many keys with a deadline may be looked at per millisecond between two visits of a table
     * @return where the next table begins; {@link #END} when there is none
     */
    public long removeDue(
            long position, long nowMs, int keysPerMs, EntryStore entries, EntryVisitor due) {
        KeyTable table = tableAt(position);
        long next = behind(position);
        if (table.visitNotBeforeMs() <= nowMs) {
            int before = table.expiring();
            int removed = table.removeDue(nowMs, keysPerMs, entries, due);
            size -= removed;
            expiring += table.expiring() - before;
            if (removed > 0) {
                mergeAround(position << (64 - POSITION_BITS));
                noteBuckets();
            }
        }
        return next;
    }

    /** A random entry, every one about equally likely; 0 when there is none. */
    public long random(SplittableRandom random) {
        while (size > 0) {
            KeyTable table = only;
            if (directory != null) {
                table = directory[random.nextInt(directory.length)];
                long weight = (long) table.buckets() << table.depth();
                if (random.nextLong((long) MOST_BUCKETS << directoryDepth()) >= weight) {
                    continue;
                }
            }
            long entry = table.entryAt(random.nextInt(table.buckets() * KeyTable.PLACES));
            if (entry != 0) {
                return entry;
            }
        }
        return 0;
    }

    /**
     * Visits up to {@code count} different entries that lie together, at a random place: a sample for eviction. Entries of
     * a table are in the order of their hashes, so neighbours have nothing in common.
     *
     * @param expiring whether only entries with a deadline are meant
     * @return how many were visited; 0 when the place drawn had none
     */
    public int sample(SplittableRandom random, int count, boolean expiring, EntryVisitor visitor) {
        KeyTable table = directory == null ? only : directory[random.nextInt(directory.length)];
        return table.buckets() == 0
                ? 0
                : table.sample(
                        random.nextInt(table.buckets() * KeyTable.PLACES),
                        count,
                        expiring,
                        visitor);
    }

    /** Whether an entry noted earlier is still this hash's. */
    public boolean contains(long hash, long entry) {
        return tableOf(hash).contains(hash, entry);
    }

    /**
     * Frees all entries and tables, in steps: about one table's keys a call, showing each entry before. Returns whether all
     * is free.
     */
    public boolean free(EntryStore entries, EntryVisitor before) {
        KeyTable table = directory == null ? only : firstFilled();
        if (table != null && table.buckets() > 0) {
            size -= table.size();
            expiring -= table.expiring();
            table.visitPlaces(place -> {
                before.visit(KeyTable.entryOf(place));
                entries.free(KeyTable.entryOf(place));
            });
            table.release();
        }
        if (size == 0) {
            directory = null;
            only = new KeyTable(stripe, 0);
        }
        noteBuckets();
        return size == 0;
    }

    /** Bytes of index a key costs at the present load, 0 when there are none. */
    public long bytesPerKey() {
        KeyTable table = directory == null ? only : directory[0];
        return table.size() == 0
                ? 0
                : (long) table.buckets() * KeyTable.BUCKET_BYTES / table.size();
    }

    /** The hash of an entry's key. */
    public long hash(long entry) {
        return EntryStore.hash(entry, hashes);
    }

    private void noteBuckets() {
        base = only == null ? 0 : only.base();
        buckets = only == null ? 0 : only.buckets();
    }

    private KeyTable tableOf(long hash) {
        KeyTable[] tables = directory;
        return tables == null ? only : tables[(int) (hash >>> 1 >>> 63 - depthOf(tables))];
    }

    private KeyTable tableAt(long position) {
        return tableOf(position << (64 - POSITION_BITS));
    }

    private KeyTable firstFilled() {
        for (KeyTable table : directory) {
            if (table.size() > 0) {
                return table;
            }
        }
        return null;
    }

    private int directoryDepth() {
        return depthOf(directory);
    }

    private static int depthOf(KeyTable[] tables) {
        return 31 - Integer.numberOfLeadingZeros(tables.length);
    }

    private void split(KeyTable full, long hash) {
        if (directory == null) {
            directory = new KeyTable[] {only};
            only = null;
        }
        if (full.depth() == directoryDepth()) {
            KeyTable[] doubled = new KeyTable[directory.length * 2];
            for (int i = 0; i < doubled.length; i++) {
                doubled[i] = directory[i / 2];
            }
            directory = doubled;
        }
        int depth = full.depth() + 1;
        KeyTable low = new KeyTable(stripe, depth);
        KeyTable high = new KeyTable(stripe, depth);
        low.reserve(full.size() / 2);
        high.reserve(full.size() / 2);
        full.pour(hashes, each -> (each << depth - 1) >= 0 ? low : high);
        place(low, hash & ~(1L << 64 - depth));
        place(high, hash | 1L << 64 - depth);
    }

    /** Enters a table for all hashes that agree with {@code hash} in the table's depth of leading bits. */
    private void place(KeyTable table, long hash) {
        int shared = directoryDepth() - table.depth();
        int first = (int) (hash >>> 64 - table.depth()) << shared;
        for (int i = 0; i < 1 << shared; i++) {
            directory[first + i] = table;
        }
    }

    private void mergeAround(long hash) {
        while (directory != null) {
            KeyTable table = tableOf(hash);
            int depth = table.depth();
            long bit = 1L << 64 - depth;
            KeyTable sibling = tableOf(hash ^ bit);
            if (sibling.depth() != depth || table.size() + sibling.size() > MERGE_SIZE) {
                return;
            }
            KeyTable merged = new KeyTable(stripe, depth - 1);
            merged.reserve(table.size() + sibling.size());
            table.pour(hashes, each -> merged);
            sibling.pour(hashes, each -> merged);
            if (depth == 1) {
                directory = null;
                only = merged;
                return;
            }
            place(merged, hash);
            halveDirectory();
        }
    }

    private void halveDirectory() {
        int deepest = 0;
        for (KeyTable table : directory) {
            deepest = Math.max(deepest, table.depth());
        }
        if (deepest < directoryDepth()) {
            KeyTable[] halved = new KeyTable[directory.length / 2];
            for (int i = 0; i < halved.length; i++) {
                halved[i] = directory[i * 2];
            }
            directory = halved;
        }
    }
}
