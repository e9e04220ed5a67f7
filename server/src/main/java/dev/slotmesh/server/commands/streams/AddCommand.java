package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.stream.StreamEntries;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.keyspace.stream.Trimming;
import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** XADD. */
final class AddCommand {
    static final KeyEvent ADDED = KeyEvent.stream("xadd");
    static final KeyEvent TRIMMED = KeyEvent.stream("xtrim");

    private static final ErrorReply ZERO_ID =
            new ErrorReply("ERR The ID specified in XADD must be greater than 0-0");
    private static final ErrorReply TOO_SMALL = new ErrorReply(
            "ERR The ID specified in XADD is equal or smaller than the target stream top item");
    private static final ErrorReply EXHAUSTED = new ErrorReply(
            "ERR The stream has exhausted the last possible ID, unable to add more items");
    private static final ErrorReply TOO_LARGE =
            new ErrorReply("ERR Elements are too large to be stored");
    private static final long MOST_BYTES = 1L << 30;

    void bind(CommandBindings bindings) {
        bindings.bind("xadd", this::add);
    }

    private void add(Call call) {
        if (isStar(call, 2)) {
            requirePairs(call, 3);
            addAt(call, 2, false);
            propagate(call, 2, null);
            return;
        }
        TrimOptions options = TrimOptions.ofAdd(call);
        int id = options.idArgument();
        requirePairs(call, id + 1);
        Trimming rule = options.rule(call.keyspace().encodingLimits());
        if (!addAt(call, id, options.noMakeStream())) {
            return;
        }
        if (rule != null) {
            Slot slot = call.slot(1);
            long entry = slot.peek(call.span(1), call.nowMs());
            if (StreamEntries.trim(slot.stripe(entry), Streams.of(slot, entry), rule) > 0) {
                call.event(slot, 1, TRIMMED);
            }
        }
        if (isAutomatic(call, id) || options.isApproximate()) {
            propagate(call, id, options);
        }
    }

    /** With the ID it got and the entries that were left. */
    private static void propagate(Call call, int id, TrimOptions optionsOrNull) {
        if (!call.isPropagated()) {
            return;
        }
        Slot slot = call.slot(1);
        long stream = Streams.of(slot, slot.peek(call.span(1), call.nowMs()));
        CommandWriter writer = call.propagateAs(call.count());
        for (int i = 0; i < call.count(); i++) {
            if (i == id && isAutomatic(call, id)) {
                writer.id(StreamHead.lastMs(stream), StreamHead.lastSeq(stream));
            } else if (optionsOrNull == null || !optionsOrNull.propagate(i, stream, writer)) {
                writer.span(call.span(i));
            }
        }
    }

    private static boolean isAutomatic(Call call, int id) {
        return isStar(call, id) || IdArgument.hasAutomaticSequence(call.span(id));
    }

    private static boolean isStar(Call call, int argument) {
        return call.length(argument) == 1 && call.span(argument).byteAt(0) == '*';
    }

    private static void requirePairs(Call call, int first) {
        int words = call.count() - first;
        if (words < 2 || (words & 1) != 0) {
            throw call.wrongArity();
        }
    }

    /** Returns false when there was no stream and none was to be made. */
    private static boolean addAt(Call call, int idArgument, boolean noMakeStream) {
        boolean automatic = isStar(call, idArgument);
        StreamId given = automatic ? null : explicit(call, idArgument);
        long bytes = textBytes(call, idArgument + 1);
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STREAM);
        if (entry == Slot.ABSENT) {
            if (noMakeStream) {
                call.reply().nullBulk();
                return false;
            }
            if (bytes > MOST_BYTES) {
                throw TOO_LARGE;
            }
            entry = Streams.create(slot, call.span(1), call.nowMs());
        }
        long stream = Streams.of(slot, entry);
        if ((StreamHead.lastMs(stream) & StreamHead.lastSeq(stream)) == -1) {
            throw EXHAUSTED;
        }
        if (bytes > MOST_BYTES) {
            throw TOO_LARGE;
        }
        if (automatic) {
            raiseToNow(stream, call.nowMs());
        } else {
            raiseTo(call, idArgument, stream, given);
        }
        Streams.append(slot, entry, call, idArgument + 1, bytes);
        IdArgument.reply(call.reply(), StreamHead.lastMs(stream), StreamHead.lastSeq(stream));
        call.changed(slot, 1, ADDED);
        return true;
    }

    private static StreamId explicit(Call call, int argument) {
        ByteSpan text = call.span(argument);
        if (IdArgument.hasAutomaticSequence(text)) {
            return new StreamId(IdArgument.milliseconds(text), 0);
        }
        StreamId id = IdArgument.exact(call, argument);
        if (id.isZero()) {
            throw ZERO_ID;
        }
        return id;
    }

    private static long textBytes(Call call, int first) {
        long bytes = 0;
        for (int i = first; i < call.count(); i++) {
            bytes += call.length(i);
        }
        return bytes;
    }

    private static void raiseToNow(long stream, long nowMs) {
        long ms = StreamHead.lastMs(stream);
        if (Long.compareUnsigned(nowMs, ms) > 0) {
            StreamHead.lastId(stream, nowMs, 0);
        } else {
            long seq = StreamHead.lastSeq(stream) + 1;
            StreamHead.lastId(stream, seq == 0 ? ms + 1 : ms, seq);
        }
    }

    private static void raiseTo(Call call, int argument, long stream, StreamId given) {
        long ms = StreamHead.lastMs(stream);
        long seq = StreamHead.lastSeq(stream);
        if (IdArgument.hasAutomaticSequence(call.span(argument))) {
            int order = Long.compareUnsigned(given.ms(), ms);
            if (order < 0 || (order == 0 && seq == -1)) {
                throw TOO_SMALL;
            }
            StreamHead.lastId(stream, given.ms(), order == 0 ? seq + 1 : 0);
        } else {
            if (!StreamId.isBefore(ms, seq, given.ms(), given.seq())) {
                throw TOO_SMALL;
            }
            StreamHead.lastId(stream, given.ms(), given.seq());
        }
    }
}
