package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.stream.Consumers;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/**
 * A consumer group and where it is.
 *
 * @param entry the stream's, {@link Slot#ABSENT} when there is none
 * @param group 0 when there is none
 */
record GroupPlace(Slot slot, long entry, long group) {
    static final KeyEvent CONSUMER_CREATED = KeyEvent.stream("xgroup-createconsumer");

    /** The group that two arguments name, to be read from. */
    static GroupPlace toRead(Call call, int key, int name) {
        Slot slot = call.slot(key);
        return of(slot, call.read(slot, key, KeyType.STREAM), call.span(name));
    }

    static GroupPlace of(Slot slot, long entry, ByteSpan name) {
        return new GroupPlace(
                slot, entry, entry == Slot.ABSENT ? 0 : Groups.find(Streams.of(slot, entry), name));
    }

    boolean isAbsent() {
        return group == 0;
    }

    long stream() {
        return Streams.of(slot, entry);
    }

    ArenaStripe stripe() {
        return slot.stripe(entry);
    }

    /** Makes a consumer whose name is absent. Tell of {@link #CONSUMER_CREATED} afterwards. */
    long createConsumer(ByteSpan name, long nowMs) {
        return Consumers.create(stripe(), group, name, nowMs);
    }

    /** The consumer that an argument names, made when it is absent, and noted as seen now. */
    long consumer(Call call, int key, int name) {
        long consumer = Consumers.find(group, call.span(name));
        if (consumer == 0) {
            consumer = createConsumer(call.span(name), call.nowMs());
            call.changedUnwatched(slot, key, CONSUMER_CREATED);
        } else {
            Consumers.seenTime(consumer, call.nowMs());
        }
        return consumer;
    }

    /** The error for a group that is absent, its name at an argument. */
    static ErrorReply noKeyOrGroup(Call call, int key, int name, String where) {
        return new ErrorReply("NOGROUP No such key '" + text(call, key) + "' or consumer group '"
                + text(call, name) + "'" + where);
    }

    /** The error for a group that is absent from a stream that is there. */
    static ErrorReply noGroup(Call call, int key, int name) {
        return new ErrorReply("NOGROUP No such consumer group '" + text(call, name)
                + "' for key name '" + text(call, key) + "'");
    }

    /** An argument as Redis puts it into an error: up to the first zero byte. */
    static String text(Call call, int argument) {
        String text = call.text(argument);
        int zero = text.indexOf(0);
        return zero < 0 ? text : text.substring(0, zero);
    }
}
