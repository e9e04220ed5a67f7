package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;
import dev.slotmesh.server.session.ErrorReply;

/** KEYS, SCAN and RANDOMKEY: keys found by walking a database. The walks take the slots' locks themselves. */
final class KeyWalks {
    private static final ErrorReply INVALID_CURSOR = new ErrorReply("ERR invalid cursor");
    private static final int DEFAULT_COUNT = 10;

    void bind(CommandBindings bindings) {
        bindings.bind("keys", this::keys)
                .bind("scan", this::scan)
                .bind("randomkey", this::randomKey);
    }

    private void keys(Call call) {
        try (DeferredArray keys = call.deferredArray()) {
            KeyFilter filter = new KeyFilter(keys);
            filter.pattern(call.bytes(1));
            call.database().forEach(call.nowMs(), filter);
            keys.finish();
        }
    }

    private void scan(Call call) {
        long cursor = cursor(call.span(1));
        try (DeferredArray keys = call.deferredArray()) {
            KeyFilter filter = new KeyFilter(keys);
            int count = DEFAULT_COUNT;
            for (int i = 2; i < call.count(); i += 2) {
                if (i + 1 == call.count()) {
                    throw ErrorReply.SYNTAX;
                }
                if (call.is(i, "COUNT")) {
                    count = count(call, i + 1);
                } else if (call.is(i, "MATCH")) {
                    filter.pattern(call.bytes(i + 1));
                } else if (call.is(i, "TYPE")) {
                    filter.type(call.text(i + 1));
                } else {
                    throw ErrorReply.SYNTAX;
                }
            }
            long next = call.database().scan(cursor, count, call.nowMs(), filter);
            call.reply().array(2);
            call.reply().bulk(next);
            keys.finish();
        }
    }

    private static int count(Call call, int argument) {
        long count = call.integer(argument);
        if (count < 1) {
            throw ErrorReply.SYNTAX;
        }
        return (int) Math.min(count, Integer.MAX_VALUE);
    }

    /**
     * A cursor as C's strtoul reads it: an optional sign (a minus wraps around) and digits up to 2^64 - 1; nothing at all is
     * 0. The keyspace's cursors are positive, so the highest bit means nothing.
     */
    private static long cursor(ByteSpan text) {
        if (text.length() == 0) {
            return 0;
        }
        int first = text.byteAt(0);
        int start = first == '-' || first == '+' ? 1 : 0;
        if (start == text.length()) {
            throw INVALID_CURSOR;
        }
        long value = 0;
        for (int i = start; i < text.length(); i++) {
            int digit = text.byteAt(i) - '0';
            if (digit < 0 || digit > 9 || exceeds(value, digit)) {
                throw INVALID_CURSOR;
            }
            value = value * 10 + digit;
        }
        return (first == '-' ? -value : value) & Long.MAX_VALUE;
    }

    /** Whether {@code value * 10 + digit} leaves 64 unsigned bits. */
    private static boolean exceeds(long value, int digit) {
        long limit = Long.divideUnsigned(-1L, 10);
        int order = Long.compareUnsigned(value, limit);
        return order > 0 || (order == 0 && digit > Long.remainderUnsigned(-1L, 10));
    }

    private void randomKey(Call call) {
        ByteSpan key = call.value();
        boolean found = call.database()
                .visitRandomKey(
                        call.nowMs(), (slot, entry) -> call.replyBulk(slot.key(entry, key)));
        if (!found) {
            call.reply().nullBulk();
        }
    }
}
