package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.packed.ListpackEntry;

/**
 * A walk over the entries of a stream in a range of IDs, forwards or backwards, deleted ones left out. Reusable; valid until
 * the stream's next change.
 *
 * <pre>
 *   cursor.forward(stream, from, to);
 *   while (cursor.next()) {
 *       for (int i = 0; i &lt; 2 * cursor.fieldCount(); i++) {
 *           cursor.nextPart();                                   field, value, field, value ..
 *           if (cursor.isInteger()) .. cursor.integer() else .. cursor.string(span)
 *       }
 *   }
 * </pre>
 */
public final class EntryCursor {
    private StreamId from = StreamId.MIN;
    private StreamId to = StreamId.MAX;
    private boolean backward;
    private long place;
    private long node;
    private long nodeMs;
    private long nodeSeq;

    /** Forwards the entry to look at next, backwards where the one to look at next ends. */
    private long edge;

    private long ms;
    private long seq;
    private boolean sameFields;
    private int fieldCount;
    private boolean atValue;
    private long nextField;
    private long nextValue;
    private long part;

    /** A walk over nothing. */
    public EntryCursor() {}

    /** Begins a walk upwards, both IDs included. */
    public EntryCursor forward(long stream, StreamId first, StreamId last) {
        backward = false;
        from = first;
        to = last;
        long tree = StreamHead.nodes(stream);
        place = IdTree.atOrBefore(tree, first.ms(), first.seq());
        enter(place == 0 ? IdTree.first(tree) : place);
        return this;
    }

    /** Begins a walk downwards, both IDs included. */
    public EntryCursor backward(long stream, StreamId last, StreamId first) {
        backward = true;
        from = first;
        to = last;
        enter(IdTree.atOrBefore(StreamHead.nodes(stream), last.ms(), last.seq()));
        return this;
    }

    /** Moves to the next entry. Returns false when there is none left. */
    public boolean next() {
        while (place != 0) {
            long entry = step();
            if (entry == 0) {
                enter(backward ? IdTree.previous(place) : IdTree.next(place));
                continue;
            }
            ms = nodeMs + StreamNode.msDelta(entry);
            seq = nodeSeq + StreamNode.seqDelta(entry);
            if (isPast()) {
                place = 0;
            } else if ((StreamNode.flags(entry) & StreamNode.DELETED) == 0 && isInside()) {
                open(entry);
                return true;
            }
        }
        return false;
    }

    public long ms() {
        return ms;
    }

    public long seq() {
        return seq;
    }

    public StreamId id() {
        return new StreamId(ms, seq);
    }

    /** Pairs of field and value of the entry. */
    public int fieldCount() {
        return fieldCount;
    }

    /** Moves to the entry's next field or value, at most twice {@link #fieldCount} times. */
    public void nextPart() {
        if (sameFields && !atValue) {
            part = nextField;
            nextField += ListpackEntry.size(nextField);
        } else {
            part = nextValue;
            nextValue += ListpackEntry.size(nextValue);
        }
        atValue = !atValue;
    }

    /** Whether the field or value is stored as an integer. */
    public boolean isInteger() {
        return ListpackEntry.isInteger(part);
    }

    public long integer() {
        return ListpackEntry.integer(part);
    }

    /** Points {@code into} at the bytes of a field or value that is not an integer. */
    public ByteSpan string(ByteSpan into) {
        return ListpackEntry.string(part, into);
    }

    private void enter(long at) {
        place = at;
        if (at != 0) {
            long record = IdTree.record(at);
            node = StreamEntries.node(record);
            nodeMs = IdPage.ms(record);
            nodeSeq = IdPage.seq(record);
            edge = backward ? StreamNode.end(node) : StreamNode.entries(node);
        }
    }

    /** The next entry of the node, 0 after the last. */
    private long step() {
        if (backward) {
            if (edge == StreamNode.entries(node)) {
                return 0;
            }
            edge = StreamNode.before(edge);
            return edge;
        }
        if (edge == StreamNode.end(node)) {
            return 0;
        }
        long entry = edge;
        edge = StreamNode.after(node, edge);
        return entry;
    }

    private boolean isPast() {
        return backward
                ? StreamId.isBefore(ms, seq, from.ms(), from.seq())
                : StreamId.isBefore(to.ms(), to.seq(), ms, seq);
    }

    private boolean isInside() {
        return backward
                ? !StreamId.isBefore(to.ms(), to.seq(), ms, seq)
                : !StreamId.isBefore(ms, seq, from.ms(), from.seq());
    }

    private void open(long entry) {
        long at = entry;
        sameFields = (StreamNode.flags(entry) & StreamNode.SAME_FIELDS) != 0;
        at += ListpackEntry.size(at);
        at += ListpackEntry.size(at);
        at += ListpackEntry.size(at);
        long count = StreamNode.fieldCountAt(node);
        if (sameFields) {
            nextField = count + ListpackEntry.size(count);
        } else {
            count = at;
            at += ListpackEntry.size(at);
        }
        fieldCount = (int) ListpackEntry.integer(count);
        nextValue = at;
        atValue = false;
    }
}
