package dev.slotmesh.keyspace.table;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;

import java.util.random.RandomGenerator;

/**
 * A hash table of elements in native memory, known by the address of its head. There is no object per table.
 *
 * <p>Elements are in the order of their <i>positions</i>, the top 48 bits of their hash, whatever the table's size: growing
 * and shrinking move no element past another, so a walk is resumed at a position. The table is one bucket table or, beyond
 * {@value #SPLIT_SIZE} elements, a directory of them by the leading bits of the hash (extendible hashing): a full one
 * splits, two small neighbours merge, so no step moves more than {@value #SPLIT_SIZE} elements, and only splits and
 * merges read them.
 *
 * <p>All calls need the lock of the slot that the table is in. A hash is that of {@link ArenaStripe#hashes()} over the name;
 * a stripe is the one the table was created in. A handle of an element, once dead, or a wrong hash or stripe is our own
 * mistake: it throws {@link IllegalStateException} where it is noticed.
 */
public final class ElementTable {
    /** The position behind all elements; positions are 0 to END - 1. */
    public static final long END = 1L << 48;

    /** What {@link #find} returns when there is no such element. */
    public static final long ABSENT = 0;

    static final int SPLIT_SIZE = 1568;

    static final int MERGE_SIZE = SPLIT_SIZE / 3;
    private static final int DEEPEST = 28;
    private static final int POSITION_BITS = 48;

    private ElementTable() {}

    /** Makes an empty table: one small block. */
    public static long create(ArenaStripe stripe, TableKind kind) {
        long table = stripe.allocate(TableLayout.headBytes(kind));
        TableLayout.initialise(table, kind);
        return table;
    }

    /** Elements, those past their deadline included. */
    public static long size(long table) {
        return TableLayout.size(table);
    }

    /** The element of a name, or {@link #ABSENT}. */
    public static long find(long table, ByteSpan name, long hash) {
        return Buckets.find(TableLayout.wordOf(table, hash), name, hash);
    }

    /** Reads the bucket that {@link #find} begins with, to have it in the cache; the result means nothing. */
    public static long readAheadBucket(long table, long hash) {
        return Buckets.readAheadBucket(TableLayout.wordOf(table, hash), hash);
    }

    /** Reads the element that is most likely a hash's, to have it in the cache; the result means nothing. */
    public static long readAheadElement(long table, long hash) {
        return Buckets.readAheadElement(TableLayout.wordOf(table, hash), hash);
    }

    /** Adds a member that is not there to a table of {@link TableKind#MEMBERS}. Returns the element. */
    public static long insert(ArenaStripe stripe, long table, ByteSpan name, long hash) {
        long element = Element.createMember(stripe, name);
        enter(stripe, table, element, hash);
        return element;
    }

    /** Adds a name that is not there with its word to a table of {@link TableKind#SCORES}. Returns the element. */
    public static long insertScored(
            ArenaStripe stripe, long table, ByteSpan name, long hash, long word) {
        long element = Element.createScored(stripe, name, word);
        enter(stripe, table, element, hash);
        return element;
    }

    /** Adds a field that is not there to a table of {@link TableKind#FIELDS}, without a deadline. Returns the element. */
    public static long insertField(
            ArenaStripe stripe, long table, ByteSpan name, long hash, ByteSpan value) {
        long element = Element.createField(stripe, name, value, 0);
        enter(stripe, table, element, hash);
        return element;
    }

    /**
     * Gives a field another value; its deadline stays.
     *
     * @param value not in this element
     * @return the element from now on: it moves when its block has another size
     */
    public static long replace(
            ArenaStripe stripe, long table, long element, long hash, ByteSpan value) {
        if (Element.overwrite(element, value)) {
            return element;
        }
        ByteSpan name = Element.name(element, new ByteSpan());
        long replaced = Element.createField(stripe, name, value, Element.deadline(element));
        exchange(stripe, table, element, hash, replaced);
        return replaced;
    }

