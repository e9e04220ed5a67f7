package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.stream.Consumers;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.keyspace.stream.NodeCursor;
import dev.slotmesh.keyspace.stream.Pending;
import dev.slotmesh.keyspace.stream.PendingCursor;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;

/**
 * Streams as they are written; {@link StreamReading} reads them.
 *
 * <pre>
 *  count of nodes, each: ID as a string of 16 bytes, listpack as a string
 *  length, last ID, first ID, greatest deleted ID, entries added    STREAM_LISTPACKS: without the last three
 *  count of groups, each:
 *    name, last ID, entries read                                     STREAM_LISTPACKS: without the last
 *    count of pending entries, each: ID 16, delivery time u64, deliveries
 *    count of consumers, each: name, seen time u64, count of its pending entries, each: ID 16
 *
 *  ID      two lengths     ID 16   two u64, high bits first
 * </pre>
 */
final class StreamForms {
    private static final int ID_BYTES = 16;

    private final RdbWriter out;
    private final long stream;
    private final ByteSpan text = new ByteSpan();

    private StreamForms(RdbWriter out, long stream) {
        this.out = out;
        this.stream = stream;
    }

    static void write(RdbWriter out, Slot slot, long entry) {
        StreamForms forms = new StreamForms(out, Streams.of(slot, entry));
        forms.writeNodes();
        forms.writeNumbers();
        forms.writeGroups();
    }

    private void writeNodes() {
        out.writeLength(StreamHead.nodeCount(stream));
        NodeCursor nodes = new NodeCursor(stream);
        try (NativeBuffer id = new NativeBuffer(ID_BYTES)) {
            while (nodes.next()) {
                id.zeros(ID_BYTES).setLong(0, Long.reverseBytes(nodes.ms()));
                id.span().setLong(Long.BYTES, Long.reverseBytes(nodes.seq()));
                out.writeString(id.span());
                out.writeString(nodes.listpack(text));
            }
        }
    }

    private void writeNumbers() {
        out.writeLength(StreamHead.length(stream));
        writeId(StreamHead.lastId(stream));
        writeId(StreamHead.firstId(stream));
        writeId(StreamHead.maxDeletedId(stream));
        out.writeLength(StreamHead.entriesAdded(stream));
    }

    private void writeGroups() {
        out.writeLength(Groups.count(stream));
        Groups.forEach(stream, group -> {
            out.writeString(Groups.name(group, text));
            writeId(Groups.lastId(group));
            out.writeLength(Groups.entriesRead(group));
            writePending(group);
            out.writeLength(Consumers.count(group));
            Consumers.forEach(group, this::writeConsumer);
        });
    }

    private void writePending(long group) {
        out.writeLength(Groups.pendingCount(group));
        PendingCursor pending = PendingCursor.ofGroup(group, StreamId.MIN);
        while (pending.next()) {
            long entry = Pending.find(group, pending.ms(), pending.seq());
            writeRawId(pending);
            out.writeLong(Pending.deliveryTime(entry));
            out.writeLength(Pending.deliveryCount(entry));
        }
    }

    private void writeConsumer(long consumer) {
        out.writeString(Consumers.name(consumer, text));
        out.writeLong(Consumers.seenTime(consumer));
        out.writeLength(Consumers.pendingCount(consumer));
        PendingCursor pending = PendingCursor.ofConsumer(consumer, StreamId.MIN);
        while (pending.next()) {
            writeRawId(pending);
        }
    }

    private void writeRawId(PendingCursor at) {
        out.writeLong(Long.reverseBytes(at.ms()));
        out.writeLong(Long.reverseBytes(at.seq()));
    }

    private void writeId(StreamId id) {
        out.writeLength(id.ms());
        out.writeLength(id.seq());
    }
}
