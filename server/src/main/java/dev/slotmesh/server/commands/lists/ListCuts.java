package dev.slotmesh.server.commands.lists;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

/** LTRIM and LREM. */
final class ListCuts {
    private static final KeyEvent TRIM = KeyEvent.list("ltrim");
    private static final KeyEvent REMOVE = KeyEvent.list("lrem");

    void bind(CommandBindings bindings) {
        bindings.bind("ltrim", this::trim).bind("lrem", this::remove);
    }

    /** As in Redis the key counts as changed, whether anything was outside the range or not. */
    private void trim(Call call) {
        long from = call.integer(2);
        long to = call.integer(3);
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.LIST);
        if (entry != Slot.ABSENT) {
            long size = Lists.size(slot, entry);
            boolean gone = trim(slot, entry, from, to);
            call.changed(slot, 1, TRIM);
            call.alsoCounts(size - (gone ? 0 : Lists.size(slot, entry)) - 1);
            if (!gone && Lists.size(slot, entry) == size) {
                call.propagateNothing();
            }
            if (gone) {
                call.event(slot, 1, KeyEvent.DEL);
            }
        }
        call.reply().ok();
    }

    private static boolean trim(Slot slot, long entry, long from, long to) {
        long size = Lists.size(slot, entry);
        long first = Math.max(0, from < 0 ? from + size : from);
        long last = Math.min(size - 1, to < 0 ? to + size : to);
        if (first > last) {
            return Lists.drop(slot, entry, true, size);
        }
        Lists.drop(slot, entry, true, first);
        return Lists.drop(slot, entry, false, size - 1 - last);
    }

    private void remove(Call call) {
        long count = call.integer(2);
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.LIST);
        if (entry == Slot.ABSENT) {
            call.reply().integer(0);
            return;
        }
        long most = count == 0 || count == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(count);
        long removed = Lists.remove(slot, entry, call.span(3), count >= 0, most);
        call.reply().integer(removed);
        if (removed > 0) {
            boolean gone = Lists.size(slot, entry) == 0;
            if (gone) {
                slot.removeEntry(entry);
            }
            call.changed(slot, 1, REMOVE);
            call.alsoCounts(removed - 1);
            if (gone) {
                call.event(slot, 1, KeyEvent.DEL);
            }
        }
    }
}
