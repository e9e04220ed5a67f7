package dev.slotmesh.server.commands.lists;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.list.ListCursor;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;

/** LLEN, LINDEX and LRANGE. */
final class ListReads {

    void bind(CommandBindings bindings) {
        bindings.bind("llen", this::length).bind("lindex", this::index).bind("lrange", this::range);
    }

    private void length(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.LIST);
        call.reply().integer(entry == Slot.ABSENT ? 0 : Lists.size(slot, entry));
    }

    private void index(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.LIST);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
            return;
        }
        long index = call.integer(2);
        try (ListCursor cursor = new ListCursor()) {
            if (Lists.seek(slot, entry, index, cursor)) {
                element(call, cursor, call.value());
            } else {
                call.reply().nullBulk();
            }
        }
    }

    private void range(Call call) {
        long from = call.integer(2);
        long to = call.integer(3);
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.LIST);
        if (entry == Slot.ABSENT) {
            call.reply().array(0);
            return;
        }
        long size = Lists.size(slot, entry);
        long first = Math.max(0, from < 0 ? from + size : from);
        long last = Math.min(size - 1, to < 0 ? to + size : to);
        if (first > last) {
            call.reply().array(0);
            return;
        }
        call.reply().array((int) (last - first + 1));
        try (ListCursor cursor = new ListCursor()) {
            Lists.seek(slot, entry, first, cursor);
            elements(call, cursor, last - first + 1);
        }
    }

    private static void elements(Call call, ListCursor cursor, long count) {
        ByteSpan value = call.value();
        for (long left = count; left > 0; left--) {
            element(call, cursor, value);
            cursor.next();
        }
    }

    private static void element(Call call, ListCursor cursor, ByteSpan value) {
        if (cursor.isInteger()) {
            ReplyEncoder reply = call.reply();
            reply.bulk(cursor.integer());
        } else {
            call.replyBulk(cursor.string(value));
        }
    }
}
