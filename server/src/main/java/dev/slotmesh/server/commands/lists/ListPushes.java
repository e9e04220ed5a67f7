package dev.slotmesh.server.commands.lists;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.list.ListCursor;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** LPUSH, RPUSH, LPUSHX, RPUSHX, LINSERT and LSET. */
final class ListPushes {
    private static final ErrorReply OUT_OF_RANGE = new ErrorReply("ERR index out of range");
    private static final KeyEvent INSERT = KeyEvent.list("linsert");
    private static final KeyEvent SET = KeyEvent.list("lset");

    void bind(CommandBindings bindings) {
        bindings.bind("lpush", call -> push(call, ListEnd.LEFT, true))
                .bind("rpush", call -> push(call, ListEnd.RIGHT, true))
                .bind("lpushx", call -> push(call, ListEnd.LEFT, false))
                .bind("rpushx", call -> push(call, ListEnd.RIGHT, false))
                .bind("linsert", this::insert)
                .bind("lset", this::set);
    }

    private static void push(Call call, ListEnd end, boolean create) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.LIST);
        if (entry == Slot.ABSENT) {
            if (!create) {
                call.reply().integer(0);
                return;
            }
            entry = Lists.create(slot, call.span(1), call.nowMs());
        }
        long size = 0;
        int count = call.count();
        for (int i = 2; i < count; i++) {
            size = Lists.push(slot, entry, end.isFirst(), call.span(i));
        }
        call.reply().integer(size);
        call.changed(slot, 1, end.push());
        call.alsoCounts(count - 3);
    }

    private void insert(Call call) {
        boolean before = call.is(2, "BEFORE");
        if (!before && !call.is(2, "AFTER")) {
            throw ErrorReply.SYNTAX;
        }
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.LIST);
        if (entry == Slot.ABSENT) {
            call.reply().integer(0);
            return;
        }
        if (!insert(call, slot, entry, before)) {
            call.reply().integer(-1);
            return;
        }
        call.reply().integer(Lists.size(slot, entry));
        call.changed(slot, 1, INSERT);
    }

    private static boolean insert(Call call, Slot slot, long entry, boolean before) {
        try (ListCursor cursor = new ListCursor()) {
            boolean more = Lists.seek(slot, entry, 0, cursor);
            cursor.wanted(call.span(3));
            while (more && !cursor.matches()) {
                more = cursor.next();
            }
            if (more) {
                Lists.insert(slot, cursor, before, call.span(4));
            }
            return more;
        }
    }

    private void set(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.LIST);
        if (entry == Slot.ABSENT) {
            throw ErrorReply.NO_SUCH_KEY;
        }
        long index = call.integer(2);
        try (ListCursor cursor = new ListCursor()) {
            if (!Lists.seek(slot, entry, index, cursor)) {
                throw OUT_OF_RANGE;
            }
            Lists.replace(slot, cursor, call.span(3));
        }
        call.reply().ok();
        call.changed(slot, 1, SET);
    }
}
