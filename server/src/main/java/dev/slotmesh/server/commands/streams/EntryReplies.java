package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.stream.EntryCursor;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;

/** Entries as replies: the ID and an array of fields and values in turn. One command's. */
final class EntryReplies {
    private final ReplyEncoder reply;
    private final EntryCursor cursor = new EntryCursor();
    private final ByteSpan span = new ByteSpan();

    EntryReplies(ReplyEncoder reply) {
        this.reply = reply;
    }

    /** Replies with the entries from {@code from} up to {@code to}, at most {@code most} (0: all). Returns how many. */
    long upwards(long stream, StreamId from, StreamId to, long most) {
        cursor.forward(stream, from, to);
        long count = count(most);
        cursor.forward(stream, from, to);
        return several(count);
    }

    /** Replies with the entries from {@code to} down to {@code from}, at most {@code most} (0: all). Returns how many. */
    long downwards(long stream, StreamId to, StreamId from, long most) {
        cursor.backward(stream, to, from);
        long count = count(most);
        cursor.backward(stream, to, from);
        return several(count);
    }

    /** Replies with the first or last entry, or null. */
    void edge(long stream, boolean first) {
        if (first) {
            cursor.forward(stream, StreamId.MIN, StreamId.MAX);
        } else {
            cursor.backward(stream, StreamId.MAX, StreamId.MIN);
        }
        if (StreamHead.length(stream) > 0 && cursor.next()) {
            entry(cursor);
        } else {
            reply.nullBulk();
        }
    }

    /** Replies with one entry; false, nothing replied, when it is not there. */
    boolean single(long stream, long ms, long seq) {
        StreamId id = new StreamId(ms, seq);
        if (!cursor.forward(stream, id, id).next()) {
            return false;
        }
        entry(cursor);
        return true;
    }

    /** Replies with the entry that a cursor is at. */
    void entry(EntryCursor at) {
        reply.array(2);
        IdArgument.reply(reply, at.ms(), at.seq());
        int parts = 2 * at.fieldCount();
        reply.array(parts);
        for (int i = 0; i < parts; i++) {
            at.nextPart();
            if (at.isInteger()) {
                reply.bulk(at.integer());
            } else {
                Call.bulk(reply, at.string(span));
            }
        }
    }

    private long count(long most) {
        long count = 0;
        while ((most == 0 || count < most) && cursor.next()) {
            count++;
        }
        return count;
    }

    private long several(long count) {
        reply.array((int) count);
        for (long i = 0; i < count; i++) {
            cursor.next();
            entry(cursor);
        }
        return count;
    }
}
