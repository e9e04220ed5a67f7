package dev.slotmesh.keyspace.memory;

/**
 * One table of an index: buckets of a cache line, each with seven fingerprints, a count of the keys that passed it, and
 * seven places. See docs/memory-layout.md. Guarded by the slot's lock.
 *
 * <pre>
 *  bucket  | fingerprint 0..6: 0x80 + 7 bits, 0 empty | passed 1 | place 0..6: 8 each |
 *  place   bits 0..47 entry, 48 has a deadline, 49..63 tag: 15 bits of the hash after the table's prefix
 * </pre>
 */
final class KeyTable {
    static final int BUCKET_BYTES = 64;
    static final int PLACES = 7;
    static final int TAG_BITS = 15;
    static final int TAGS = 1 << TAG_BITS;

    private static final int TAG_SHIFT = 64 - TAG_BITS;
    private static final long DEADLINE = 1L << 48;
    private static final long ADDRESS = DEADLINE - 1;
    private static final long ONES = 0x0001_0101_0101_0101L;
    private static final long HIGHS = 0x0080_8080_8080_8080L;
    private static final int PASSED_SHIFT = 56;
    private static final int PASSED_LIMIT = 255;
    private static final int PLACES_OFFSET = 8;
    private static final long NEVER = Long.MAX_VALUE;

    private final ArenaStripe stripe;
    private final int depth;
    private long base;
    private int buckets;
    private int size;
    private int expiring;
    private long visitNotBeforeMs = NEVER;

    /** An empty table without memory for keys whose hash starts with {@code depth} given bits. */
    KeyTable(ArenaStripe stripe, int depth) {
        this.stripe = stripe;
        this.depth = depth;
    }

    int depth() {
        return depth;
    }

    int size() {
        return size;
    }

    int expiring() {
        return expiring;
    }

    /** The address of the first bucket, valid until the table changes. */
    long base() {
        return base;
    }

    int buckets() {
        return buckets;
    }

    /** When the next visit by the active cycle is worth its while: before, hardly any key of this table is due. */
    long visitNotBeforeMs() {
        return visitNotBeforeMs;
    }

    static long entryOf(long place) {
        return place & ADDRESS;
    }

    static boolean hasDeadline(long place) {
        return (place & DEADLINE) != 0;
    }

    /** The entry of a key, or 0. */
    long find(ByteSpan key, long hash) {
        return find(base, buckets, hash << depth >>> TAG_SHIFT, key, hash);
    }

    /** As the other {@code find}, for those who know the table's block: one object less to be read. */
    static long find(long base, int buckets, long tag, ByteSpan key, long hash) {
        long pattern = fingerprint(hash) * ONES;
        long home = tag * buckets >>> TAG_BITS;
        long bucket = base + home * BUCKET_BYTES;
        for (int passed = 0; passed < buckets; passed++) {
            long control = NativeMemory.readLong(bucket);
            for (long match = matches(control, pattern); match != 0; match &= match - 1) {
                long place = NativeMemory.readLong(placeOf(bucket, match));
                if (place >>> TAG_SHIFT == tag && EntryStore.hasKey(place & ADDRESS, key)) {
                    return place & ADDRESS;
                }
            }
            if (control >>> PASSED_SHIFT == 0) {
                return 0;
            }
            bucket += BUCKET_BYTES;
            if (bucket == base + (long) buckets * BUCKET_BYTES) {
                bucket = base;
            }
        }
        return 0;
    }

    /** Reads the bucket a hash is at home in, to have it in the cache; the result means nothing. */
    long readAheadBucket(long hash) {
        return buckets == 0 ? 0 : NativeMemory.readLong(base + homeOf(tagOf(hash)) * BUCKET_BYTES);
    }

    /** The entry that is most likely a hash's, or 0. It is one of this table, be it the right one or not. */
    long likelyEntry(long hash) {
        if (buckets == 0) {
            return 0;
        }
        long tag = tagOf(hash);
        long bucket = base + homeOf(tag) * BUCKET_BYTES;
        long match = matches(NativeMemory.readLong(bucket), fingerprint(hash) * ONES);
        if (match == 0) {
            return 0;
        }
        long place = NativeMemory.readLong(placeOf(bucket, match));
        return place >>> TAG_SHIFT == tag ? place & ADDRESS : 0;
    }

