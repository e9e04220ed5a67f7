package dev.slotmesh.server.commands.lists;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.Serving;
import dev.slotmesh.server.session.Wait;

/** BLPOP, BRPOP and BLMPOP. */
final class WaitingPops {

    void bind(CommandBindings bindings) {
        bindings.bind("blpop", call -> pop(call, ListEnd.LEFT))
                .bind("brpop", call -> pop(call, ListEnd.RIGHT))
                .bind("blmpop", this::popSeveral);
    }

    private static void pop(Call call, ListEnd end) {
        int keys = call.count() - 2;
        long timeoutMs = WaitTimeout.parse(call, keys + 1);
        for (int i = 1; i <= keys; i++) {
            Slot slot = call.slot(i);
            long entry = call.write(slot, i, KeyType.LIST);
            if (entry != Slot.ABSENT) {
                new ListSite.Handler(call).popWithKey(slot, call.span(i), entry, end);
                return;
            }
        }
        if (!call.mayWait()) {
            call.reply().nullArray();
            return;
        }
        call.waitFor(
                new Wait(1, keys, KeyType.LIST, timeoutMs, true), serving -> serve(serving, end));
    }

    private void popSeveral(Call call) {
        PopRequest request = PopRequest.parse(call, 2);
        long timeoutMs = WaitTimeout.parse(call, 1);
        if (ListPops.popFirstOf(call, request)) {
            return;
        }
        if (!call.mayWait()) {
            call.reply().nullArray();
            return;
        }
        call.waitFor(
                new Wait(request.firstKey(), request.keyCount(), KeyType.LIST, timeoutMs, true),
                serving -> serve(serving, request));
    }

    private static boolean serve(Serving serving, ListEnd end) {
        long entry = find(serving);
        if (entry == Slot.ABSENT) {
            return false;
        }
        new ListSite.Served(serving).popWithKey(serving.slot(), serving.key(), entry, end);
        return true;
    }

    private static boolean serve(Serving serving, PopRequest request) {
        long entry = find(serving);
        if (entry == Slot.ABSENT) {
            return false;
        }
        new ListSite.Served(serving).popWithKey(serving.slot(), serving.key(), entry, request);
        return true;
    }

    private static long find(Serving serving) {
        long entry = serving.slot().find(serving.key(), serving.nowMs());
        return entry == Slot.ABSENT || serving.slot().type(entry) != KeyType.LIST
                ? Slot.ABSENT
                : entry;
    }
}
