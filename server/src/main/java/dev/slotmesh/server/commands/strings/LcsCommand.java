package dev.slotmesh.server.commands.strings;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;
import dev.slotmesh.server.session.ErrorReply;

/** LCS: the longest common subsequence of two strings, its length, or where it lies in them. */
final class LcsCommand {
    private static final ErrorReply NOT_STRINGS =
            new ErrorReply("ERR The specified keys must contain string values");
    private static final ErrorReply LENGTH_AND_INDEXES =
            new ErrorReply("ERR If you want both the length and indexes, please just use IDX.");
    private static final ErrorReply TOO_MUCH_MEMORY = new ErrorReply(
            "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");

    /** Bytes per cell of the table that Redis fills; the sizes it refuses are refused here too. */
    private static final int REDIS_CELL_BYTES = 4;

    void bind(CommandBindings bindings) {
        bindings.bind("lcs", this::lcs);
    }

    private void lcs(Call call) {
        ByteSpan first = string(call, 1, call.value());
        ByteSpan second = string(call, 2, call.otherValue());
        Options options = Options.parse(call);
        long cells = (first.length() + 1L) * (second.length() + 1L);
        if (cells > call.longestString() / REDIS_CELL_BYTES) {
            throw TOO_MUCH_MEMORY;
        }
        CommonSubsequence common = CommonSubsequence.of(first, second, options.lengthOnly);
        if (options.lengthOnly) {
            call.reply().integer(common.length());
        } else if (options.indexes) {
            replyIndexes(call, common, options);
        } else {
            call.reply().bulk(common.bytes());
        }
    }

    private static ByteSpan string(Call call, int key, ByteSpan into) {
        Slot slot = call.slot(key);
        long entry = call.read(slot, key);
        if (entry == Slot.ABSENT) {
            return into.set(0, 0);
        }
        if (slot.type(entry) != KeyType.STRING) {
            throw NOT_STRINGS;
        }
        return slot.stringValue(entry, into);
    }

    private static void replyIndexes(Call call, CommonSubsequence common, Options options) {
        ReplyEncoder reply = call.reply();
        reply.map(2);
        reply.bulk("matches");
        try (DeferredArray matches = call.deferredArray()) {
            common.forEachMatch((firstStart, secondStart, length) -> {
                if (length >= options.shortestMatch) {
                    ReplyEncoder match = matches.add();
                    match.array(options.withLength ? 3 : 2);
                    range(match, firstStart, length);
                    range(match, secondStart, length);
                    if (options.withLength) {
                        match.integer(length);
                    }
                }
            });
            matches.finish();
        }
        reply.bulk("len");
        reply.integer(common.length());
    }

    private static void range(ReplyEncoder reply, int start, int length) {
        reply.array(2);
        reply.integer(start);
        reply.integer(start + length - 1L);
    }

    private record Options(
            boolean lengthOnly, boolean indexes, boolean withLength, long shortestMatch) {

        static Options parse(Call call) {
            boolean length = false;
            boolean indexes = false;
            boolean withLength = false;
            long shortest = 0;
            for (int i = 3; i < call.count(); i++) {
                if (call.is(i, "IDX")) {
                    indexes = true;
                } else if (call.is(i, "LEN")) {
                    length = true;
                } else if (call.is(i, "WITHMATCHLEN")) {
                    withLength = true;
                } else if (call.is(i, "MINMATCHLEN") && i + 1 < call.count()) {
                    shortest = Math.max(0, call.integer(++i));
                } else {
                    throw ErrorReply.SYNTAX;
                }
            }
            if (length && indexes) {
                throw LENGTH_AND_INDEXES;
            }
            return new Options(length, indexes, withLength, shortest);
        }
    }
}