    /** Adds an entry that is not there, growing first when needed. */
    void insert(long hash, long entry, long deadlineMs) {
        if (size >= limit(buckets)) {
            rebuild(grown(buckets));
        }
        long place = entry | (deadlineMs != 0 ? DEADLINE : 0) | tagOf(hash) << TAG_SHIFT;
        add(place, fingerprint(hash));
        if (deadlineMs != 0) {
            expiring++;
            visitNotBeforeMs = Math.min(visitNotBeforeMs, deadlineMs + 1);
        }
    }

    /** Puts another entry, or the same with another deadline (0 for none), in an entry's place. */
    void replace(long hash, long oldEntry, long newEntry, long deadlineMs) {
        long at = locate(hash, oldEntry);
        long place = NativeMemory.readLong(at);
        expiring += (deadlineMs != 0 ? 1 : 0) - (hasDeadline(place) ? 1 : 0);
        if (deadlineMs != 0) {
            visitNotBeforeMs = Math.min(visitNotBeforeMs, deadlineMs + 1);
        }
        NativeMemory.writeLong(
                at, newEntry | (deadlineMs != 0 ? DEADLINE : 0) | tagOf(hash) << TAG_SHIFT);
    }

    /** Takes an entry out; the table may shrink. */
    void remove(long hash, long entry) {
        clear(locate(hash, entry));
        shrink();
    }

    /** Visits the entries at home in the bucket of {@code fromTag} whose tag is not below it. */
    void visitHome(int fromTag, EntryVisitor visitor) {
        long home = homeOf(fromTag);
        long bucket = base + home * BUCKET_BYTES;
        long end = end();
        for (int left = buckets; left > 0; left--) {
            long control = NativeMemory.readLong(bucket);
            for (long taken = control & HIGHS; taken != 0; taken &= taken - 1) {
                long place = NativeMemory.readLong(placeOf(bucket, taken));
                long tag = place >>> TAG_SHIFT;
                if (tag >= fromTag && homeOf(tag) == home) {
                    visitor.visit(place & ADDRESS);
                }
            }
            if (control >>> PASSED_SHIFT == 0) {
                return;
            }
            bucket = next(bucket, end);
        }
    }

    /** The first tag whose home is behind that of {@code tag}; {@link #TAGS} when there is none. */
    int nextTag(int tag) {
        if (buckets == 0) {
            return TAGS;
        }
        long next = ((homeOf(tag) + 1) * TAGS + buckets - 1) / buckets;
        return (int) Math.max(tag + 1, next);
    }

    int tag(long hash) {
        return (int) tagOf(hash);
    }

    /** Visits every place (not only the entry, see {@link #entryOf} and {@link #hasDeadline}). */
    void visitPlaces(EntryVisitor visitor) {
        for (long bucket = base; bucket < end(); bucket += BUCKET_BYTES) {
            long control = NativeMemory.readLong(bucket);
            for (long taken = control & HIGHS; taken != 0; taken &= taken - 1) {
                visitor.visit(NativeMemory.readLong(placeOf(bucket, taken)));
            }
        }
    }

    /**
     * Takes out every entry whose deadline has passed, calling {@code due} with each while it can still be read and then
     * freeing it, and learns when to come again: not before the next deadline, and with many keys in the table not for
     * every single one of them.
     *
     * @param keysPerMs how many keys with a deadline may be looked at per millisecond between two visits, at least 1
     * @return how many were taken out
     */
    int removeDue(long nowMs, int keysPerMs, EntryStore entries, EntryVisitor due) {
        int before = size;
        long earliest = NEVER;
        for (long bucket = base; bucket < end(); bucket += BUCKET_BYTES) {
            for (long taken = NativeMemory.readLong(bucket) & HIGHS;
                    taken != 0;
                    taken &= taken - 1) {
                long at = placeOf(bucket, taken);
                long place = NativeMemory.readLong(at);
                if (hasDeadline(place)) {
                    long deadline = EntryStore.deadline(place & ADDRESS);
                    if (deadline < nowMs) {
                        due.visit(place & ADDRESS);
                        clear(at);
                        entries.free(place & ADDRESS);
                    } else {
                        earliest = Math.min(earliest, deadline);
                    }
                }
            }
        }
        visitNotBeforeMs =
                expiring == 0 ? NEVER : Math.max(earliest + 1, nowMs + expiring / keysPerMs);
        shrink();
        return before - size;
    }

    /** The entry in place number {@code n} of all, 0 to 7 * buckets - 1, or 0 when it is empty. */
    long entryAt(int n) {
        long bucket = base + (long) (n / PLACES) * BUCKET_BYTES;
        int index = n % PLACES;
        if ((NativeMemory.readLong(bucket) >>> (8 * index) & 0x80) == 0) {
            return 0;
        }
        return NativeMemory.readLong(bucket + PLACES_OFFSET + 8L * index) & ADDRESS;
    }

