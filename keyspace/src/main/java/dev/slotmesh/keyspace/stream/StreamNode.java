package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpans;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;

/**
 * A node of a stream: a block with some entries in a listpack of Redis's form, which DUMP carries as it is.
 *
 * <pre>
 *   block     | bytes of the block 4 | listpack |
 *   listpack  | entries | deleted | n | field 1 .. field n | 0 | entry | entry | ..
 *   entry     | flags | ms | seq | value 1 .. value n | elements before |               with SAME_FIELDS
 *             | flags | ms | seq | m | field 1 | value 1 | .. | elements before |       else
 * </pre>
 *
 * An ID is the difference to that of the node, which is the ID of its first entry. "Elements before" counts those of the
 * entry, for walking backwards. Edits return the node's address from then on.
 */
final class StreamNode {
    static final int DELETED = 1;
    static final int SAME_FIELDS = 2;

    private static final int CAPACITY = 0;
    private static final int LISTPACK = CAPACITY + 4;
    private static final int MOST_SLACK = 2048;
    /** Flags and the two parts of the ID. */
    private static final int ENTRY_HEAD = 3;

    private StreamNode() {}

    /** A node without entries whose fields are those of the words from {@code first} on: fields and values in turn. */
    static long create(ArenaStripe stripe, ByteSpans words, int first) {
        int fields = (words.count() - first) / 2;
        long bytes = 3L * ListpackEntry.sizeOf(0L) + ListpackEntry.sizeOf((long) fields);
        for (int i = first; i < words.count(); i += 2) {
            bytes += ListpackEntry.sizeOf(words.span(i));
        }
        long node = allocate(stripe, Listpack.EMPTY_BYTES + bytes + entryBytes(words, first));
        long listpack = Listpack.initialise(node + LISTPACK);
        Listpack.open(listpack, Listpack.HEADER_BYTES, (int) bytes, 4 + fields);
        long at = listpack + Listpack.HEADER_BYTES;
        at += ListpackEntry.write(0L, at);
        at += ListpackEntry.write(0L, at);
        at += ListpackEntry.write((long) fields, at);
        for (int i = first; i < words.count(); i += 2) {
            at += ListpackEntry.write(words.span(i), at);
        }
        ListpackEntry.write(0L, at);
        return node;
    }

    /** About what the first entry will take. */
    private static long entryBytes(ByteSpans words, int first) {
        long bytes = 8 + ListpackEntry.sizeOf((long) words.count());
        for (int i = first + 1; i < words.count(); i += 2) {
            bytes += ListpackEntry.sizeOf(words.span(i));
        }
        return bytes;
    }

    /** A node with a copy of this listpack. */
    static long copyOf(ArenaStripe stripe, long listpack) {
        int total = Listpack.totalBytes(listpack);
        long node = allocate(stripe, total);
        NativeMemory.copy(listpack, node + LISTPACK, total);
        return node;
    }

    static void free(ArenaStripe stripe, long node) {
        stripe.free(node, capacity(node));
    }

    /** Bytes of the node's block. */
    static int capacity(long node) {
        return NativeMemory.readInt(node + CAPACITY);
    }

    static long listpack(long node) {
        return node + LISTPACK;
    }

    /** Entries that are not deleted. */
    static int live(long node) {
        return (int) ListpackEntry.integer(listpack(node) + Listpack.HEADER_BYTES);
    }

    static int deleted(long node) {
        return (int) ListpackEntry.integer(deletedAt(node));
    }

    private static long deletedAt(long node) {
        long count = listpack(node) + Listpack.HEADER_BYTES;
        return count + ListpackEntry.size(count);
    }

    /** The address of the number of the node's own fields; the fields follow. */
    static long fieldCountAt(long node) {
        long deleted = deletedAt(node);
        return deleted + ListpackEntry.size(deleted);
    }

    /** The address of the first entry, or of the end. */
    static long entries(long node) {
        long at = fieldCountAt(node);
        long fields = ListpackEntry.integer(at);
        for (long i = 0; i < fields + 2; i++) {
            at += ListpackEntry.size(at);
        }
        return at;
    }

    /** The address behind the last entry. */
    static long end(long node) {
        return listpack(node) + Listpack.end(listpack(node));
    }

    static int flags(long entry) {
        return (int) ListpackEntry.integer(entry);
    }

    /** The address of the entry after one of this node, or of the end. */
    static long after(long node, long entry) {
        long at = entry;
        int flags = flags(entry);
        for (int i = 0; i < ENTRY_HEAD; i++) {
            at += ListpackEntry.size(at);
        }
        long values;
        if ((flags & SAME_FIELDS) != 0) {
            values = ListpackEntry.integer(fieldCountAt(node));
        } else {
            values = 2 * ListpackEntry.integer(at);
            at += ListpackEntry.size(at);
        }
        for (long i = 0; i <= values; i++) {
            at += ListpackEntry.size(at);
        }
        return at;
    }

    /** The address of the entry that ends before an address, which is not that of the first one. */
    static long before(long entry) {
        long at = entry - ListpackEntry.sizeBefore(entry);
        long elements = ListpackEntry.integer(at);
        for (long i = 0; i < elements; i++) {
            at -= ListpackEntry.sizeBefore(at);
        }
        return at;
    }

    /** The milliseconds of an entry's ID beyond those of its node. */
    static long msDelta(long entry) {
        return ListpackEntry.integer(entry + ListpackEntry.size(entry));
    }

