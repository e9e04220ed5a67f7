package dev.slotmesh.keyspace.stream;

/**
 * A walk over the IDs that a group, or one consumer, has not confirmed, upwards. It goes on rightly when entries are taken
 * out, added or given to others meanwhile. One step is a search in the tree.
 */
public final class PendingCursor {
    private final long tree;
    private long ms;
    private long seq;
    private boolean atEnd;
    private long nextMs;
    private long nextSeq;

    private PendingCursor(long tree, StreamId from) {
        this.tree = tree;
        this.nextMs = from.ms();
        this.nextSeq = from.seq();
    }

    /** A walk over all of a group from an ID on. */
    public static PendingCursor ofGroup(long group, StreamId from) {
        return new PendingCursor(Groups.pending(group), from);
    }

    /** A walk over what one consumer has, from an ID on. */
    public static PendingCursor ofConsumer(long consumer, StreamId from) {
        return new PendingCursor(Consumers.pending(consumer), from);
    }

    /** All IDs that the group, or the consumer, has not confirmed. */
    public long size() {
        return IdTree.size(tree);
    }

    /** Moves to the next ID. Returns false when there is none left. */
    public boolean next() {
        long place = atEnd ? 0 : IdTree.atOrAfter(tree, nextMs, nextSeq);
        if (place == 0) {
            return false;
        }
        long record = IdTree.record(place);
        ms = IdPage.ms(record);
        seq = IdPage.seq(record);
        nextSeq = seq + 1;
        nextMs = nextSeq == 0 ? ms + 1 : ms;
        atEnd = (nextMs | nextSeq) == 0;
        return true;
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
}
