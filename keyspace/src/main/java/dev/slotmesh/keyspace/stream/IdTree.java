package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * An ordered tree of records under 128-bit IDs, a B+ tree of {@link IdPage}s. It is known by the address of its two words,
 * which lie in the block of whoever owns it:
 *
 * <pre>
 *   root 8, 0 while the tree is empty | number of records 8
 * </pre>
 *
 * A tree of up to 64 records is one page, which grows from one record by doubling. IDs that only grow, the usual case, leave
 * full pages behind. A <i>place</i> is a leaf's address with the number of a record in its top 16 bits, 0 for none; places
 * and addresses of records are valid until the next insertion or removal. The place of a leaf's first record is its address.
 */
final class IdTree {
    /** Bytes of the words that make a tree. */
    static final int BYTES = 16;

    private static final int SIZE = 8;
    private static final int PLACE_SHIFT = 48;
    private static final long PLACE_ADDRESS = (1L << PLACE_SHIFT) - 1;
    private static final int SPARSE_DIVISOR = 4;
    private static final int MERGED_MOST = IdPage.FULL * 3 / 4;

    private IdTree() {}

    /** Makes an empty tree. */
    static void initialise(long tree) {
        NativeMemory.writeLong(tree, 0);
        NativeMemory.writeLong(tree + SIZE, 0);
    }

    static long size(long tree) {
        return NativeMemory.readLong(tree + SIZE);
    }

    /** The record of an ID, 0 when it is absent. */
    static long find(long tree, long ms, long seq) {
        long page = leafOf(tree, ms, seq);
        if (page == 0) {
            return 0;
        }
        int index = IdPage.countBefore(page, ms, seq);
        if (index == IdPage.count(page)) {
            return 0;
        }
        long record = IdPage.record(page, index);
        return IdPage.isAt(record, ms, seq) ? record : 0;
    }

    /** The place of the first record that is not before an ID. */
    static long atOrAfter(long tree, long ms, long seq) {
        long page = leafOf(tree, ms, seq);
        if (page == 0) {
            return 0;
        }
        int index = IdPage.countBefore(page, ms, seq);
        return index < IdPage.count(page) ? place(page, index) : IdPage.next(page);
    }

    /** The place of the last record that is not after an ID. */
    static long atOrBefore(long tree, long ms, long seq) {
        long page = leafOf(tree, ms, seq);
        if (page == 0) {
            return 0;
        }
        int index = IdPage.countBefore(page, ms, seq);
        if (index < IdPage.count(page) && IdPage.isAt(IdPage.record(page, index), ms, seq)) {
            return place(page, index);
        }
        return index > 0 ? place(page, index - 1) : lastOf(IdPage.previous(page));
    }

    /** The place of the first record. */
    static long first(long tree) {
        long page = NativeMemory.readLong(tree);
        while (page != 0 && IdPage.level(page) > 0) {
            page = IdPage.child(page, 0);
        }
        return page;
    }

    /** The place of the last record. */
    static long last(long tree) {
        return lastOf(lastLeaf(tree));
    }

    static long next(long place) {
        long page = place & PLACE_ADDRESS;
        int index = (int) (place >>> PLACE_SHIFT) + 1;
        return index < IdPage.count(page) ? place(page, index) : IdPage.next(page);
    }

    static long previous(long place) {
        long page = place & PLACE_ADDRESS;
        int index = (int) (place >>> PLACE_SHIFT);
        return index > 0 ? place(page, index - 1) : lastOf(IdPage.previous(page));
    }

    /** The record at a place that is not 0. */
    static long record(long place) {
        return IdPage.record(place & PLACE_ADDRESS, (int) (place >>> PLACE_SHIFT));
    }

    /**
     * Makes a record for an ID that is absent; its value is undefined.
     *
     * @param recordBytes of all records of this tree, {@link IdPage#ID_BYTES} included
     * @return its address
     */
    static long insert(ArenaStripe stripe, long tree, int recordBytes, long ms, long seq) {
        long page = rootWithRoom(stripe, tree, recordBytes, ms, seq);
        while (IdPage.level(page) > 0) {
            int index = IdPage.towards(page, ms, seq);
            if (IdPage.isFull(IdPage.child(page, index))) {
                split(stripe, page, index, ms, seq);
                index = IdPage.towards(page, ms, seq);
            }
            page = IdPage.child(page, index);
        }
        long record = IdPage.open(page, IdPage.countBefore(page, ms, seq));
        IdPage.id(record, ms, seq);
        NativeMemory.writeLong(tree + SIZE, size(tree) + 1);
        return record;
    }