    /**
     * Visits up to {@code count} different entries from a place on, going round.
     *
     * @param from the number of a place, 0 to 7 * buckets - 1
     * @param expiring whether only entries with a deadline are meant
     * @return how many were visited
     */
    int sample(int from, int count, boolean expiring, EntryVisitor visitor) {
        long end = end();
        long at = base + (long) (from / PLACES) * BUCKET_BYTES;
        long behind = -1L << 8 * (from % PLACES);
        int wanted = Math.min(count, expiring ? this.expiring : size);
        int left = wanted;
        for (int i = 0; i <= buckets && left > 0; i++) {
            long taken = NativeMemory.readLong(at) & HIGHS;
            taken &= i == 0 ? behind : i == buckets ? ~behind : -1L;
            for (; taken != 0 && left > 0; taken &= taken - 1) {
                long place = NativeMemory.readLong(placeOf(at, taken));
                if (!expiring || hasDeadline(place)) {
                    visitor.visit(place & ADDRESS);
                    left--;
                }
            }
            at = next(at, end);
        }
        return wanted - left;
    }

    /** Whether this very entry is here under this hash. */
    boolean contains(long hash, long entry) {
        if (buckets == 0) {
            return false;
        }
        long tag = tagOf(hash);
        long pattern = fingerprint(hash) * ONES;
        long bucket = base + homeOf(tag) * BUCKET_BYTES;
        for (int left = buckets; left > 0; left--) {
            long control = NativeMemory.readLong(bucket);
            for (long match = matches(control, pattern); match != 0; match &= match - 1) {
                long place = NativeMemory.readLong(placeOf(bucket, match));
                if ((place & ADDRESS) == entry && place >>> TAG_SHIFT == tag) {
                    return true;
                }
            }
            if (control >>> PASSED_SHIFT == 0) {
                return false;
            }
            bucket = next(bucket, end());
        }
        return false;
    }

    /** Moves all entries to other tables, which {@code target} picks by hash; their keys are read. This one is empty. */
    void pour(KeyHash hashes, TableOfHash target) {
        for (long bucket = base; bucket < end(); bucket += BUCKET_BYTES) {
            long control = NativeMemory.readLong(bucket);
            for (long taken = control & HIGHS; taken != 0; taken &= taken - 1) {
                long place = NativeMemory.readLong(placeOf(bucket, taken));
                long entry = place & ADDRESS;
                long hash = EntryStore.hash(entry, hashes);
                target.of(hash)
                        .insert(hash, entry, hasDeadline(place) ? EntryStore.deadline(entry) : 0);
            }
        }
        release();
    }

    /** Makes room for {@code keys} at a comfortable load, so that filling in does not rebuild. */
    void reserve(int keys) {
        int wanted = comfortable(keys);
        if (wanted > buckets) {
            rebuild(wanted);
        }
    }

    /** Moves the buckets if they lie in a span that is to be emptied. Returns whether they did. */
    boolean relocate(LeavingSpans leaving) {
        if (base == 0 || !leaving.mayHold(base) || !stripe.isLeaving(base, bytes(buckets))) {
            return false;
        }
        long moved = stripe.allocateIndex(bytes(buckets));
        NativeMemory.copy(base, moved, bytes(buckets));
        stripe.freeIndex(base, bytes(buckets));
        base = moved;
        return true;
    }

    /** Frees the table's own memory, not the entries. */
    void release() {
        if (base != 0) {
            stripe.freeIndex(base, bytes(buckets));
        }
        base = 0;
        buckets = 0;
        size = 0;
        expiring = 0;
        visitNotBeforeMs = NEVER;
    }

    private void add(long place, long fingerprint) {
        long bucket = base + homeOf(place >>> TAG_SHIFT) * BUCKET_BYTES;
        long end = end();
        while (true) {
            long control = NativeMemory.readLong(bucket);
            long empty = ~control & HIGHS;
            if (empty != 0) {
                int shift = Long.numberOfTrailingZeros(empty) - 7;
                NativeMemory.writeLong(bucket, control | fingerprint << shift);
                NativeMemory.writeLong(bucket + PLACES_OFFSET + shift, place);
                size++;
                return;
            }
            if (control >>> PASSED_SHIFT < PASSED_LIMIT) {
                NativeMemory.writeLong(bucket, control + (1L << PASSED_SHIFT));
            }
            bucket = next(bucket, end);
        }
    }

