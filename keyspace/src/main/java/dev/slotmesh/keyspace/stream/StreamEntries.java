package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpans;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.packed.Listpack;

/** Adding entries to a stream and taking them out. All need the lock of the stream's slot. */
public final class StreamEntries {
    /** Bytes of a record of the tree of nodes: its ID and its address. */
    static final int RECORD_BYTES = IdPage.ID_BYTES + 8;

    private StreamEntries() {}

    /**
     * Whether the last node takes another entry, as Redis decides it.
     *
     * @param textBytes of all fields and values of the entry
     * @param mostBytes above 0: a node of so many bytes is full
     * @param mostEntries above 0: so is one of so many entries, deleted ones included
     */
    public static boolean tailTakes(long stream, long textBytes, long mostBytes, int mostEntries) {
        long node = StreamHead.tail(stream);
        return node != 0
                && Listpack.totalBytes(StreamNode.listpack(node)) + textBytes < mostBytes
                && (mostEntries <= 0
                        || StreamNode.live(node) + StreamNode.deleted(node) < mostEntries);
    }

    /**
     * Adds an entry under the stream's last ID, which the caller has just raised.
     *
     * @param words fields and values in turn from {@code first} on, at least one of each
     * @param toTail whether the last node takes it ({@link #tailTakes}), else a new one is begun
     */
    public static void append(
            ArenaStripe stripe, long stream, ByteSpans words, int first, boolean toTail) {
        if (!toTail) {
            begin(stripe, stream, words, first);
        }
        long tail = StreamHead.tail(stream);
        long node = StreamNode.append(stripe, stream, words, first);
        if (node != tail) {
            moveTail(stream, node);
        }
        long length = StreamHead.length(stream) + 1;
        StreamHead.length(stream, length);
        StreamHead.entriesAdded(stream, StreamHead.entriesAdded(stream) + 1);
        if (length == 1) {
            StreamHead.firstId(stream, StreamHead.lastMs(stream), StreamHead.lastSeq(stream));
        }
    }

    /** Deletes an entry. Returns whether it was there; the stream may be empty afterwards. */
    public static boolean delete(ArenaStripe stripe, long stream, long ms, long seq) {
        long place = IdTree.atOrBefore(StreamHead.nodes(stream), ms, seq);
        if (place == 0) {
            return false;
        }
        long record = IdTree.record(place);
        long node = node(record);
        long entry = StreamNode.find(node, ms - IdPage.ms(record), seq - IdPage.seq(record));
        if (entry == 0 || (StreamNode.flags(entry) & StreamNode.DELETED) != 0) {
            return false;
        }
        int live = StreamNode.live(node) - 1;
        if (live == 0) {
            removeNode(stripe, stream, record);
        } else {
            StreamNode.markDeleted(entry);
            recount(stripe, stream, record, live, StreamNode.deleted(node) + 1);
        }
        StreamHead.length(stream, StreamHead.length(stream) - 1);
        StreamId maxDeleted = StreamHead.maxDeletedId(stream);
        if (StreamId.isBefore(maxDeleted.ms(), maxDeleted.seq(), ms, seq)) {
            StreamHead.maxDeletedId(stream, ms, seq);
        }
        if (StreamHead.isFirst(stream, ms, seq)) {
            findFirst(stream);
        }
        return true;
    }

    /** Deletes from the beginning as a rule says. Returns how many entries went. */
    public static long trim(ArenaStripe stripe, long stream, Trimming rule) {
        long before = StreamHead.length(stream);
        while (StreamHead.length(stream) > 0) {
            long record = IdTree.record(IdTree.first(StreamHead.nodes(stream)));
            long node = node(record);
            int live = StreamNode.live(node);
            long gone = before - StreamHead.length(stream);
            if (rule.isMet(StreamHead.length(stream)) || rule.exceeds(gone + live)) {
                break;
            }
            if (rule.takesNode(StreamHead.length(stream) - live, lastId(record))) {
                removeNode(stripe, stream, record);
                StreamHead.length(stream, StreamHead.length(stream) - live);
            } else {
                if (!rule.approximate()) {
                    trimNode(stripe, stream, record, rule);
                }
                break;
            }
        }
        long gone = before - StreamHead.length(stream);
        if (gone > 0) {
            findFirst(stream);
        }
        return gone;
    }

    /** The ID of the last entry, 0-0 when there is none. */
    public static StreamId lastEntryId(long stream) {
        EntryCursor cursor = new EntryCursor();
        return StreamHead.length(stream) > 0
                        && cursor.backward(stream, StreamId.MAX, StreamId.MIN).next()
                ? cursor.id()
                : StreamId.MIN;
    }

