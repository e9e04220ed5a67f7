package dev.slotmesh.keyspace.table;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * One bucket table: a block of buckets of a cache line, each with seven fingerprints, a count of the elements that passed
 * it, and seven places; the same form as the index of keys has. See docs/memory-layout.md.
 *
 * <p>A table is known by its <i>word</i>, which has no state beside it; the word of an empty table has no block.
 *
 * <pre>
 *  word    bits 0..4 depth: leading bits of the hash that all its elements share, 5..15 buckets, 16..63 address
 *  bucket  | fingerprint 0..6: 0x80 + 7 bits, 0 empty | passed 1 | place 0..6: 8 each |
 *  place   bits 0..47 element, 48 has a deadline, 49..63 tag: 15 bits of the hash after the table's depth
 * </pre>
 */
final class Buckets {
    static final int PLACES = 7;

    /** Buckets of the largest table: 16 KiB. */
    static final int MOST = 256;

    static final int TAG_BITS = 15;
    static final int TAGS = 1 << TAG_BITS;
    static final long ADDRESS = (1L << 48) - 1;
    static final long DEADLINE = 1L << 48;

    private static final int BUCKET_BYTES = 64;
    private static final int TAG_SHIFT = 64 - TAG_BITS;
    private static final int DEPTH_MASK = 0x1F;
    private static final int COUNT_SHIFT = 5;
    private static final int COUNT_MASK = 0x7FF;
    private static final int BASE_SHIFT = 16;
    private static final long ONES = 0x0001_0101_0101_0101L;
    private static final long HIGHS = 0x0080_8080_8080_8080L;
    private static final int PASSED_SHIFT = 56;
    private static final int PASSED_LIMIT = 255;
    private static final int PLACES_OFFSET = 8;

    /** From here on only those sizes that leave next to nothing of the arena's spans of 64 KiB unused. */
    private static final int FEW = 128;

    private static final int[] MANY = {144, 160, 192, MOST};

    private Buckets() {}

    /** The word of a table without elements. */
    static long none(int depth) {
        return depth;
    }

    static int depth(long word) {
        return (int) word & DEPTH_MASK;
    }

    static int count(long word) {
        return (int) word >>> COUNT_SHIFT & COUNT_MASK;
    }

    static long base(long word) {
        return word >>> BASE_SHIFT;
    }

    static long bytes(long word) {
        return bytes(count(word));
    }

    /** The element of a name, or 0. */
    static long find(long word, ByteSpan name, long hash) {
        long tag = tag(word, hash);
        long pattern = fingerprint(hash) * ONES;
        int buckets = count(word);
        long base = base(word);
        long bucket = base + (tag * buckets >>> TAG_BITS) * BUCKET_BYTES;
        for (int left = buckets; left > 0; left--) {
            long control = NativeMemory.readLong(bucket);
            for (long match = matches(control, pattern); match != 0; match &= match - 1) {
                long place = NativeMemory.readLong(placeOf(bucket, match));
                if (place >>> TAG_SHIFT == tag && Element.hasName(place & ADDRESS, name)) {
                    return place & ADDRESS;
                }
            }
            if (control >>> PASSED_SHIFT == 0) {
                return 0;
            }
            bucket = next(bucket, base, buckets);
        }
        return 0;
    }

    /** Reads what {@link #find} will read first, to have it in the cache; the result means nothing. */
    static long readAheadBucket(long word, long hash) {
        return count(word) == 0 ? 0 : NativeMemory.readLong(homeOf(word, tag(word, hash)));
    }

    /** Reads the element that is most likely a hash's; the result means nothing. */
    static long readAheadElement(long word, long hash) {
        if (count(word) == 0) {
            return 0;
        }
        long bucket = homeOf(word, tag(word, hash));
        long match = matches(NativeMemory.readLong(bucket), fingerprint(hash) * ONES);
        return match == 0
                ? 0
                : NativeMemory.readLong(NativeMemory.readLong(placeOf(bucket, match)) & ADDRESS);
    }

    /** Whether so many elements are as many as a table with the word's buckets takes. */
    static boolean isFull(long word, int size) {
        int places = count(word) * PLACES;
        return size >= (places <= PLACES ? places : places - (places + 7) / 8);
    }

    /** Adds an element that is not there; the table is not full. */
    static void add(long word, long element, boolean deadline, long hash) {
        long place = tag(word, hash) << TAG_SHIFT | (deadline ? DEADLINE : 0) | element;
        addPlace(word, place, fingerprint(hash));
    }