    /** Takes the record of an ID out. Returns whether there was one. */
    static boolean remove(ArenaStripe stripe, long tree, long ms, long seq) {
        long root = NativeMemory.readLong(tree);
        if (root == 0 || !removeBelow(stripe, root, ms, seq)) {
            return false;
        }
        NativeMemory.writeLong(tree + SIZE, size(tree) - 1);
        while (IdPage.level(root) > 0 && IdPage.count(root) == 1) {
            long only = IdPage.child(root, 0);
            IdPage.free(stripe, root);
            root = only;
        }
        int count = IdPage.count(root);
        if (count == 0) {
            IdPage.free(stripe, root);
            root = 0;
        } else if (IdPage.level(root) == 0 && count * SPARSE_DIVISOR <= IdPage.capacity(root)) {
            root = IdPage.resize(stripe, root, IdPage.capacity(root) / 2);
        }
        NativeMemory.writeLong(tree, root);
        return true;
    }

    /** Frees the last leaf with its records, of a tree that is not empty. */
    static void dropLastLeaf(ArenaStripe stripe, long tree) {
        long root = NativeMemory.readLong(tree);
        long leaf = lastLeaf(tree);
        NativeMemory.writeLong(tree + SIZE, size(tree) - IdPage.count(leaf));
        if (IdPage.previous(leaf) != 0) {
            IdPage.next(IdPage.previous(leaf), 0);
        }
        if (dropLastBelow(stripe, root)) {
            NativeMemory.writeLong(tree, 0);
        }
    }

    /** Bytes of all pages. */
    static long bytes(long tree) {
        long root = NativeMemory.readLong(tree);
        return root == 0 ? 0 : bytesBelow(root);
    }

    private static long bytesBelow(long page) {
        if (IdPage.level(page) == 0) {
            return IdPage.blockBytes(page);
        }
        // All leaves below an inner page have the same size: they are counted, not visited.
        long sum = IdPage.blockBytes(page);
        int count = IdPage.count(page);
        if (IdPage.level(page) == 1) {
            return sum + count * IdPage.blockBytes(IdPage.child(page, 0));
        }
        for (int i = 0; i < count; i++) {
            sum += bytesBelow(IdPage.child(page, i));
        }
        return sum;
    }

    /** Checks the order, the fill and the links of every page; for tests. */
    static void check(long tree) {
        long root = NativeMemory.readLong(tree);
        long records = 0;
        long before = 0;
        for (long place = first(tree); place != 0; place = next(place)) {
            long record = record(place);
            if (records > 0
                    && !StreamId.isBefore(
                            IdPage.ms(before),
                            IdPage.seq(before),
                            IdPage.ms(record),
                            IdPage.seq(record))) {
                throw new IllegalStateException("records out of order");
            }
            if (find(tree, IdPage.ms(record), IdPage.seq(record)) != record) {
                throw new IllegalStateException("a record is not found");
            }
            before = record;
            records++;
        }
        if (records != size(tree) || (root == 0) != (records == 0)) {
            throw new IllegalStateException(records + " records, not " + size(tree));
        }
    }

    private static long place(long page, int index) {
        return page | (long) index << PLACE_SHIFT;
    }

    private static long lastOf(long leaf) {
        return leaf == 0 ? 0 : place(leaf, IdPage.count(leaf) - 1);
    }

    private static long lastLeaf(long tree) {
        long page = NativeMemory.readLong(tree);
        while (page != 0 && IdPage.level(page) > 0) {
            page = IdPage.child(page, IdPage.count(page) - 1);
        }
        return page;
    }

    private static long leafOf(long tree, long ms, long seq) {
        long page = NativeMemory.readLong(tree);
        while (page != 0 && IdPage.level(page) > 0) {
            page = IdPage.child(page, IdPage.towards(page, ms, seq));
        }
        return page;
    }

    private static long rootWithRoom(
            ArenaStripe stripe, long tree, int recordBytes, long ms, long seq) {
        long root = NativeMemory.readLong(tree);
        if (root == 0) {
            root = IdPage.allocate(stripe, 0, recordBytes, 1);
        } else if (!IdPage.isFull(root)) {
            return root;
        } else if (IdPage.capacity(root) < IdPage.FULL) {
            root = IdPage.resize(stripe, root, 2 * IdPage.capacity(root));
        } else {
            long above = IdPage.allocate(
                    stripe, IdPage.level(root) + 1, IdPage.INNER_BYTES, IdPage.FULL);
            link(above, 0, root, 0, 0);
            split(stripe, above, 0, ms, seq);
            root = above;
        }
        NativeMemory.writeLong(tree, root);
        return root;
    }

