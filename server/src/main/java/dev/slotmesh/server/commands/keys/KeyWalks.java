package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;
import dev.slotmesh.server.session.ErrorReply;

/** KEYS, SCAN and RANDOMKEY: keys found by walking a database. The walks take the slots' locks themselves. */
final class KeyWalks {
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
        long cursor = ScanCursor.parse(call.span(1));
        try (DeferredArray keys = call.deferredArray()) {
            KeyFilter filter = new KeyFilter(keys);
            int count = DEFAULT_COUNT;
            for (int i = 2; i < call.count(); i += 2) {
                if (i + 1 == call.count()) {
                    throw ErrorReply.SYNTAX;
                }
                if (call.is(i, "COUNT")) {
                    count = ScanCursor.count(call, i + 1);
                } else if (call.is(i, "MATCH")) {
                    filter.pattern(call.bytes(i + 1));
                } else if (call.is(i, "TYPE")) {
                    filter.type(call.text(i + 1));
                } else {
                    throw ErrorReply.SYNTAX;
                }
            }
            long next = call.database().scan(cursor, count, call.nowMs(), filter, filter::hasName);
            call.reply().array(2);
            call.reply().bulk(next);
            keys.finish();
        }
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
