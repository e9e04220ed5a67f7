package dev.slotmesh.server.commands.lists;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;
import dev.slotmesh.server.session.Serving;
import dev.slotmesh.server.session.Wait;

/** LMOVE, RPOPLPUSH, BLMOVE and BRPOPLPUSH. */
final class ListMoves {

    void bind(CommandBindings bindings) {
        bindings.bind("lmove", call -> moveNow(call, Ends.of(call)))
                .bind("rpoplpush", call -> moveNow(call, Ends.RIGHT_TO_LEFT))
                .bind("blmove", call -> moveOrWait(call, Ends.of(call)))
                .bind("brpoplpush", call -> moveOrWait(call, Ends.RIGHT_TO_LEFT));
    }

    /**
     * Where an element is taken and where it goes.
     *
     * @param named whether the command names them, so that it is told of as LMOVE, else RPOPLPUSH
     */
    private record Ends(ListEnd from, ListEnd to, boolean named) {
        static final Ends RIGHT_TO_LEFT = new Ends(ListEnd.RIGHT, ListEnd.LEFT, false);

        static Ends of(Call call) {
            return new Ends(ListEnd.of(call, 3), ListEnd.of(call, 4), true);
        }
    }

    private static void moveNow(Call call, Ends ends) {
        if (!tryMove(call, ends)) {
            call.reply().nullBulk();
        }
    }

    private static void moveOrWait(Call call, Ends ends) {
        long timeoutMs = WaitTimeout.parse(call, call.count() - 1);
        if (tryMove(call, ends)) {
            propagateNow(call, ends);
            return;
        }
        if (!call.mayWait()) {
            call.reply().nullBulk();
            return;
        }
        byte[] target = call.bytes(2);
        call.waitFor(
                new Wait(1, 1, KeyType.LIST, timeoutMs, true),
                serving -> serve(serving, target, ends));
    }

    /** As the command that does not wait, with the words it came with. */
    private static void propagateNow(Call call, Ends ends) {
        CommandWriter writer = ends.named
                ? call.propagateAs(5).word("LMOVE")
                : call.propagateAs(3).word("RPOPLPUSH");
        writer.span(call.span(1)).span(call.span(2));
        if (ends.named) {
            writer.span(call.span(3)).span(call.span(4));
        }
    }

    private static void propagateServed(
            ListSite site, ByteSpan source, ByteSpan target, Ends ends) {
        if (ends.named) {
            site.propagateAs(5)
                    .word("LMOVE")
                    .span(source)
                    .span(target)
                    .word(ends.from.word())
                    .word(ends.to.word());
        } else {
            site.propagateAs(3).word("RPOPLPUSH").span(source).span(target);
        }
    }

    private static boolean tryMove(Call call, Ends ends) {
        Slot source = call.slot(1);
        long entry = call.write(source, 1, KeyType.LIST);
        if (entry == Slot.ABSENT) {
            return false;
        }
        Place target = new Place(call.slot(2), call.span(2));
        move(new ListSite.Handler(call), new Place(source, call.span(1)), target, ends);
        return true;
    }

    private static boolean serve(Serving serving, byte[] targetKey, Ends ends) {
        Place source = new Place(serving.slot(), serving.key());
        if (source.find(serving.nowMs()) == Slot.ABSENT) {
            return false;
        }
        ByteSpan key = serving.span(targetKey);
        ListSite site = new ListSite.Served(serving);
        move(site, source, new Place(serving.slot(key), key), ends);
        propagateServed(site, serving.key(), key, ends);
        return true;
    }

    /** Moves an element of a list that is there, and replies with it. */
    private static void move(ListSite site, Place source, Place target, Ends ends) {
        ListEnd from = ends.from;
        ListEnd to = ends.to;
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
        site.alsoCounts(-1);
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
