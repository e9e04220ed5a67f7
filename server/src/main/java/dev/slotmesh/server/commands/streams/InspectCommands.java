package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.stream.Consumers;
import dev.slotmesh.keyspace.stream.GroupLag;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.keyspace.stream.Pending;
import dev.slotmesh.keyspace.stream.PendingCursor;
import dev.slotmesh.keyspace.stream.RadixShape;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.HelpReply;

/** XINFO. */
final class InspectCommands {
    private static final int KEY = 2;
    private static final int GROUP = 3;
    private static final int DEFAULT_COUNT = 10;

    void bind(CommandBindings bindings) {
        bindings.bind("xinfo|stream", this::stream)
                .bind("xinfo|groups", this::groups)
                .bind("xinfo|consumers", this::consumers)
                .bind("xinfo|help", this::help);
    }

    private static long require(Call call) {
        Slot slot = call.slot(KEY);
        long entry = call.read(slot, KEY, KeyType.STREAM);
        if (entry == Slot.ABSENT) {
            throw ErrorReply.NO_SUCH_KEY;
        }
        return Streams.of(slot, entry);
    }

    private void stream(Call call) {
        long stream = require(call);
        int options = call.count() - GROUP;
        if (options == 0) {
            call.reply().map(10);
            head(call.reply(), stream);
            edges(call.reply(), stream);
            return;
        }
        boolean full = (options == 1 || options == 3) && call.is(GROUP, "FULL");
        if (!full || (options == 3 && !call.is(GROUP + 1, "COUNT"))) {
            throw GroupCommands.wrongSubcommand(call);
        }
        long most = options == 3 ? call.integer(GROUP + 2) : DEFAULT_COUNT;
        most = most < 0 ? DEFAULT_COUNT : most;
        call.reply().map(9);
        head(call.reply(), stream);
        call.reply().bulk("entries");
        new EntryReplies(call.reply()).upwards(stream, StreamId.MIN, StreamId.MAX, most);
        new FullGroups(call.reply(), most).reply(stream);
    }

    private static void head(ReplyEncoder reply, long stream) {
        number(reply, "length", StreamHead.length(stream));
        number(reply, "radix-tree-keys", StreamHead.nodeCount(stream));
        number(reply, "radix-tree-nodes", RadixShape.nodeCount(stream));
        id(reply, "last-generated-id", StreamHead.lastId(stream));
        id(reply, "max-deleted-entry-id", StreamHead.maxDeletedId(stream));
        number(reply, "entries-added", StreamHead.entriesAdded(stream));
        id(reply, "recorded-first-entry-id", StreamHead.firstId(stream));
    }

    private static void edges(ReplyEncoder reply, long stream) {
        number(reply, "groups", Groups.count(stream));
        EntryReplies entries = new EntryReplies(reply);
        reply.bulk("first-entry");
        entries.edge(stream, true);
        reply.bulk("last-entry");
        entries.edge(stream, false);
    }

    private void groups(Call call) {
        long stream = require(call);
        ReplyEncoder reply = call.reply();
        reply.array((int) Groups.count(stream));
        ByteSpan name = new ByteSpan();
        Groups.forEach(stream, group -> {
            reply.map(6);
            reply.bulk("name");
            Call.bulk(reply, Groups.name(group, name));
            number(reply, "consumers", Consumers.count(group));
            number(reply, "pending", Groups.pendingCount(group));
            id(reply, "last-delivered-id", Groups.lastId(group));
            progress(reply, stream, group);
        });
    }

    private void consumers(Call call) {
        long stream = require(call);
        long group = Groups.find(stream, call.span(GROUP));
        if (group == 0) {
            throw GroupPlace.noGroup(call, KEY, GROUP);
        }
        ReplyEncoder reply = call.reply();
        reply.array((int) Consumers.count(group));
        ByteSpan name = new ByteSpan();
        Consumers.forEach(group, consumer -> {
            reply.map(3);
            reply.bulk("name");
            Call.bulk(reply, Consumers.name(consumer, name));
            number(reply, "pending", Consumers.pendingCount(consumer));
            number(reply, "idle", Math.max(0, call.nowMs() - Consumers.seenTime(consumer)));
        });
    }

    private void help(Call call) {
        HelpReply.write(
                call,
                "CONSUMERS <key> <groupname>",
                "    Show consumers of <groupname>.",
                "GROUPS <key>",
                "    Show the stream consumer groups.",
                "STREAM <key> [FULL [COUNT <count>]",
                "    Show information about the stream.");
    }

    private static void number(ReplyEncoder reply, String name, long value) {
        reply.bulk(name);
        reply.integer(value);
    }

    private static void id(ReplyEncoder reply, String name, StreamId id) {
        reply.bulk(name);
        IdArgument.reply(reply, id);
    }

    private static void progress(ReplyEncoder reply, long stream, long group) {
        known(reply, "entries-read", Groups.entriesRead(group), Groups.UNKNOWN_COUNT);
        known(reply, "lag", GroupLag.of(stream, group), GroupLag.UNKNOWN);
    }

    /** A count that is null when it is not known. */
    private static void known(ReplyEncoder reply, String name, long value, long unknown) {
        reply.bulk(name);
        if (value == unknown) {
            reply.nullBulk();
        } else {
            reply.integer(value);
        }
    }

    /** The groups of XINFO STREAM FULL. */
    private static final class FullGroups {
        private final ReplyEncoder reply;
        private final long most;
        private final ByteSpan name = new ByteSpan();

        FullGroups(ReplyEncoder reply, long most) {
            this.reply = reply;
            this.most = most;
        }

        void reply(long stream) {
            reply.bulk("groups");
            reply.array((int) Groups.count(stream));
            Groups.forEach(stream, group -> group(stream, group));
        }

        private void group(long stream, long group) {
            reply.map(7);
            reply.bulk("name");
            Call.bulk(reply, Groups.name(group, name));
            id(reply, "last-delivered-id", Groups.lastId(group));
            progress(reply, stream, group);
            number(reply, "pel-count", Groups.pendingCount(group));
            reply.bulk("pending");
            pending(group, PendingCursor.ofGroup(group, StreamId.MIN), true);
            reply.bulk("consumers");
            reply.array((int) Consumers.count(group));
            Consumers.forEach(group, consumer -> {
                reply.map(4);
                reply.bulk("name");
                Call.bulk(reply, Consumers.name(consumer, name));
                number(reply, "seen-time", Consumers.seenTime(consumer));
                number(reply, "pel-count", Consumers.pendingCount(consumer));
                reply.bulk("pending");
                pending(group, PendingCursor.ofConsumer(consumer, StreamId.MIN), false);
            });
        }

        private void pending(long group, PendingCursor cursor, boolean withConsumer) {
            long count = most == 0 ? cursor.size() : Math.min(most, cursor.size());
            reply.array((int) count);
            for (long i = 0; i < count; i++) {
                cursor.next();
                long entry = Pending.find(group, cursor.ms(), cursor.seq());
                reply.array(withConsumer ? 4 : 3);
                IdArgument.reply(reply, cursor.ms(), cursor.seq());
                if (withConsumer) {
                    Call.bulk(reply, Consumers.name(Pending.consumer(entry), name));
                }
                reply.integer(Pending.deliveryTime(entry));
                reply.integer(Pending.deliveryCount(entry));
            }
        }
    }
}
