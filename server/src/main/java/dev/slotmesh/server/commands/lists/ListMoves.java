package dev.slotmesh.server.commands.lists;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;
import dev.slotmesh.server.session.Serving;
import dev.slotmesh.server.session.Wait;

/** LMOVE, RPOPLPUSH, BLMOVE and BRPOPLPUSH. */
final class ListMoves {

    void bind(CommandBindings bindings) {
        bindings.bind("lmove", call -> moveNow(call, ListEnd.of(call, 3), ListEnd.of(call, 4)))
                .bind("rpoplpush", call -> moveNow(call, ListEnd.RIGHT, ListEnd.LEFT))
                .bind("blmove", call -> moveOrWait(call, ListEnd.of(call, 3), ListEnd.of(call, 4)))
                .bind("brpoplpush", call -> moveOrWait(call, ListEnd.RIGHT, ListEnd.LEFT));
    }

    private static void moveNow(Call call, ListEnd from, ListEnd to) {
        if (!tryMove(call, from, to)) {
            call.reply().nullBulk();
        }
    }

    private static void moveOrWait(Call call, ListEnd from, ListEnd to) {
        long timeoutMs = WaitTimeout.parse(call, call.count() - 1);
        if (tryMove(call, from, to)) {
            return;
        }
        if (!call.mayWait()) {
            call.reply().nullBulk();
            return;
        }
        byte[] target = call.bytes(2);
        call.waitFor(
                new Wait(1, 1, KeyType.LIST, timeoutMs, true),
                serving -> serve(serving, target, from, to));
    }

    private static boolean tryMove(Call call, ListEnd from, ListEnd to) {
        Slot source = call.slot(1);
        long entry = call.write(source, 1, KeyType.LIST);
        if (entry == Slot.ABSENT) {
            return false;
        }
        Place target = new Place(call.slot(2), call.span(2));
        move(new ListSite.Handler(call), new Place(source, call.span(1)), target, from, to);
        return true;
    }

    private static boolean serve(Serving serving, byte[] targetKey, ListEnd from, ListEnd to) {
        Place source = new Place(serving.slot(), serving.key());
        if (source.find(serving.nowMs()) == Slot.ABSENT) {
            return false;
        }
        ByteSpan key = serving.span(targetKey);
        move(new ListSite.Served(serving), source, new Place(serving.slot(key), key), from, to);
        return true;
    }

    /** Moves an element of a list that is there, and replies with it. */
    private static void move(ListSite site, Place source, Place target, ListEnd from, ListEnd to) {
        long nowMs = site.nowMs();
        long entry = source.find(nowMs);
        long targetEntry = target.find(nowMs);
        site.replyEnd(source.slot, entry, from);
        if (entry == targetEntry) {
            if (from != to) {
                Lists.rotate(source.slot, entry, from.isFirst());
            }
            site.changed(target.slot, target.key, to.push());
            site.event(source.slot, source.key, from.pop());
            return;
        }
        long list = Lists.list(source.slot, entry);
        if (targetEntry == Slot.ABSENT) {
            targetEntry = Lists.create(target.slot, target.key, nowMs);
            entry = source.find(nowMs);
        }
        Lists.pushEndOf(list, from.isFirst(), target.slot, targetEntry, to.isFirst());
        site.changed(target.slot, target.key, to.push());
        boolean gone = Lists.pop(source.slot, entry, from.isFirst());
        site.changed(source.slot, source.key, from.pop());
        if (gone) {
            site.event(source.slot, source.key, KeyEvent.DEL);
        }
    }

    /** A key and its slot. */
    private record Place(Slot slot, ByteSpan key) {

        /** The list's entry, or {@link Slot#ABSENT}. */
        long find(long nowMs) {
            long entry = slot.find(key, nowMs);
            if (entry != Slot.ABSENT && slot.type(entry) != KeyType.LIST) {
                throw ErrorReply.WRONG_TYPE;
            }
            return entry;
        }
    }
}
