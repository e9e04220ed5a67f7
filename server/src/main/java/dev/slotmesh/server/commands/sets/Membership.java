package dev.slotmesh.server.commands.sets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Sets;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

/** SADD, SREM, SMOVE, SISMEMBER, SMISMEMBER and SCARD: single members and their number. */
final class Membership {
    private static final KeyEvent ADDED = KeyEvent.set("sadd");
    private static final KeyEvent REMOVED = KeyEvent.set("srem");

    void bind(CommandBindings bindings) {
        bindings.bind("sadd", this::add)
                .bind("srem", this::remove)
                .bind("smove", this::move)
                .bind("sismember", this::isMember)
                .bind("smismember", this::areMembers)
                .bind("scard", this::cardinality);
    }

    private void add(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.SET);
        if (entry == Slot.ABSENT) {
            entry = Sets.create(slot, call.span(1), call.span(2), call.nowMs());
        }
        int added = 0;
        for (int i = 2; i < call.count(); i++) {
            if (Sets.add(slot, entry, call.span(i))) {
                added++;
            }
        }
        if (added > 0) {
            call.changed(slot, 1, ADDED);
            call.alsoCounts(added - 1);
        }
        call.reply().integer(added);
    }

    private void remove(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.SET);
        int removed = 0;
        for (int i = 2; entry != Slot.ABSENT && i < call.count(); i++) {
            if (Sets.remove(slot, entry, call.span(i))) {
                removed++;
            }
        }
        if (removed > 0) {
            afterRemoval(call, slot, entry, REMOVED);
            call.alsoCounts(removed - 1);
        }
        call.reply().integer(removed);
    }

    private void move(Call call) {
        Slot source = call.slot(1);
        Slot target = call.slot(2);
        long from = call.write(source, 1, KeyType.SET);
        if (from == Slot.ABSENT) {
            call.reply().integer(0);
            return;
        }
        long to = call.write(target, 2, KeyType.SET);
        ByteSpan member = call.span(3);
        if (from == to) {
            call.reply().integer(Sets.contains(source, from, member) ? 1 : 0);
            return;
        }
        if (!Sets.remove(source, from, member)) {
            call.reply().integer(0);
            return;
        }
        afterRemoval(call, source, from, REMOVED);
        to = target.peek(call.span(2), call.nowMs());
        if (to == Slot.ABSENT) {
            to = Sets.create(target, call.span(2), member, call.nowMs());
        }
        if (Sets.add(target, to, member)) {
            call.changed(target, 2, ADDED);
        }
        call.reply().integer(1);
    }

    private void isMember(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.SET);
        boolean found = entry != Slot.ABSENT && Sets.contains(slot, entry, call.span(2));
        call.reply().integer(found ? 1 : 0);
    }

    private void areMembers(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.SET);
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            boolean found = entry != Slot.ABSENT && Sets.contains(slot, entry, call.span(i));
            call.reply().integer(found ? 1 : 0);
        }
    }

    private void cardinality(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.SET);
        call.reply().integer(entry == Slot.ABSENT ? 0 : Sets.size(slot, entry));
    }

    /** Deletes the key at argument 1 if its last member went, and tells of both. */
    static void afterRemoval(Call call, Slot slot, long entry, KeyEvent event) {
        boolean deleted = Sets.removeIfEmpty(slot, entry);
        call.changed(slot, 1, event);
        if (deleted) {
            call.event(slot, 1, KeyEvent.DEL);
        }
    }
}
