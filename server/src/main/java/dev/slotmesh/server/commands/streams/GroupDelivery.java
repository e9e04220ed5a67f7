package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.stream.EntryCursor;
import dev.slotmesh.keyspace.stream.GroupLag;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.keyspace.stream.Pending;
import dev.slotmesh.keyspace.stream.PendingCursor;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.resp.ReplyEncoder;

/** Entries of one stream being delivered to one consumer of a group, and replied. */
final class GroupDelivery {
    private final GroupPlace place;
    private final long consumer;
    private final long nowMs;
    private final GroupTelling telling;
    private final ReplyEncoder reply;
    private final EntryReplies replies;

    GroupDelivery(
            GroupPlace place, long consumer, long nowMs, GroupTelling telling, ReplyEncoder reply) {
        this.place = place;
        this.telling = telling;
        this.consumer = consumer;
        this.nowMs = nowMs;
        this.reply = reply;
        this.replies = new EntryReplies(reply);
    }

    /** Replies with entries never delivered to the group, at most {@code most} (0: all). */
    void deliverNew(long most, boolean noAck) {
        long stream = place.stream();
        long group = place.group();
        StreamId from = Groups.lastId(group).next();
        EntryCursor cursor = new EntryCursor().forward(stream, from, StreamId.MAX);
        int count = 0;
        while ((most == 0 || count < most) && cursor.next()) {
            count++;
        }
        reply.array(count);
        cursor.forward(stream, from, StreamId.MAX);
        for (int i = 0; i < count; i++) {
            cursor.next();
            replies.entry(cursor);
            GroupLag.delivered(stream, group, cursor.ms(), cursor.seq());
            if (!noAck) {
                note(cursor.ms(), cursor.seq());
            }
        }
        if (count > 0 && noAck) {
            // Otherwise the claims tell of it.
            telling.raised(place);
        }
    }

    /** Replies with what the consumer has not confirmed after an ID, at most {@code most} (0: all). */
    void deliverAgain(StreamId after, long most) {
        StreamId from = after.next();
        PendingCursor cursor = PendingCursor.ofConsumer(consumer, from);
        int count = 0;
        while ((most == 0 || count < most) && cursor.next()) {
            count++;
        }
        reply.array(count);
        cursor = PendingCursor.ofConsumer(consumer, from);
        for (int i = 0; i < count; i++) {
            cursor.next();
            if (replies.single(place.stream(), cursor.ms(), cursor.seq())) {
                long pending = Pending.find(place.group(), cursor.ms(), cursor.seq());
                Pending.deliveryTime(pending, nowMs);
                Pending.deliveryCount(pending, Pending.deliveryCount(pending) + 1);
            } else {
                reply.array(2);
                IdArgument.reply(reply, cursor.ms(), cursor.seq());
                reply.nullArray();
            }
        }
    }

    private void note(long ms, long seq) {
        long pending = Pending.find(place.group(), ms, seq);
        if (pending == 0) {
            pending = Pending.add(place.stripe(), place.group(), consumer, ms, seq);
        } else {
            Pending.assign(place.stripe(), pending, consumer);
        }
        Pending.deliveryTime(pending, nowMs);
        Pending.deliveryCount(pending, 1);
        telling.claimed(place, pending, ms, seq);
    }
}
