package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.stream.Consumers;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.keyspace.stream.Pending;
import dev.slotmesh.keyspace.stream.PendingCursor;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;
import dev.slotmesh.server.session.ErrorReply;

/** XACK and XPENDING. */
final class PendingCommands {
    private static final int RANGE = 3;

    void bind(CommandBindings bindings) {
        bindings.bind("xack", this::acknowledge).bind("xpending", this::pending);
    }

    private void acknowledge(Call call) {
        GroupPlace place = GroupPlace.toRead(call, 1, 2);
        if (place.isAbsent()) {
            call.reply().integer(0);
            return;
        }
        // All or nothing: a wrong ID at the end confirms nothing.
        StreamId[] ids = new StreamId[call.count() - RANGE];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = IdArgument.exact(call, i + RANGE);
        }
        long confirmed = 0;
        for (StreamId id : ids) {
            if (Pending.remove(place.stripe(), place.group(), id.ms(), id.seq())) {
                confirmed++;
            }
        }
        if (confirmed > 0) {
            call.changedUnwatched(place.slot(), 1, null);
        }
        call.reply().integer(confirmed);
    }

    private void pending(Call call) {
        if (call.count() == RANGE) {
            summary(call, require(call));
            return;
        }
        if (call.count() < RANGE + 3 || call.count() > RANGE + 6) {
            throw ErrorReply.SYNTAX;
        }
        int at = RANGE;
        long minIdleMs = 0;
        if (call.is(at, "IDLE")) {
            minIdleMs = call.integer(at + 1);
            if (call.count() < at + 5) {
                throw ErrorReply.SYNTAX;
            }
            at += 2;
        }
        long most = Math.max(0, call.integer(at + 2));
        StreamId from = IdArgument.start(call, at);
        StreamId to = IdArgument.end(call, at + 1);
        GroupPlace place = require(call);
        PendingCursor cursor = PendingCursor.ofGroup(place.group(), from);
        if (at + 3 < call.count()) {
            long consumer = Consumers.find(place.group(), call.span(at + 3));
            if (consumer == 0) {
                call.reply().array(0);
                return;
            }
            cursor = PendingCursor.ofConsumer(consumer, from);
        }
        list(call, place.group(), cursor, new Range(to, most, minIdleMs));
    }

    private static GroupPlace require(Call call) {
        GroupPlace place = GroupPlace.toRead(call, 1, 2);
        if (place.isAbsent()) {
            throw GroupPlace.noKeyOrGroup(call, 1, 2, "");
        }
        return place;
    }

    private static void summary(Call call, GroupPlace place) {
        ReplyEncoder reply = call.reply();
        long group = place.group();
        reply.array(4);
        reply.integer(Groups.pendingCount(group));
        if (Groups.pendingCount(group) == 0) {
            reply.nullBulk();
            reply.nullBulk();
            reply.nullArray();
            return;
        }
        IdArgument.reply(reply, Pending.firstId(group));
        IdArgument.reply(reply, Pending.lastId(group));
        try (DeferredArray consumers = call.deferredArray()) {
            ByteSpan name = new ByteSpan();
            Consumers.forEach(group, consumer -> {
                if (Consumers.pendingCount(consumer) > 0) {
                    ReplyEncoder each = consumers.add();
                    each.array(2);
                    Call.bulk(each, Consumers.name(consumer, name));
                    each.bulk(Consumers.pendingCount(consumer));
                }
            });
            consumers.finish();
        }
    }

    /** Which of the pending entries are wanted. */
    private record Range(StreamId to, long most, long minIdleMs) {}

    private static void list(Call call, long group, PendingCursor cursor, Range range) {
        ByteSpan name = new ByteSpan();
        try (DeferredArray listed = call.deferredArray()) {
            while (listed.count() < range.most && cursor.next()) {
                if (range.to.isBefore(cursor.id())) {
                    break;
                }
                long entry = Pending.find(group, cursor.ms(), cursor.seq());
                long idleMs = call.nowMs() - Pending.deliveryTime(entry);
                if (range.minIdleMs == 0 || idleMs >= range.minIdleMs) {
                    ReplyEncoder reply = listed.add();
                    reply.array(4);
                    IdArgument.reply(reply, cursor.ms(), cursor.seq());
                    Call.bulk(reply, Consumers.name(Pending.consumer(entry), name));
                    reply.integer(Math.max(0, idleMs));
                    reply.integer(Pending.deliveryCount(entry));
                }
            }
            listed.finish();
        }
    }
}