    private static void addPlace(long word, long place, long fingerprint) {
        int buckets = count(word);
        long base = base(word);
        long bucket = homeOf(word, place >>> TAG_SHIFT);
        while (true) {
            long control = NativeMemory.readLong(bucket);
            long empty = ~control & HIGHS;
            if (empty != 0) {
                int shift = Long.numberOfTrailingZeros(empty) - 7;
                NativeMemory.writeLong(bucket, control | fingerprint << shift);
                NativeMemory.writeLong(bucket + PLACES_OFFSET + shift, place);
                return;
            }
            if (control >>> PASSED_SHIFT < PASSED_LIMIT) {
                NativeMemory.writeLong(bucket, control + (1L << PASSED_SHIFT));
            }
            bucket = next(bucket, base, buckets);
        }
    }

    /** Where the place of an element that is there is. */
    static long locate(long word, long element, long hash) {
        long pattern = fingerprint(hash) * ONES;
        int buckets = count(word);
        long base = base(word);
        long bucket = homeOf(word, tag(word, hash));
        for (int left = buckets; left > 0; left--) {
            long control = NativeMemory.readLong(bucket);
            for (long match = matches(control, pattern); match != 0; match &= match - 1) {
                long at = placeOf(bucket, match);
                if ((NativeMemory.readLong(at) & ADDRESS) == element) {
                    return at;
                }
            }
            bucket = next(bucket, base, buckets);
        }
        throw new IllegalStateException("the element is not in the table");
    }

    /** Puts another element of the same name in a place, and says whether it has a deadline. */
    static void replace(long at, long element, boolean deadline) {
        long tag = NativeMemory.readLong(at) & -1L << TAG_SHIFT;
        NativeMemory.writeLong(at, tag | (deadline ? DEADLINE : 0) | element);
    }

    /** Puts another element of the same name in a place. */
    static void replaceElement(long at, long element) {
        NativeMemory.writeLong(at, NativeMemory.readLong(at) & ~ADDRESS | element);
    }

    /** Empties a place and takes back the counts its element left in the buckets it had passed. */
    static void clear(long word, long at) {
        long base = base(word);
        int buckets = count(word);
        long offset = at - base;
        long found = base + offset / BUCKET_BYTES * BUCKET_BYTES;
        int shift = (int) (offset % BUCKET_BYTES) - PLACES_OFFSET;
        long bucket = homeOf(word, NativeMemory.readLong(at) >>> TAG_SHIFT);
        while (bucket != found) {
            long control = NativeMemory.readLong(bucket);
            if (control >>> PASSED_SHIFT < PASSED_LIMIT) {
                NativeMemory.writeLong(bucket, control - (1L << PASSED_SHIFT));
            }
            bucket = next(bucket, base, buckets);
        }
        NativeMemory.writeLong(found, NativeMemory.readLong(found) & ~(0xFFL << shift));
        NativeMemory.writeLong(at, 0);
    }

    /** Visits the elements at home in the bucket of {@code fromTag} whose tag is not below it. */
    static void visitHome(long word, int fromTag, ElementVisitor visitor) {
        int buckets = count(word);
        if (buckets == 0) {
            return;
        }
        long base = base(word);
        long home = homeOf(word, fromTag);
        long bucket = home;
        for (int left = buckets; left > 0; left--) {
            long control = NativeMemory.readLong(bucket);
            for (long taken = control & HIGHS; taken != 0; taken &= taken - 1) {
                long place = NativeMemory.readLong(placeOf(bucket, taken));
                long tag = place >>> TAG_SHIFT;
                if (tag >= fromTag && homeOf(word, tag) == home) {
                    visitor.visit(place & ADDRESS);
                }
            }
            if (control >>> PASSED_SHIFT == 0) {
                return;
            }
            bucket = next(bucket, base, buckets);
        }
    }

    /** The first tag whose home is behind that of {@code tag}; {@link #TAGS} when there is none. */
    static int nextTag(long word, int tag) {
        int buckets = count(word);
        if (buckets == 0) {
            return TAGS;
        }
        long home = (long) tag * buckets >>> TAG_BITS;
        return (int) Math.max(tag + 1, ((home + 1) * TAGS + buckets - 1) / buckets);
    }

    /** The tag of a hash, 0 to {@link #TAGS} - 1. */
    static long tag(long word, long hash) {
        return hash << depth(word) >>> TAG_SHIFT;
    }

    /** Visits all elements from bucket number {@code from} up to before {@code end}. */
    static void forEach(long word, int from, int end, ElementVisitor visitor) {
        forEachPlace(word, from, end, at -> visitor.visit(NativeMemory.readLong(at) & ADDRESS));
    }

