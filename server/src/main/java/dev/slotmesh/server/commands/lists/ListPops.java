package dev.slotmesh.server.commands.lists;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** LPOP, RPOP and LMPOP. */
final class ListPops {
    private static final ErrorReply NOT_POSITIVE =
            new ErrorReply("ERR value is out of range, must be positive");

    void bind(CommandBindings bindings) {
        bindings.bind("lpop", call -> pop(call, ListEnd.LEFT))
                .bind("rpop", call -> pop(call, ListEnd.RIGHT))
                .bind("lmpop", this::popFirstOf);
    }

    private static void pop(Call call, ListEnd end) {
        if (call.count() > 2) {
            popSeveral(call, end);
            return;
        }
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.LIST);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
            return;
        }
        boolean first = end.isFirst();
        if (Lists.isInteger(slot, entry, first)) {
            call.reply().bulk(Lists.integer(slot, entry, first));
        } else {
            call.replyBulk(Lists.string(slot, entry, first, call.value()));
        }
        boolean gone = Lists.pop(slot, entry, first);
        call.changed(slot, 1, end.pop());
        if (gone) {
            call.event(slot, 1, KeyEvent.DEL);
        }
    }

    private static void popSeveral(Call call, ListEnd end) {
        if (call.count() > 3) {
            throw call.wrongArity();
        }
        long count = call.integer(2, NOT_POSITIVE);
        if (count < 0) {
            throw NOT_POSITIVE;
        }
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.LIST);
        if (entry == Slot.ABSENT) {
            call.reply().nullArray();
        } else if (count == 0) {
            call.reply().array(0);
        } else {
            ListSite site = new ListSite.Handler(call);
            boolean gone = site.popRange(slot, entry, end, count);
            site.tellOfPop(slot, call.span(1), end, gone);
        }
    }

    private void popFirstOf(Call call) {
        PopRequest request = PopRequest.parse(call, 1);
        if (!popFirstOf(call, request)) {
            call.reply().nullArray();
        }
    }

    /** Pops from the first of the keys that has elements. Returns whether there was one. */
    static boolean popFirstOf(Call call, PopRequest request) {
        for (int i = 0; i < request.keyCount(); i++) {
            int argument = request.firstKey() + i;
            Slot slot = call.slot(argument);
            long entry = call.write(slot, argument, KeyType.LIST);
            if (entry != Slot.ABSENT) {
                new ListSite.Handler(call).popWithKey(slot, call.span(argument), entry, request);
                return true;
            }
        }
        return false;
    }
}