    static long seqDelta(long entry) {
        long ms = entry + ListpackEntry.size(entry);
        return ListpackEntry.integer(ms + ListpackEntry.size(ms));
    }

    /** The address of an entry, deleted or not, 0 when the node has none of that ID. */
    static long find(long node, long msDelta, long seqDelta) {
        long end = end(node);
        for (long at = entries(node); at < end; at = after(node, at)) {
            if (msDelta(at) == msDelta && seqDelta(at) == seqDelta) {
                return at;
            }
        }
        return 0;
    }

    /**
     * Adds an entry with the words from {@code first} on, fields and values in turn, to the last node of a stream under the
     * stream's last ID. Returns the node.
     */
    static long append(ArenaStripe stripe, long stream, ByteSpans words, int first) {
        long node = StreamHead.tail(stream);
        long base = StreamHead.tailId(stream);
        long msDelta = StreamHead.lastMs(stream) - IdPage.ms(base);
        long seqDelta = StreamHead.lastSeq(stream) - IdPage.seq(base);
        boolean same = hasFields(node, words, first);
        int step = same ? 2 : 1;
        int pairs = (words.count() - first) / 2;
        int elements = ENTRY_HEAD + (same ? pairs : 2 * pairs + 1);
        long bytes = ListpackEntry.sizeOf(0L)
                + ListpackEntry.sizeOf(msDelta)
                + ListpackEntry.sizeOf(seqDelta)
                + (same ? 0 : ListpackEntry.sizeOf((long) pairs))
                + ListpackEntry.sizeOf((long) elements);
        for (int i = first + step - 1; i < words.count(); i += step) {
            bytes += ListpackEntry.sizeOf(words.span(i));
        }
        long grown = reserve(stripe, node, Listpack.totalBytes(listpack(node)) + bytes);
        long listpack = listpack(grown);
        int end = Listpack.end(listpack);
        Listpack.open(listpack, end, (int) bytes, elements + 1);
        long at = listpack + end;
        at += ListpackEntry.write(same ? SAME_FIELDS : 0L, at);
        at += ListpackEntry.write(msDelta, at);
        at += ListpackEntry.write(seqDelta, at);
        if (!same) {
            at += ListpackEntry.write((long) pairs, at);
        }
        for (int i = first + step - 1; i < words.count(); i += step) {
            at += ListpackEntry.write(words.span(i), at);
        }
        ListpackEntry.write((long) elements, at);
        return counts(stripe, grown, live(grown) + 1, deleted(grown));
    }

    private static boolean hasFields(long node, ByteSpans words, int first) {
        long at = fieldCountAt(node);
        if (ListpackEntry.integer(at) != (words.count() - first) / 2) {
            return false;
        }
        for (int i = first; i < words.count(); i += 2) {
            at += ListpackEntry.size(at);
            if (!ListpackEntry.isText(at, words.span(i))) {
                return false;
            }
        }
        return true;
    }

    /** Marks an entry of a node as deleted; the counts are the caller's. */
    static void markDeleted(long entry) {
        ListpackEntry.write((long) (flags(entry) | DELETED), entry);
    }

    /** Changes how many entries the node says there are. Returns the node. */
    static long counts(ArenaStripe stripe, long node, int live, int deleted) {
        long first = listpack(node) + Listpack.HEADER_BYTES;
        int had = ListpackEntry.size(first) + ListpackEntry.size(deletedAt(node));
        int wanted = ListpackEntry.sizeOf((long) live) + ListpackEntry.sizeOf((long) deleted);
        long edited = node;
        if (wanted > had) {
            int more = wanted - had;
            edited = reserve(stripe, node, Listpack.totalBytes(listpack(node)) + more);
            Listpack.open(listpack(edited), Listpack.HEADER_BYTES, more, 0);
        } else if (wanted < had) {
            Listpack.close(listpack(node), Listpack.HEADER_BYTES, had - wanted, 0);
        }
        long at = listpack(edited) + Listpack.HEADER_BYTES;
        at += ListpackEntry.write((long) live, at);
        ListpackEntry.write((long) deleted, at);
        return edited;
    }

    /** Gives back the room behind the listpack of a node that nothing will be added to. Returns the node. */
    static long shrink(ArenaStripe stripe, long node) {
        long bytes = LISTPACK + (long) Listpack.totalBytes(listpack(node));
        return ArenaStripe.blockSize(bytes) < capacity(node) ? move(stripe, node, bytes) : node;
    }

    private static long reserve(ArenaStripe stripe, long node, long listpackBytes) {
        long bytes = LISTPACK + listpackBytes;
        return bytes <= capacity(node)
                ? node
                : move(stripe, node, bytes + Math.min(bytes, MOST_SLACK));
    }

    private static long move(ArenaStripe stripe, long node, long bytes) {
        long moved = allocate(stripe, bytes - LISTPACK);
        NativeMemory.copy(listpack(node), listpack(moved), Listpack.totalBytes(listpack(node)));
        free(stripe, node);
        return moved;
    }

    private static long allocate(ArenaStripe stripe, long listpackBytes) {
        long bytes = ArenaStripe.blockSize(LISTPACK + listpackBytes);
        long node = stripe.allocate(bytes);
        NativeMemory.writeInt(node + CAPACITY, (int) bytes);
        return node;
    }
}