    /** Takes an element out and frees it; the table may shrink. */
    public static void remove(ArenaStripe stripe, long table, long element, long hash) {
        long record = TableLayout.firstRecord(table, hash);
        long word = TableLayout.word(record);
        long at = Buckets.locate(word, element, hash);
        if ((NativeMemory.readLong(at) & Buckets.DEADLINE) != 0) {
            countExpiring(table, record, -1);
        }
        Buckets.clear(word, at);
        Element.free(stripe, element);
        countDown(table, record, 1);
        shrink(stripe, table, record);
        TableDirectory.mergeAround(stripe, table, hash, MERGE_SIZE);
    }

    /** Visits every element, in no order to rely on. The visitor must not add or remove. */
    public static void forEach(long table, ElementVisitor visitor) {
        long records = 1L << TableLayout.depth(table);
        for (long i = 0; i < records; ) {
            long record = TableLayout.record(table, i);
            long word = TableLayout.word(record);
            Buckets.forEach(word, 0, Buckets.count(word), visitor);
            i += TableLayout.copies(table, record);
        }
    }

    /**
     * Visits a few elements from a position on: the walk for SCAN. Every element that is there from the first call to the
     * last is visited at least once, and more than once only if the table changed meanwhile.
     *
     * @param position 0 to {@link #END} - 1
     * @return where to go on, more than {@code position}; {@link #END} when nothing is left
     */
    public static long scan(long table, long position, ElementVisitor visitor) {
        long hash = position << 64 - POSITION_BITS;
        long word = TableLayout.wordOf(table, hash);
        int tag = (int) Buckets.tag(word, hash);
        int nextTag = Buckets.nextTag(word, tag);
        int below = POSITION_BITS - Buckets.depth(word);
        Buckets.visitHome(word, tag, visitor);
        long prefix = position >>> below;
        return nextTag >= Buckets.TAGS
                ? prefix + 1 << below
                : prefix << below | (long) nextTag << below - Buckets.TAG_BITS;
    }

    /** A random element, each equally likely; {@link #ABSENT} when there is none. */
    public static long random(long table, RandomGenerator random) {
        int depth = TableLayout.depth(table);
        long limit = (long) Buckets.MOST << depth;
        while (TableLayout.size(table) > 0) {
            long word = TableLayout.word(TableLayout.record(table, random.nextLong(1L << depth)));
            int buckets = Buckets.count(word);
            long weight = (long) buckets << Buckets.depth(word);
            if (depth == 0 || random.nextLong(limit) < weight) {
                long element = buckets == 0
                        ? ABSENT
                        : Buckets.elementAt(word, random.nextInt(buckets * Buckets.PLACES));
                if (element != ABSENT) {
                    return element;
                }
            }
        }
        return ABSENT;
    }

    /**
     * Visits {@code count} different elements, every choice equally likely; all of them when there are not more. The visitor
     * must not add or remove.
     *
     * @param count 0 or more
     */
    public static void sample(
            long table, long count, RandomGenerator random, ElementVisitor visitor) {
        TableSample.visit(table, count, random, visitor);
    }

    /** Fields that have a deadline; the table is one of {@link TableKind#FIELDS}. */
    public static long expiring(long table) {
        return TableLayout.expiring(table);
    }

    /**
     * Gives a field a deadline, or another one.
     *
     * @param deadlineMs milliseconds since 1970, 0 for none
     * @return the element from now on: it moves when it has never had a deadline
     */
    public static long deadline(
            ArenaStripe stripe, long table, long element, long hash, long deadlineMs) {
        if (!Element.hasWord(element)) {
            return deadlineMs == 0
                    ? element
                    : withDeadline(stripe, table, element, hash, deadlineMs);
        }
        Element.word(element, deadlineMs);
        mark(table, hash, element, element, deadlineMs);
        return element;
    }

    /** When {@link #removeDue} is worth a call: hardly any field is past its deadline before. */
    public static long visitNotBefore(long table) {
        return TableLayout.tableVisitNotBefore(table);
    }

