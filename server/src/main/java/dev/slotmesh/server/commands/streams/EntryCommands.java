package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.stream.StreamEntries;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** XLEN, XRANGE, XREVRANGE, XDEL, XTRIM and XSETID. */
final class EntryCommands {
    private static final KeyEvent DELETED = KeyEvent.stream("xdel");
    private static final KeyEvent ID_SET = KeyEvent.stream("xsetid");
    private static final ErrorReply NEGATIVE_ADDED =
            new ErrorReply("ERR entries_added must be positive");
    private static final ErrorReply BELOW_DELETED = new ErrorReply(
            "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id");
    private static final ErrorReply BELOW_TOP = new ErrorReply(
            "ERR The ID specified in XSETID is smaller than the target stream top item");
    private static final ErrorReply BELOW_LENGTH = new ErrorReply(
            "ERR The entries_added specified in XSETID is smaller than the target stream length");

    void bind(CommandBindings bindings) {
        bindings.bind("xlen", this::length)
                .bind("xrange", this::range)
                .bind("xrevrange", this::reverseRange)
                .bind("xdel", this::delete)
                .bind("xtrim", this::trim)
                .bind("xsetid", this::setId);
    }

    private void length(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STREAM);
        call.reply().integer(entry == Slot.ABSENT ? 0 : StreamHead.length(Streams.of(slot, entry)));
    }

    private void range(Call call) {
        range(call, IdArgument.start(call, 2), IdArgument.end(call, 3), false);
    }

    private void reverseRange(Call call) {
        StreamId start = IdArgument.start(call, 3);
        range(call, start, IdArgument.end(call, 2), true);
    }

    private static void range(Call call, StreamId from, StreamId to, boolean downwards) {
        long most = -1;
        for (int i = 4; i < call.count(); i += 2) {
            if (i + 1 == call.count() || !call.is(i, "COUNT")) {
                throw ErrorReply.SYNTAX;
            }
            most = Math.max(0, call.integer(i + 1));
        }
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STREAM);
        if (entry == Slot.ABSENT) {
            call.reply().array(0);
            return;
        }
        if (most == 0) {
            call.reply().nullArray();
            return;
        }
        long stream = Streams.of(slot, entry);
        EntryReplies replies = new EntryReplies(call.reply());
        if (downwards) {
            replies.downwards(stream, to, from, Math.max(0, most));
        } else {
            replies.upwards(stream, from, to, Math.max(0, most));
        }
    }

    private void delete(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STREAM);
        if (entry == Slot.ABSENT) {
            call.reply().integer(0);
            return;
        }
        // All or nothing: a wrong ID at the end deletes nothing.
        StreamId[] ids = new StreamId[call.count() - 2];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = IdArgument.exact(call, i + 2);
        }
        long stream = Streams.of(slot, entry);
        long deleted = 0;
        for (StreamId id : ids) {
            if (StreamEntries.delete(slot.stripe(entry), stream, id.ms(), id.seq())) {
                deleted++;
            }
        }
        if (deleted > 0) {
            call.changed(slot, 1, DELETED);
        }
        call.reply().integer(deleted);
    }

    private void trim(Call call) {
        TrimOptions options = TrimOptions.ofTrim(call);
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STREAM);
        long gone = 0;
        if (entry != Slot.ABSENT) {
            gone = StreamEntries.trim(
                    slot.stripe(entry),
                    Streams.of(slot, entry),
                    options.rule(call.keyspace().encodingLimits()));
            if (gone > 0) {
                call.changed(slot, 1, AddCommand.TRIMMED);
                if (options.isApproximate()) {
                    propagate(call, options, Streams.of(slot, entry));
                }
            }
        }
        call.reply().integer(gone);
    }

    private static void propagate(Call call, TrimOptions options, long stream) {
        CommandWriter writer = call.propagateAs(call.count());
        for (int i = 0; i < call.count(); i++) {
            if (!options.propagate(i, stream, writer)) {
                writer.span(call.span(i));
            }
        }
    }

    private void setId(Call call) {
        StreamId id = IdArgument.exact(call, 2);
        long added = -1;
        StreamId maxDeleted = null;
        for (int i = 3; i < call.count(); i += 2) {
            boolean more = i + 1 < call.count();
            if (more && call.is(i, "ENTRIESADDED")) {
                added = call.integer(i + 1);
                if (added < 0) {
                    throw NEGATIVE_ADDED;
                }
            } else if (more && call.is(i, "MAXDELETEDID")) {
                maxDeleted = IdArgument.exact(call, i + 1);
                if (id.isBefore(maxDeleted)) {
                    throw BELOW_DELETED;
                }
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STREAM);
        if (entry == Slot.ABSENT) {
            throw ErrorReply.NO_SUCH_KEY;
        }
        long stream = Streams.of(slot, entry);
        if (StreamHead.length(stream) > 0) {
            if (id.isBefore(StreamEntries.lastEntryId(stream))) {
                throw BELOW_TOP;
            }
            if (added != -1 && StreamHead.length(stream) > added) {
                throw BELOW_LENGTH;
            }
        }
        StreamHead.lastId(stream, id.ms(), id.seq());
        if (added != -1) {
            StreamHead.entriesAdded(stream, added);
        }
        if (maxDeleted != null && !maxDeleted.isZero()) {
            StreamHead.maxDeletedId(stream, maxDeleted.ms(), maxDeleted.seq());
        }
        call.reply().ok();
        call.changedUnwatched(slot, 1, ID_SET);
    }
}