    /**
     * Visits the addresses of all taken places from bucket number {@code from} up to before {@code end}; the visitor may
     * clear the place it is shown.
     */
    static void forEachPlace(long word, int from, int end, ElementVisitor visitor) {
        for (int i = from; i < end; i++) {
            long bucket = base(word) + (long) i * BUCKET_BYTES;
            for (long taken = NativeMemory.readLong(bucket) & HIGHS;
                    taken != 0;
                    taken &= taken - 1) {
                visitor.visit(placeOf(bucket, taken));
            }
        }
    }

    /** The element in place number {@code n} of all, 0 to 7 * count - 1, or 0 when it is empty. */
    static long elementAt(long word, int n) {
        long bucket = base(word) + (long) (n / PLACES) * BUCKET_BYTES;
        int index = n % PLACES;
        if ((NativeMemory.readLong(bucket) >>> (8 * index) & 0x80) == 0) {
            return 0;
        }
        return NativeMemory.readLong(bucket + PLACES_OFFSET + 8L * index) & ADDRESS;
    }

    /** The word of a table with other buckets and the same places; the old buckets are freed, no element is read. */
    static long rebuild(ArenaStripe stripe, long word, int newBuckets) {
        long rebuilt = allocate(stripe, depth(word), newBuckets);
        for (int i = 0; i < count(word); i++) {
            long bucket = base(word) + (long) i * BUCKET_BYTES;
            long control = NativeMemory.readLong(bucket);
            for (long taken = control & HIGHS; taken != 0; taken &= taken - 1) {
                int shift = Long.numberOfTrailingZeros(taken) - 7;
                addPlace(
                        rebuilt,
                        NativeMemory.readLong(bucket + PLACES_OFFSET + shift),
                        control >>> shift & 0xFF);
            }
        }
        release(stripe, word);
        return rebuilt;
    }

    /** Empty buckets for elements that share {@code depth} bits. */
    static long allocate(ArenaStripe stripe, int depth, int buckets) {
        if (buckets > COUNT_MASK) {
            throw new IllegalStateException("too many elements with like hashes");
        }
        long base = stripe.allocate(bytes(buckets));
        NativeMemory.zero(base, bytes(buckets));
        return base << BASE_SHIFT | (long) buckets << COUNT_SHIFT | depth;
    }

    /** Frees the buckets, not the elements. */
    static void release(ArenaStripe stripe, long word) {
        if (count(word) != 0) {
            stripe.free(base(word), bytes(word));
        }
    }

    /** A copy of the buckets that leads to the same elements. */
    static long copyPlaces(long word, ArenaStripe into) {
        if (count(word) == 0) {
            return word;
        }
        long base = into.allocate(bytes(word));
        NativeMemory.copy(base(word), base, bytes(word));
        return base << BASE_SHIFT | word & (1L << BASE_SHIFT) - 1;
    }

    /** A copy of the buckets and of every element in them. */
    static long copy(long word, ArenaStripe into) {
        long copy = copyPlaces(word, into);
        forEachPlace(copy, 0, count(copy), at -> {
            long place = NativeMemory.readLong(at);
            NativeMemory.writeLong(at, place & ~ADDRESS | Element.copy(place & ADDRESS, into));
        });
        return copy;
    }

    /** How many buckets a table that is full gets next. */
    static int grown(long word) {
        int buckets = count(word);
        return fitting(buckets + Math.max(1, buckets / 4));
    }

    /** Buckets that leave so many elements at a load of about 70 %. */
    static int comfortable(int size) {
        return fitting(size / 5 + 1);
    }

    /** Whether a table with so many elements should have fewer buckets. */
    static boolean isSparse(long word, int size) {
        int buckets = count(word);
        return buckets > 1 && size < buckets * PLACES / 3 && comfortable(size) < buckets;
    }

    /** The number of buckets that fills the block which {@code buckets} buckets would get. */
    private static int fitting(int buckets) {
        if (buckets <= FEW) {
            return (int) (ArenaStripe.blockSize(bytes(buckets)) / BUCKET_BYTES);
        }
        int i = 0;
        while (i < MANY.length - 1 && MANY[i] < buckets) {
            i++;
        }
        return Math.max(buckets, MANY[i]);
    }

    private static long bytes(int buckets) {
        return (long) buckets * BUCKET_BYTES;
    }

    private static long homeOf(long word, long tag) {
        return base(word) + (tag * count(word) >>> TAG_BITS) * BUCKET_BYTES;
    }

    private static long next(long bucket, long base, int buckets) {
        long next = bucket + BUCKET_BYTES;
        return next == base + (long) buckets * BUCKET_BYTES ? base : next;
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
}