    private static void link(long page, int index, long child, long ms, long seq) {
        long record = IdPage.open(page, index);
        IdPage.id(record, ms, seq);
        NativeMemory.writeLong(record + IdPage.ID_BYTES, child);
    }

    /**
     * Splits the full page below record {@code index} of an inner page with room, for an ID to be inserted: in the middle, or
     * at the end when the ID comes after everything there, so that growing IDs leave full pages.
     */
    private static void split(ArenaStripe stripe, long parent, int index, long ms, long seq) {
        long page = IdPage.child(parent, index);
        int count = IdPage.count(page);
        boolean atEnd =
                index == IdPage.count(parent) - 1 && IdPage.countBefore(page, ms, seq) == count;
        boolean leaf = IdPage.level(page) == 0;
        int kept = !atEnd ? count / 2 : leaf ? count : count - 1;
        long right =
                IdPage.allocate(stripe, IdPage.level(page), IdPage.recordBytes(page), IdPage.FULL);
        long first = IdPage.record(page, kept);
        long rightMs = kept == count ? ms : IdPage.ms(first);
        long rightSeq = kept == count ? seq : IdPage.seq(first);
        IdPage.moveTail(page, kept, right);
        if (leaf) {
            chain(right, IdPage.next(page));
            chain(page, right);
        }
        link(parent, index + 1, right, rightMs, rightSeq);
    }

    private static void chain(long left, long right) {
        IdPage.next(left, right);
        if (right != 0) {
            IdPage.previous(right, left);
        }
    }

    private static boolean removeBelow(ArenaStripe stripe, long page, long ms, long seq) {
        if (IdPage.level(page) == 0) {
            int index = IdPage.countBefore(page, ms, seq);
            if (index == IdPage.count(page) || !IdPage.isAt(IdPage.record(page, index), ms, seq)) {
                return false;
            }
            IdPage.close(page, index);
            return true;
        }
        int index = IdPage.towards(page, ms, seq);
        long child = IdPage.child(page, index);
        if (!removeBelow(stripe, child, ms, seq)) {
            return false;
        }
        int left = IdPage.count(child);
        if (left == 0) {
            unlink(stripe, page, index);
        } else if (left * SPARSE_DIVISOR < IdPage.FULL
                && !mergeWithNext(stripe, page, index)
                && index > 0) {
            mergeWithNext(stripe, page, index - 1);
        }
        return true;
    }

    /** Frees the page below a record, whose own records are gone, and the record. */
    private static void unlink(ArenaStripe stripe, long parent, int index) {
        long page = IdPage.child(parent, index);
        if (IdPage.level(page) == 0) {
            if (IdPage.previous(page) != 0) {
                IdPage.next(IdPage.previous(page), IdPage.next(page));
            }
            if (IdPage.next(page) != 0) {
                IdPage.previous(IdPage.next(page), IdPage.previous(page));
            }
        }
        IdPage.free(stripe, page);
        IdPage.close(parent, index);
    }

    /** Puts the pages below two neighbouring records together when they leave room for more. Returns whether they do. */
    private static boolean mergeWithNext(ArenaStripe stripe, long parent, int index) {
        if (index + 1 >= IdPage.count(parent)) {
            return false;
        }
        long page = IdPage.child(parent, index);
        long right = IdPage.child(parent, index + 1);
        if (IdPage.count(page) + IdPage.count(right) > MERGED_MOST) {
            return false;
        }
        if (IdPage.level(right) > 0) {
            // Its first ID begins to count, and only the parent knows a true one.
            long bound = IdPage.record(parent, index + 1);
            IdPage.id(IdPage.record(right, 0), IdPage.ms(bound), IdPage.seq(bound));
        }
        IdPage.moveTail(right, 0, page);
        unlink(stripe, parent, index + 1);
        return true;
    }

    /** Returns whether the page itself was freed, being the leaf or left empty. */
    private static boolean dropLastBelow(ArenaStripe stripe, long page) {
        if (IdPage.level(page) > 0) {
            int last = IdPage.count(page) - 1;
            if (dropLastBelow(stripe, IdPage.child(page, last))) {
                IdPage.count(page, last);
            }
            if (IdPage.count(page) > 0) {
                return false;
            }
        }
        IdPage.free(stripe, page);
        return true;
    }
}
