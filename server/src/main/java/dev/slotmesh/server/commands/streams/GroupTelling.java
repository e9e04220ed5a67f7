package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.stream.Consumers;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.keyspace.stream.Pending;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.server.propagation.CommandWriter;

import java.util.function.IntFunction;

/**
 * What replicas are told of deliveries to a group: as claims and settings with every result spelt out, for the time and the
 * order of deliveries are the primary's.
 *
 * @param commands begins a command of so many arguments
 * @param key the stream's
 * @param group the group's name
 */
record GroupTelling(IntFunction<CommandWriter> commands, ByteSpan key, ByteSpan group) {
    private static final int CLAIM_ARGUMENTS = 14;

    /** An entry was delivered: who has it, since when and how often. */
    void claimed(GroupPlace place, long pending, long ms, long seq) {
        claimTail(place, pending, claimHead(pending).id(ms, seq));
    }

    /** As the other one, with the ID as it was written. */
    void claimed(GroupPlace place, long pending, ByteSpan id) {
        claimTail(place, pending, claimHead(pending).span(id));
    }

    private CommandWriter claimHead(long pending) {
        ByteSpan consumer = Consumers.name(Pending.consumer(pending), new ByteSpan());
        return commands.apply(CLAIM_ARGUMENTS)
                .word("XCLAIM")
                .span(key)
                .span(group)
                .span(consumer)
                .number(0);
    }

    private void claimTail(GroupPlace place, long pending, CommandWriter writer) {
        StreamId last = Groups.lastId(place.group());
        writer.word("TIME")
                .number(Pending.deliveryTime(pending))
                .word("RETRYCOUNT")
                .number(Pending.deliveryCount(pending))
                .word("FORCE")
                .word("JUSTID")
                .word("LASTID")
                .id(last.ms(), last.seq());
    }

    /** The group's last ID was raised. */
    void raised(GroupPlace place) {
        StreamId last = Groups.lastId(place.group());
        commands.apply(7)
                .word("XGROUP")
                .word("SETID")
                .span(key)
                .span(group)
                .id(last.ms(), last.seq())
                .word("ENTRIESREAD")
                .number(Groups.entriesRead(place.group()));
    }

    /** A consumer was made that gets nothing by which it would be made. */
    void consumerCreated(ByteSpan name) {
        commands.apply(5)
                .word("XGROUP")
                .word("CREATECONSUMER")
                .span(key)
                .span(group)
                .span(name);
    }
}