    /**
     * Takes out and frees fields whose deadline has passed, calling {@code due} with each before: those of the bucket
     * tables whose time for a visit has come, until {@code most} elements were looked at. A bucket table with many deadlines
     * is then left alone for a quarter of a millisecond for each.
     *
     * @return fields removed; more may be due while {@link #visitNotBefore} is not after {@code nowMs}
     */
    public static int removeDue(
            ArenaStripe stripe, long table, long nowMs, int most, ElementVisitor due) {
        return TableExpiry.removeDue(stripe, table, nowMs, most, due);
    }

    private static long withDeadline(
            ArenaStripe stripe, long table, long element, long hash, long deadlineMs) {
        long moved = Element.createField(
                stripe,
                Element.name(element, new ByteSpan()),
                Element.value(element, new ByteSpan()),
                deadlineMs);
        mark(table, hash, element, moved, deadlineMs);
        Element.free(stripe, element);
        return moved;
    }

    private static void mark(long table, long hash, long element, long replaced, long deadlineMs) {
        long record = TableLayout.firstRecord(table, hash);
        long at = Buckets.locate(TableLayout.word(record), element, hash);
        boolean before = (NativeMemory.readLong(at) & Buckets.DEADLINE) != 0;
        Buckets.replace(at, replaced, deadlineMs != 0);
        countExpiring(table, record, (deadlineMs != 0 ? 1 : 0) - (before ? 1 : 0));
        if (deadlineMs != 0) {
            long visit = deadlineMs + 1;
            TableLayout.visitNotBefore(record, Math.min(TableLayout.visitNotBefore(record), visit));
            TableLayout.tableVisitNotBefore(
                    table, Math.min(TableLayout.tableVisitNotBefore(table), visit));
        }
    }

    private static void exchange(
            ArenaStripe stripe, long table, long element, long hash, long replaced) {
        long word = TableLayout.wordOf(table, hash);
        long at = Buckets.locate(word, element, hash);
        Buckets.replace(at, replaced, (NativeMemory.readLong(at) & Buckets.DEADLINE) != 0);
        Element.free(stripe, element);
    }

    private static void enter(ArenaStripe stripe, long table, long element, long hash) {
        long record = TableLayout.firstRecord(table, hash);
        while (TableLayout.recordSize(record) >= SPLIT_SIZE
                && Buckets.depth(TableLayout.word(record)) < DEEPEST) {
            TableDirectory.split(stripe, table, record, hash);
            record = TableLayout.firstRecord(table, hash);
        }
        int size = TableLayout.recordSize(record);
        long word = TableLayout.word(record);
        if (Buckets.isFull(word, size)) {
            word = Buckets.rebuild(stripe, word, Buckets.grown(word));
            TableLayout.words(table, record, word);
        }
        Buckets.add(word, element, false, hash);
        TableLayout.recordSize(record, size + 1);
        TableLayout.size(table, TableLayout.size(table) + 1);
    }

    static void countDown(long table, long record, int removed) {
        TableLayout.recordSize(record, TableLayout.recordSize(record) - removed);
        TableLayout.size(table, TableLayout.size(table) - removed);
    }

    static void shrink(ArenaStripe stripe, long table, long record) {
        int size = TableLayout.recordSize(record);
        long word = TableLayout.word(record);
        if (size == 0) {
            Buckets.release(stripe, word);
            TableLayout.words(table, record, Buckets.none(Buckets.depth(word)));
        } else if (Buckets.isSparse(word, size)) {
            TableLayout.words(
                    table, record, Buckets.rebuild(stripe, word, Buckets.comfortable(size)));
        }
    }

    static void countExpiring(long table, long record, int change) {
        if (change != 0) {
            TableLayout.recordExpiring(record, TableLayout.recordExpiring(record) + change);
            TableLayout.expiring(table, TableLayout.expiring(table) + change);
        }
    }
}
