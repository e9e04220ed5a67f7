package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

/** HSET, HMSET, HSETNX and HDEL. */
final class HashWrites {
    static final KeyEvent SET = KeyEvent.hash("hset");
    static final KeyEvent DELETED = KeyEvent.hash("hdel");

    void bind(CommandBindings bindings) {
        bindings.bind("hset", call -> call.reply().integer(setPairs(call)))
                .bind("hmset", this::setSeveral)
                .bind("hsetnx", this::setNew)
                .bind("hdel", this::delete);
    }

    private void setSeveral(Call call) {
        setPairs(call);
        call.reply().ok();
    }

    private static int setPairs(Call call) {
        if (call.count() % 2 == 1) {
            throw call.wrongArity();
        }
        Slot slot = call.slot(1);
        long entry = writable(call, slot);
        int added = 0;
        for (int i = 2; i < call.count(); i += 2) {
            if (Hashes.set(slot, entry, call.span(i), call.span(i + 1), call.nowMs())) {
                added++;
            }
        }
        call.changed(slot, 1, SET);
        call.alsoCounts(call.count() / 2 - 2);
        return added;
    }

    private void setNew(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.HASH);
        if (entry != Slot.ABSENT
                && Hashes.find(slot, entry, call.span(2), call.nowMs()) != Hashes.ABSENT) {
            call.reply().integer(0);
            return;
        }
        if (entry == Slot.ABSENT) {
            entry = Hashes.create(slot, call.span(1), call.nowMs());
        }
        Hashes.set(slot, entry, call.span(2), call.span(3), call.nowMs());
        call.changed(slot, 1, SET);
        call.reply().integer(1);
    }

    private void delete(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.HASH);
        int deleted = 0;
        boolean gone = entry == Slot.ABSENT;
        for (int i = 2; i < call.count() && !gone; i++) {
            if (Hashes.remove(slot, entry, call.span(i), call.nowMs())) {
                deleted++;
            }
            gone = Hashes.removeIfEmpty(slot, entry);
        }
        reportDeleted(call, slot, deleted, entry != Slot.ABSENT && gone);
        call.reply().integer(deleted);
    }

    /** Tells of fields deleted by a command, and of the key if it went with the last of them. */
    static void reportDeleted(Call call, Slot slot, int deleted, boolean gone) {
        if (deleted > 0) {
            call.changed(slot, 1, DELETED);
            call.alsoCounts(deleted - 1);
            if (gone) {
                call.event(slot, 1, KeyEvent.DEL);
            }
        } else if (gone) {
            call.changed(slot, 1, KeyEvent.DEL);
        }
    }

    /** The hash at argument 1, an empty one made if there was none: a field must follow. */
    static long writable(Call call, Slot slot) {
        long entry = call.write(slot, 1, KeyType.HASH);
        return entry == Slot.ABSENT ? Hashes.create(slot, call.span(1), call.nowMs()) : entry;
    }
}
