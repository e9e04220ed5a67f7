package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.packed.Listpack;

/** A walk over the nodes of a stream in the order of their IDs, as DUMP writes them. Valid until the stream's next change. */
public final class NodeCursor {
    private long next;
    private long record;

    public NodeCursor(long stream) {
        next = IdTree.first(StreamHead.nodes(stream));
    }

    /** Moves to the next node. Returns false when there is none left. */
    public boolean next() {
        if (next == 0) {
            return false;
        }
        record = IdTree.record(next);
        next = IdTree.next(next);
        return true;
    }

    /** The node's ID, which is that of its first entry. */
    public long ms() {
        return IdPage.ms(record);
    }

    public long seq() {
        return IdPage.seq(record);
    }

    /** Points {@code into} at the node's listpack. */
    public ByteSpan listpack(ByteSpan into) {
        long listpack = StreamNode.listpack(StreamEntries.node(record));
        return into.set(listpack, Listpack.totalBytes(listpack));
    }
}