    private long locate(long hash, long entry) {
        long tag = tagOf(hash);
        long pattern = fingerprint(hash) * ONES;
        long bucket = base + homeOf(tag) * BUCKET_BYTES;
        long end = end();
        for (int left = buckets; left > 0; left--) {
            long control = NativeMemory.readLong(bucket);
            for (long match = matches(control, pattern); match != 0; match &= match - 1) {
                long at = placeOf(bucket, match);
                if ((NativeMemory.readLong(at) & ADDRESS) == entry) {
                    return at;
                }
            }
            bucket = next(bucket, end);
        }
        throw new IllegalStateException("the entry is not in the index");
    }

    /** Empties a place and takes back the counts its key left in the buckets it had passed. */
    private void clear(long at) {
        long place = NativeMemory.readLong(at);
        long offset = at - base;
        long found = base + offset / BUCKET_BYTES * BUCKET_BYTES;
        int shift = (int) (offset % BUCKET_BYTES) - PLACES_OFFSET;
        long end = end();
        long bucket = base + homeOf(place >>> TAG_SHIFT) * BUCKET_BYTES;
        while (bucket != found) {
            long control = NativeMemory.readLong(bucket);
            if (control >>> PASSED_SHIFT < PASSED_LIMIT) {
                NativeMemory.writeLong(bucket, control - (1L << PASSED_SHIFT));
            }
            bucket = next(bucket, end);
        }
        NativeMemory.writeLong(found, NativeMemory.readLong(found) & ~(0xFFL << shift));
        NativeMemory.writeLong(at, 0);
        size--;
        if (hasDeadline(place)) {
            expiring--;
        }
        if (expiring == 0) {
            visitNotBeforeMs = NEVER;
        }
    }

    private void shrink() {
        if (size == 0) {
            release();
        } else if (buckets > 1 && size < buckets * PLACES / 3) {
            int wanted = comfortable(size);
            if (wanted < buckets) {
                rebuild(wanted);
            }
        }
    }

    private void rebuild(int newBuckets) {
        long oldBase = base;
        int oldBuckets = buckets;
        long oldEnd = end();
        base = stripe.allocateIndex(bytes(newBuckets));
        NativeMemory.zero(base, bytes(newBuckets));
        buckets = newBuckets;
        size = 0;
        for (long bucket = oldBase; bucket < oldEnd; bucket += BUCKET_BYTES) {
            long control = NativeMemory.readLong(bucket);
            for (long taken = control & HIGHS; taken != 0; taken &= taken - 1) {
                int shift = Long.numberOfTrailingZeros(taken) - 7;
                add(
                        NativeMemory.readLong(bucket + PLACES_OFFSET + shift),
                        control >>> shift & 0xFF);
            }
        }
        if (oldBase != 0) {
            stripe.freeIndex(oldBase, bytes(oldBuckets));
        }
    }

    private long tagOf(long hash) {
        return hash << depth >>> TAG_SHIFT;
    }

    private long homeOf(long tag) {
        return tag * buckets >>> TAG_BITS;
    }

    private long end() {
        return base + (long) buckets * BUCKET_BYTES;
    }

    private long next(long bucket, long end) {
        long next = bucket + BUCKET_BYTES;
        return next == end ? base : next;
    }

    private static long fingerprint(long hash) {
        return 0x80 | hash & 0x7F;
    }

    /** A bit at the top of every byte that may equal the pattern's: no false negatives, few false positives. */
    private static long matches(long control, long pattern) {
        long difference = control ^ pattern;
        return difference - ONES & ~difference & HIGHS;
    }

    private static long placeOf(long bucket, long bits) {
        return bucket + PLACES_OFFSET + (Long.numberOfTrailingZeros(bits) & ~7);
    }

    private static int limit(int buckets) {
        return buckets <= 1
                ? buckets * PLACES
                : buckets * PLACES / 8 * 7 + buckets * PLACES % 8 * 7 / 8;
    }

    private static int grown(int buckets) {
        return fitting(buckets + Math.max(1, buckets / 4));
    }

    /** Buckets that leave {@code keys} at a load of about 70 %. */
    private static int comfortable(int keys) {
        return fitting(keys / 5 + 1);
    }

    /** The number of buckets that fills the block which {@code buckets} buckets would get. */
    private static int fitting(int buckets) {
        return (int) (SizeClasses.blockSize(bytes(buckets)) / BUCKET_BYTES);
    }

    private static long bytes(int buckets) {
        return (long) buckets * BUCKET_BYTES;
    }

    /** Says which table a hash belongs to. */
    interface TableOfHash {
        KeyTable of(long hash);
    }
}
