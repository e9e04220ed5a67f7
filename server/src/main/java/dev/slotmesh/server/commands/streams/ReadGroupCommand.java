package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.stream.Consumers;
import dev.slotmesh.keyspace.stream.Groups;
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

/** XREADGROUP. */
final class ReadGroupCommand {
    private static final ErrorReply LAST_IN_GROUP = new ErrorReply("ERR The $ ID is meaningless"
            + " in the context of XREADGROUP: you want to read the history of this consumer by"
            + " specifying a proper ID, or use the > ID to get new messages. The $ ID would just"
            + " return an empty result set.");
    private static final ErrorReply KEY_GONE =
            new ErrorReply("UNBLOCKED the stream key no longer exists");
    private static final ErrorReply GROUP_GONE = new ErrorReply(
            "NOGROUP the consumer group this client was blocked on no longer exists");

    /** What was never delivered: {@code >}, which is the greatest ID to Redis, however it is written. */
    private static final StreamId NEW = StreamId.MAX;

    void bind(CommandBindings bindings) {
        bindings.bind("xreadgroup", this::read);
    }

    private void read(Call call) {
        ReadOptions options = ReadOptions.parse(call, true);
        call.propagateNothing();
        int keys = options.keyCount();
        StreamId[] after = new StreamId[keys];
        GroupPlace[] places = new GroupPlace[keys];
        for (int i = 0; i < keys; i++) {
            int key = options.firstKey() + i;
            places[i] = GroupPlace.toRead(call, key, options.group());
            if (places[i].isAbsent()) {
                throw GroupPlace.noKeyOrGroup(
                        call, key, options.group(), " in XREADGROUP with GROUP option");
            }
            after[i] = id(call, options.id(i));
        }
        try (DeferredArray found = call.deferredArray()) {
            for (int i = 0; i < keys; i++) {
                int key = options.firstKey() + i;
                boolean fresh = after[i].equals(NEW);
                if (!fresh || hasNew(places[i])) {
                    ReplyEncoder reply = StreamsReply.begin(found.add());
                    Call.bulk(reply, call.span(key));
                    GroupTelling telling = new GroupTelling(
                            call::propagateAs, call.span(key), call.span(options.group()));
                    long consumer = consumer(call, places[i], key, options, telling);
                    GroupDelivery delivery =
                            new GroupDelivery(places[i], consumer, call.nowMs(), telling, reply);
                    if (fresh) {
                        delivery.deliverNew(options.most(), options.noAck());
                    } else {
                        delivery.deliverAgain(after[i], options.most());
                    }
                    call.changedUnwatched(places[i].slot(), key, null);
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
            call.waitFor(wait, new Waiting(call, options, places));
        } else {
            call.reply().nullArray();
        }
    }

    private static long consumer(
            Call call, GroupPlace place, int key, ReadOptions options, GroupTelling telling) {
        int name = options.group() + 1;
        boolean made = Consumers.find(place.group(), call.span(name)) == 0;
        long consumer = place.consumer(call, key, name);
        if (made && options.noAck()) {
            telling.consumerCreated(call.span(name));
        }
        return consumer;
    }

    private static boolean hasNew(GroupPlace place) {
        return Groups.lastId(place.group()).isBefore(StreamEntries.lastEntryId(place.stream()));
    }

    private static StreamId id(Call call, int argument) {
        if (call.length(argument) == 1) {
            int sign = call.span(argument).byteAt(0);
            if (sign == '$') {
                throw LAST_IN_GROUP;
            }
            if (sign == '>') {
                return NEW;
            }
        }
        return IdArgument.exact(call, argument);
    }

    /** An XREADGROUP that waits. */
    private static final class Waiting implements Waiter {
        private final byte[] groupName;
        private final byte[] consumerName;
        private final AddedSince[] added;
        private final long most;
        private final boolean noAck;

        Waiting(Call call, ReadOptions options, GroupPlace[] places) {
            groupName = call.bytes(options.group());
            consumerName = call.bytes(options.group() + 1);
            most = options.most();
            noAck = options.noAck();
            added = new AddedSince[places.length];
            for (int i = 0; i < places.length; i++) {
                added[i] = AddedSince.now(places[i].slot(), places[i].entry());
            }
        }

        @Override
        public boolean serve(Serving serving) {
            Slot slot = serving.slot();
            long entry = slot.peek(serving.key(), serving.nowMs());
            GroupPlace place = GroupPlace.of(slot, entry, serving.span(groupName));
            if (place.isAbsent()) {
                throw GROUP_GONE;
            }
            if (!added[serving.keyIndex()].anything(slot, entry)
                    || !Groups.lastId(place.group()).isBefore(StreamHead.lastId(place.stream()))) {
                return false;
            }
            GroupTelling telling =
                    new GroupTelling(serving::propagateAs, serving.key(), serving.span(groupName));
            long consumer = consumer(serving, place, telling);
            ReplyEncoder reply = StreamsReply.only(serving.reply());
            serving.replyBulk(serving.key());
            new GroupDelivery(place, consumer, serving.nowMs(), telling, reply)
                    .deliverNew(most, noAck);
            serving.changedUnwatched(null);
            return true;
        }

        private long consumer(Serving serving, GroupPlace place, GroupTelling telling) {
            ByteSpan name = serving.span(consumerName);
            long consumer = Consumers.find(place.group(), name);
            if (consumer == 0) {
                consumer = place.createConsumer(name, serving.nowMs());
                serving.changedUnwatched(GroupPlace.CONSUMER_CREATED);
                if (noAck) {
                    telling.consumerCreated(name);
                }
            } else {
                Consumers.seenTime(consumer, serving.nowMs());
            }
            return consumer;
        }

        @Override
        public ErrorReply whenGone() {
            return KEY_GONE;
        }
    }
}