    /** The ID of the oldest entry that takes room, deleted or not; the greatest ID there is when none does. */
    public static StreamId oldestId(long stream) {
        long place = IdTree.first(StreamHead.nodes(stream));
        if (place == 0) {
            return StreamId.MAX;
        }
        long record = IdTree.record(place);
        return new StreamId(IdPage.ms(record), IdPage.seq(record));
    }

    /** The address of the node that a record of the tree of nodes leads to. */
    static long node(long record) {
        return NativeMemory.readLong(record + IdPage.ID_BYTES);
    }

    /** Puts a node into the tree under an ID that is absent; the tail is to be found again with {@link #findTail}. */
    static void enter(ArenaStripe stripe, long stream, long node, long ms, long seq) {
        long record = IdTree.insert(stripe, StreamHead.nodes(stream), RECORD_BYTES, ms, seq);
        NativeMemory.writeLong(record + IdPage.ID_BYTES, node);
    }

    /** Notes again which node is the last. */
    static void findTail(long stream) {
        long last = IdTree.last(StreamHead.nodes(stream));
        if (last == 0) {
            StreamHead.tail(stream, 0);
            return;
        }
        long record = IdTree.record(last);
        StreamHead.tail(stream, node(record));
        IdPage.id(StreamHead.tailId(stream), IdPage.ms(record), IdPage.seq(record));
    }

    /** Notes again which entry is the first. */
    static void findFirst(long stream) {
        EntryCursor cursor = new EntryCursor();
        if (cursor.forward(stream, StreamId.MIN, StreamId.MAX).next()) {
            StreamHead.firstId(stream, cursor.ms(), cursor.seq());
        } else {
            StreamHead.firstId(stream, 0, 0);
        }
    }

    private static void begin(ArenaStripe stripe, long stream, ByteSpans words, int first) {
        long tail = StreamHead.tail(stream);
        if (tail != 0) {
            long shrunk = StreamNode.shrink(stripe, tail);
            if (shrunk != tail) {
                moveTail(stream, shrunk);
            }
        }
        long ms = StreamHead.lastMs(stream);
        long seq = StreamHead.lastSeq(stream);
        long node = StreamNode.create(stripe, words, first);
        enter(stripe, stream, node, ms, seq);
        StreamHead.tail(stream, node);
        IdPage.id(StreamHead.tailId(stream), ms, seq);
    }

    private static void moveTail(long stream, long node) {
        StreamHead.tail(stream, node);
        long record = IdTree.record(IdTree.last(StreamHead.nodes(stream)));
        NativeMemory.writeLong(record + IdPage.ID_BYTES, node);
    }

    private static void removeNode(ArenaStripe stripe, long stream, long record) {
        long node = node(record);
        IdTree.remove(stripe, StreamHead.nodes(stream), IdPage.ms(record), IdPage.seq(record));
        StreamNode.free(stripe, node);
        if (node == StreamHead.tail(stream)) {
            findTail(stream);
        }
    }

    private static void recount(
            ArenaStripe stripe, long stream, long record, int live, int deleted) {
        long node = node(record);
        long edited = StreamNode.counts(stripe, node, live, deleted);
        if (edited != node) {
            NativeMemory.writeLong(record + IdPage.ID_BYTES, edited);
            if (node == StreamHead.tail(stream)) {
                StreamHead.tail(stream, edited);
            }
        }
    }

    /** The ID of the last entry, deleted or not, of the node that a record leads to. */
    static StreamId lastId(long record) {
        long node = node(record);
        long entry = StreamNode.before(StreamNode.end(node));
        return new StreamId(
                IdPage.ms(record) + StreamNode.msDelta(entry),
                IdPage.seq(record) + StreamNode.seqDelta(entry));
    }

    private static void trimNode(ArenaStripe stripe, long stream, long record, Trimming rule) {
        long node = node(record);
        long length = StreamHead.length(stream);
        int gone = 0;
        long end = StreamNode.end(node);
        for (long at = StreamNode.entries(node); at < end; at = StreamNode.after(node, at)) {
            if (rule.keeps(
                    length - gone,
                    IdPage.ms(record) + StreamNode.msDelta(at),
                    IdPage.seq(record) + StreamNode.seqDelta(at))) {
                break;
            }
            if ((StreamNode.flags(at) & StreamNode.DELETED) == 0) {
                StreamNode.markDeleted(at);
                gone++;
            }
        }
        StreamHead.length(stream, length - gone);
        recount(
                stripe,
                stream,
                record,
                StreamNode.live(node) - gone,
                StreamNode.deleted(node) + gone);
    }
}
