package dev.slotmesh.keyspace.commands;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.stream.Consumers;
import dev.slotmesh.keyspace.stream.EntryCursor;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.keyspace.stream.Pending;
import dev.slotmesh.keyspace.stream.PendingCursor;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;

/**
 * A stream as commands: its entries, then what cannot be told from them. A stream without entries is made by one that is added
 * and trimmed at once.
 */
final class StreamCommands {
    private final CommandText text;
    private final ByteSpan key;
    private final long stream;
    private final ByteSpan part = new ByteSpan();
    private final ByteSpan groupName = new ByteSpan();

    StreamCommands(CommandText text, ByteSpan key, Slot slot, long entry) {
        this.text = text;
        this.key = key;
        this.stream = Streams.of(slot, entry);
    }

    void write() {
        if (StreamHead.length(stream) > 0) {
            writeEntries();
        } else {
            text.command(7, "XADD").bytes(key).word("MAXLEN").word("0");
            text.id(0, 1).word("x").word("y");
        }
        StreamId last = StreamHead.lastId(stream);
        StreamId deleted = StreamHead.maxDeletedId(stream);
        text.command(7, "XSETID").bytes(key).id(last.ms(), last.seq());
        text.word("ENTRIESADDED").integer(StreamHead.entriesAdded(stream));
        text.word("MAXDELETEDID").id(deleted.ms(), deleted.seq());
        Groups.forEach(stream, this::writeGroup);
    }

    private void writeEntries() {
        EntryCursor cursor = new EntryCursor().forward(stream, StreamId.MIN, StreamId.MAX);
        while (cursor.next()) {
            int parts = 2 * cursor.fieldCount();
            text.command(3L + parts, "XADD").bytes(key).id(cursor.ms(), cursor.seq());
            for (int i = 0; i < parts; i++) {
                cursor.nextPart();
                if (cursor.isInteger()) {
                    text.integer(cursor.integer());
                } else {
                    text.bytes(cursor.string(part));
                }
            }
        }
    }

    private void writeGroup(long group) {
        StreamId last = Groups.lastId(group);
        Groups.name(group, groupName);
        text.command(7, "XGROUP").word("CREATE").bytes(key).bytes(groupName);
        text.id(last.ms(), last.seq()).word("ENTRIESREAD").integer(Groups.entriesRead(group));
        Consumers.forEach(group, consumer -> writeConsumer(group, consumer));
    }

    private void writeConsumer(long group, long consumer) {
        Consumers.name(consumer, part);
        if (Consumers.pendingCount(consumer) == 0) {
            text.command(5, "XGROUP").word("CREATECONSUMER").bytes(key);
            text.bytes(groupName).bytes(part);
            return;
        }
        PendingCursor pending = PendingCursor.ofConsumer(consumer, StreamId.MIN);
        while (pending.next()) {
            long delivery = Pending.find(group, pending.ms(), pending.seq());
            text.command(12, "XCLAIM").bytes(key).bytes(groupName).bytes(part).word("0");
            text.id(pending.ms(), pending.seq());
            text.word("TIME").integer(Pending.deliveryTime(delivery));
            text.word("RETRYCOUNT").integer(Pending.deliveryCount(delivery));
            text.word("JUSTID").word("FORCE");
        }
    }
}
