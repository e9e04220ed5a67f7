package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.commands.lists.WaitTimeout;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;
import dev.slotmesh.server.session.Serving;
import dev.slotmesh.server.session.Wait;

/** BZPOPMIN, BZPOPMAX and BZMPOP: pops that wait for a member. */
final class WaitingPops {

    void bind(CommandBindings bindings) {
        bindings.bind("bzpopmin", call -> waitForOne(call, false))
                .bind("bzpopmax", call -> waitForOne(call, true))
                .bind("bzmpop", this::waitForSeveral);
    }

    private static void waitForOne(Call call, boolean highest) {
        int keys = call.count() - 2;
        long timeoutMs = WaitTimeout.parse(call, keys + 1);
        for (int i = 1; i <= keys; i++) {
            Slot slot = call.slot(i);
            long entry = call.write(slot, i, KeyType.ZSET);
            if (entry != Slot.ABSENT) {
                boolean gone = Pops.popOne(call.reply(), slot, call.span(i), entry, highest);
                Pops.tell(call, slot, call.span(i), gone, highest);
                call.propagateAs(2).word(Pops.command(highest)).span(call.span(i));
                return;
            }
        }
        if (!call.mayWait()) {
            call.reply().nullArray();
            return;
        }
        call.waitFor(new Wait(1, keys, KeyType.ZSET, timeoutMs, true), serving -> {
            long entry = find(serving);
            if (entry == Slot.ABSENT) {
                return false;
            }
            ByteSpan key = serving.key();
            tell(
                    serving,
                    Pops.popOne(serving.reply(), serving.slot(), key, entry, highest),
                    highest);
            serving.propagateAs(2).word(Pops.command(highest)).span(key);
            return true;
        });
    }

    private void waitForSeveral(Call call) {
        PopRequest request = PopRequest.parse(call, 2);
        long timeoutMs = WaitTimeout.parse(call, 1);
        if (Pops.popFirstOf(call, request)) {
            return;
        }
        if (!call.mayWait()) {
            call.reply().nullArray();
            return;
        }
        Wait wait = new Wait(request.firstKey(), request.keyCount(), KeyType.ZSET, timeoutMs, true);
        call.waitFor(wait, serving -> {
            long entry = find(serving);
            if (entry == Slot.ABSENT) {
                return false;
            }
            ByteSpan key = serving.key();
            long popped = Math.min(request.count(), SortedSets.size(serving.slot(), entry));
            serving.alsoCounts(popped - 1);
            tell(
                    serving,
                    Pops.popSeveral(serving.reply(), serving.slot(), key, entry, request),
                    request.highest());
            serving.propagateAs(3)
                    .word(Pops.command(request.highest()))
                    .span(key)
                    .number(popped);
            return true;
        });
    }

    private static long find(Serving serving) {
        long entry = serving.slot().find(serving.key(), serving.nowMs());
        return entry == Slot.ABSENT || serving.slot().type(entry) != KeyType.ZSET
                ? Slot.ABSENT
                : entry;
    }

    private static void tell(Serving serving, boolean gone, boolean highest) {
        serving.changed(serving.slot(), serving.key(), Pops.event(highest));
        if (gone) {
            serving.event(serving.slot(), serving.key(), KeyEvent.DEL);
        }
    }
}
