package dev.slotmesh.server.commands.lists;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.list.ListCursor;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;
import dev.slotmesh.server.session.ErrorReply;

/** LPOS. */
final class ListSearch {
    private static final ErrorReply RANK_ZERO = new ErrorReply(
            "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list");
    private static final ErrorReply COUNT = new ErrorReply("ERR COUNT can't be negative");
    private static final ErrorReply LENGTH = new ErrorReply("ERR MAXLEN can't be negative");

    void bind(CommandBindings bindings) {
        bindings.bind("lpos", this::position);
    }

    private void position(Call call) {
        Options options = Options.parse(call);
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.LIST);
        if (options.isMany()) {
            try (DeferredArray found = call.deferredArray()) {
                if (entry != Slot.ABSENT) {
                    search(call, slot, entry, options, found);
                }
                found.finish();
            }
            return;
        }
        long index = entry == Slot.ABSENT ? -1 : search(call, slot, entry, options, null);
        if (index < 0) {
            call.reply().nullBulk();
        } else {
            call.reply().integer(index);
        }
    }

    /** Adds the matches' indexes to {@code found}; without it, returns the first one's, -1 for none. */
    private static long search(
            Call call, Slot slot, long entry, Options options, DeferredArray found) {
        boolean forwards = options.rank > 0;
        long size = Lists.size(slot, entry);
        long most = options.length == 0 ? size : Math.min(size, options.length);
        long skip = Math.abs(options.rank) - 1;
        long wanted = options.count == 0 ? Long.MAX_VALUE : options.count;
        try (ListCursor cursor = new ListCursor()) {
            Lists.seek(slot, entry, forwards ? 0 : -1, cursor);
            cursor.wanted(call.span(2));
            for (long seen = 0; seen < most; seen++) {
                if (cursor.matches() && skip-- <= 0) {
                    long index = forwards ? seen : size - 1 - seen;
                    if (found == null) {
                        return index;
                    }
                    found.add().integer(index);
                    if (found.count() == wanted) {
                        break;
                    }
                }
                if (forwards) {
                    cursor.next();
                } else {
                    cursor.previous();
                }
            }
        }
        return -1;
    }

    /** @param count -1 when not given; 0 is all  @param length 0 is all */
    private record Options(long rank, long count, long length) {

        boolean isMany() {
            return count >= 0;
        }

        static Options parse(Call call) {
            long rank = 1;
            long count = -1;
            long length = 0;
            for (int i = 3; i < call.count(); i += 2) {
                if (i + 1 == call.count()) {
                    throw ErrorReply.SYNTAX;
                }
                if (call.is(i, "RANK")) {
                    rank = rank(call, i + 1);
                } else if (call.is(i, "COUNT")) {
                    count = notNegative(call, i + 1, COUNT);
                } else if (call.is(i, "MAXLEN")) {
                    length = notNegative(call, i + 1, LENGTH);
                } else {
                    throw ErrorReply.SYNTAX;
                }
            }
            return new Options(rank, count, length);
        }

        private static long rank(Call call, int argument) {
            long rank = call.integer(argument);
            if (rank == 0) {
                throw RANK_ZERO;
            }
            // Redis negates the rank, which has no effect on the smallest: every match is then late
            // enough.
            return rank == Long.MIN_VALUE ? -1 : rank;
        }

        private static long notNegative(Call call, int argument, ErrorReply otherwise) {
            long number = call.integer(argument, otherwise);
            if (number < 0) {
                throw otherwise;
            }
            return number;
        }
    }
}
