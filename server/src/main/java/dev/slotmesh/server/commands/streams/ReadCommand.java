package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.stream.StreamEntries;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Serving;
import dev.slotmesh.server.session.Wait;
import dev.slotmesh.server.session.Waiter;

/** XREAD. */
final class ReadCommand {
    private static final ErrorReply NEW_IN_XREAD = new ErrorReply(
            "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.");

    void bind(CommandBindings bindings) {
        bindings.bind("xread", this::read);
    }

    private void read(Call call) {
        ReadOptions options = ReadOptions.parse(call, false);
        int keys = options.keyCount();
        StreamId[] after = new StreamId[keys];
        long[] entries = new long[keys];
        for (int i = 0; i < keys; i++) {
            int key = options.firstKey() + i;
            Slot slot = call.slot(key);
            entries[i] = call.read(slot, key, KeyType.STREAM);
            after[i] = id(call, options.id(i), slot, entries[i]);
        }
        try (DeferredArray found = call.deferredArray()) {
            for (int i = 0; i < keys; i++) {
                int key = options.firstKey() + i;
                if (entries[i] != Slot.ABSENT) {
                    long stream = Streams.of(call.slot(key), entries[i]);
                    if (after[i].isBefore(StreamEntries.lastEntryId(stream))) {
                        ReplyEncoder reply = StreamsReply.begin(found.add());
                        Call.bulk(reply, call.span(key));
                        new EntryReplies(reply)
                                .upwards(stream, after[i].next(), StreamId.MAX, options.most());
                    }
                }
            }
            if (found.count() > 0) {
                StreamsReply.finish(found, call.reply());
                return;
            }
        }
        if (options.mayWait() && call.mayWait()) {
            Wait wait =
                    new Wait(options.firstKey(), keys, KeyType.STREAM, options.timeoutMs(), true);
            call.waitFor(wait, new Waiting(call, options, entries, after));
        } else {
            call.reply().nullArray();
        }
    }

    private static StreamId id(Call call, int argument, Slot slot, long entry) {
        if (call.length(argument) == 1) {
            int sign = call.span(argument).byteAt(0);
            if (sign == '$') {
                return entry == Slot.ABSENT
                        ? StreamId.MIN
                        : StreamHead.lastId(Streams.of(slot, entry));
            }
            if (sign == '>') {
                throw NEW_IN_XREAD;
            }
        }
        return IdArgument.exact(call, argument);
    }

    /** An XREAD that waits. */
    private static final class Waiting implements Waiter {
        private final StreamId[] after;
        private final AddedSince[] added;
        private final long most;

        Waiting(Call call, ReadOptions options, long[] entries, StreamId[] after) {
            this.after = after;
            this.most = options.most();
            this.added = new AddedSince[entries.length];
            for (int i = 0; i < entries.length; i++) {
                added[i] = AddedSince.now(call.slot(options.firstKey() + i), entries[i]);
            }
        }

        @Override
        public boolean serve(Serving serving) {
            Slot slot = serving.slot();
            long entry = slot.peek(serving.key(), serving.nowMs());
            int i = serving.keyIndex();
            long stream = Streams.of(slot, entry);
            if (!added[i].anything(slot, entry) || !after[i].isBefore(StreamHead.lastId(stream))) {
                return false;
            }
            ReplyEncoder reply = StreamsReply.only(serving.reply());
            serving.replyBulk(serving.key());
            new EntryReplies(reply).upwards(stream, after[i].next(), StreamId.MAX, most);
            return true;
        }
    }
}
