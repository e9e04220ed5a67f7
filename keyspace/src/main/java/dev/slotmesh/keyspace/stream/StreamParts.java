package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;

/**
 * Building a stream from parts that came from outside, as RESTORE does: {@link StreamHead#create}, nodes, numbers, groups, and
 * {@link #complete} at last. A stream that turns out broken is freed with {@link StreamStructure}.
 */
public final class StreamParts {
    private StreamParts() {}

    /**
     * Adds a copy of a node to a stream that {@link #complete} was not called for yet.
     *
     * @return false when nothing was added: the ID is there already, or the bytes are no listpack, or not one of a node: a
     *     count is wrong, an entry incomplete, an ID not after the one before, or no entry left
     */
    public static boolean addNode(
            ArenaStripe stripe, long stream, long ms, long seq, ByteSpan listpack) {
        if (!Listpack.isValid(listpack.address(), listpack.length())
                || !isNode(listpack.address(), ms, seq)
                || IdTree.find(StreamHead.nodes(stream), ms, seq) != 0) {
            return false;
        }
        long node = StreamNode.copyOf(stripe, listpack.address());
        StreamEntries.enter(stripe, stream, node, ms, seq);
        return true;
    }

    /**
     * Sets the numbers of a stream whose nodes are all there.
     *
     * @param length as it was told
     * @param lastId as it was told
     * @return false when the nodes hold another number of entries, overlap, or go beyond the last ID
     */
    public static boolean complete(long stream, long length, StreamId lastId) {
        long tree = StreamHead.nodes(stream);
        long live = 0;
        StreamId end = null;
        for (long place = IdTree.first(tree); place != 0; place = IdTree.next(place)) {
            long record = IdTree.record(place);
            StreamId id = new StreamId(IdPage.ms(record), IdPage.seq(record));
            if (end != null && !end.isBefore(id)) {
                return false;
            }
            end = StreamEntries.lastId(record);
            live += StreamNode.live(StreamEntries.node(record));
        }
        if (live != length || (end != null && lastId.isBefore(end))) {
            return false;
        }
        StreamHead.length(stream, length);
        StreamHead.lastId(stream, lastId.ms(), lastId.seq());
        StreamEntries.findTail(stream);
        StreamEntries.findFirst(stream);
        return true;
    }

    /** Whether a whole listpack is that of a node with this ID. */
    private static boolean isNode(long listpack, long ms, long seq) {
        Reader reader = new Reader(listpack);
        long live = reader.count();
        long deleted = reader.count();
        long fields = reader.count();
        reader.skip(fields);
        if (reader.integer() != 0 || reader.broken) {
            return false;
        }
        long beforeMs = ms;
        long beforeSeq = seq;
        boolean first = true;
        while (!reader.atEnd() && !reader.broken) {
            long start = reader.read;
            long flags = reader.integer();
            long entryMs = ms + reader.integer();
            long entrySeq = seq + reader.integer();
            boolean same = (flags & StreamNode.SAME_FIELDS) != 0;
            long values = same ? fields : 2 * Math.min(reader.count(), Integer.MAX_VALUE);
            reader.skip(values);
            long elements = reader.read - start;
            if (reader.integer() != elements
                    || (flags & ~(StreamNode.SAME_FIELDS | StreamNode.DELETED)) != 0
                    || StreamId.isBefore(entryMs, entrySeq, ms, seq)
                    || (!first && !StreamId.isBefore(beforeMs, beforeSeq, entryMs, entrySeq))) {
                return false;
            }
            if ((flags & StreamNode.DELETED) != 0) {
                deleted--;
            } else {
                live--;
            }
            first = false;
            beforeMs = entryMs;
            beforeSeq = entrySeq;
        }
        return !reader.broken && !first && live == 0 && deleted == 0;
    }

    /** Reads element after element; what is not as expected is noted and read as 0. */
    private static final class Reader {
        private final long end;
        private long at;
        private long read;
        private boolean broken;

        Reader(long listpack) {
            at = listpack + Listpack.HEADER_BYTES;
            end = listpack + Listpack.end(listpack);
        }

        boolean atEnd() {
            return at == end;
        }

        long integer() {
            if (broken || atEnd() || !ListpackEntry.isInteger(at)) {
                broken = true;
                return 0;
            }
            long value = ListpackEntry.integer(at);
            skip(1);
            return value;
        }

        /** An integer of 31 bits without sign. */
        long count() {
            long value = integer();
            if (value < 0 || value > Integer.MAX_VALUE) {
                broken = true;
                return 0;
            }
            return value;
        }

        void skip(long elements) {
            for (long i = 0; i < elements; i++) {
                if (broken || atEnd()) {
                    broken = true;
                    return;
                }
                at += ListpackEntry.size(at);
                read++;
            }
        }
    }
}
