package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.stream.Consumers;
import dev.slotmesh.keyspace.stream.GroupLag;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.keyspace.stream.Pending;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.keyspace.stream.StreamParts;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads streams, whose form {@link StreamForms} shows. A group's pending entries come before its consumers, so that they wait
 * below a consumer of a random name until their own is there.
 */
final class StreamReading {
    private static final int ID_BYTES = 16;
    private static final int NAME_BYTES = 16;

    private final RdbReader in;
    private final boolean older;
    private final boolean newer;
    private final ArenaStripe stripe;
    private final long stream;
    private final ByteSpan text = new ByteSpan();

    private StreamReading(RdbReader in, int type, ArenaStripe stripe, long stream) {
        this.in = in;
        this.older = type == RdbType.STREAM_LISTPACKS;
        this.newer = type == RdbType.STREAM_LISTPACKS_3;
        this.stripe = stripe;
        this.stream = stream;
    }

    static long read(RdbReader in, int type, ValueTarget target) {
        Slot slot = target.slot();
        long entry = Streams.create(slot, target.key(), target.nowMs());
        StreamReading reading =
                new StreamReading(in, type, slot.stripe(entry), Streams.of(slot, entry));
        reading.readNodes();
        reading.readNumbers();
        for (int left = in.readCount(); left > 0; left--) {
            reading.readGroup();
        }
        return entry;
    }

    private void readNodes() {
        for (int left = in.readCount(); left > 0; left--) {
            in.readString(text);
            require(text.length() == ID_BYTES, "a node's ID of another length");
            long ms = Long.reverseBytes(text.longAt(0));
            long seq = Long.reverseBytes(text.longAt(Long.BYTES));
            boolean added = StreamParts.addNode(stripe, stream, ms, seq, in.readString(text));
            require(added, "a broken node of a stream");
        }
    }

    private void readNumbers() {
        long length = in.readNumber();
        StreamId lastId = readId();
        require(StreamParts.complete(stream, length, lastId), "nodes that contradict their stream");
        if (older) {
            StreamHead.entriesAdded(stream, length);
            return;
        }
        readId();
        StreamId maxDeleted = readId();
        StreamHead.maxDeletedId(stream, maxDeleted.ms(), maxDeleted.seq());
        StreamHead.entriesAdded(stream, in.readNumber());
    }

    private void readGroup() {
        in.readString(text);
        require(Groups.find(stream, text) == 0, "a group twice");
        try (NativeBuffer name = new NativeBuffer(Math.max(1, text.length()))) {
            name.put(text);
            StreamId lastId = readId();
            long group = Groups.create(stripe, stream, name.span(), lastId);
            Groups.entriesRead(
                    group, older ? GroupLag.entriesUpTo(stream, lastId) : in.readNumber());
            long nobody = Consumers.create(stripe, group, randomName(name), 0);
            readPending(group, nobody);
            for (int left = in.readCount(); left > 0; left--) {
                readConsumer(group, nobody);
            }
            require(Consumers.pendingCount(nobody) == 0, "a pending entry of nobody");
            Consumers.remove(stripe, group, nobody);
        }
    }

    private static ByteSpan randomName(NativeBuffer into) {
        byte[] name = new byte[NAME_BYTES];
        ThreadLocalRandom.current().nextBytes(name);
        return into.put(name);
    }

    private void readPending(long group, long nobody) {
        for (int left = in.readCount(); left > 0; left--) {
            long ms = Long.reverseBytes(in.readLong());
            long seq = Long.reverseBytes(in.readLong());
            require(Pending.find(group, ms, seq) == 0, "a pending entry twice");
            long entry = Pending.add(stripe, group, nobody, ms, seq);
            Pending.deliveryTime(entry, in.readLong());
            Pending.deliveryCount(entry, in.readNumber());
        }
    }

    private void readConsumer(long group, long nobody) {
        in.readString(text);
        require(Consumers.find(group, text) == 0, "a consumer twice");
        long consumer = Consumers.create(stripe, group, text, 0);
        Consumers.seenTime(consumer, in.readLong());
        if (newer) {
            // When it last got an entry, which nothing here asks for.
            in.readLong();
        }
        for (int left = in.readCount(); left > 0; left--) {
            long ms = Long.reverseBytes(in.readLong());
            long seq = Long.reverseBytes(in.readLong());
            long entry = Pending.find(group, ms, seq);
            require(entry != 0 && Pending.consumer(entry) == nobody, "a wrong pending entry");
            Pending.assign(stripe, entry, consumer);
        }
    }

    private StreamId readId() {
        long ms = in.readNumber();
        return new StreamId(ms, in.readNumber());
    }
}
