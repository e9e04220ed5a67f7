package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/**
 * RENAME, RENAMENX, COPY and MOVE. The locks held for a command's keys cover the same slots of every database, so another
 * database needs no further lock.
 */
final class KeyMoves {
    private static final ErrorReply SAME_OBJECT =
            new ErrorReply("ERR source and destination objects are the same");
    private static final ErrorReply MOVE_IN_CLUSTER =
            new ErrorReply("ERR MOVE is not allowed in cluster mode");
    private static final ErrorReply COPY_IN_CLUSTER =
            new ErrorReply("ERR Copying to another database is not allowed in cluster mode");

    private static final KeyEvent RENAME_FROM = KeyEvent.generic("rename_from");
    private static final KeyEvent RENAME_TO = KeyEvent.generic("rename_to");
    private static final KeyEvent MOVE_FROM = KeyEvent.generic("move_from");
    private static final KeyEvent MOVE_TO = KeyEvent.generic("move_to");
    private static final KeyEvent COPY_TO = KeyEvent.generic("copy_to");

    void bind(CommandBindings bindings) {
        bindings.bind("rename", this::rename)
                .bind("renamenx", this::renameIfAbsent)
                .bind("copy", this::copy)
                .bind("move", this::move);
    }

    private void rename(Call call) {
        Slot source = call.slot(1);
        long entry = find(call, source, 1);
        if (entry == Slot.ABSENT) {
            throw ErrorReply.NO_SUCH_KEY;
        }
        if (!call.span(1).contentEquals(call.span(2))) {
            Slot target = call.slot(2);
            // What is replaced goes first, as in Redis, where the target is a new key.
            target.remove(call.span(2), call.nowMs());
            source.moveTo(find(call, source, 1), target, call.span(2));
            renamed(call, source, target);
        }
        call.reply().ok();
    }

    private static void renamed(Call call, Slot source, Slot target) {
        call.changed(source, 1, RENAME_FROM);
        call.changed(target, 2, RENAME_TO);
        call.alsoCounts(-1);
    }

    private void renameIfAbsent(Call call) {
        Slot source = call.slot(1);
        Slot target = call.slot(2);
        boolean free = find(call, target, 2) == Slot.ABSENT;
        long entry = find(call, source, 1);
        if (entry == Slot.ABSENT) {
            throw ErrorReply.NO_SUCH_KEY;
        }
        if (free) {
            source.moveTo(entry, target, call.span(2));
            renamed(call, source, target);
        }
        call.reply().integer(free ? 1 : 0);
    }

    private void move(Call call) {
        if (call.clusterEnabled()) {
            throw MOVE_IN_CLUSTER;
        }
        Database into = DatabaseNumber.database(call, call.smallInteger(2));
        if (into == call.database()) {
            throw SAME_OBJECT;
        }
        Slot source = call.slot(1);
        Slot target = into.slot(source.number());
        boolean free = find(call, target, 1) == Slot.ABSENT;
        long entry = find(call, source, 1);
        boolean moved = free && entry != Slot.ABSENT;
        if (moved) {
            source.moveTo(entry, target, call.span(1));
            call.changed(source, 1, MOVE_FROM);
            call.changed(target, 1, MOVE_TO);
            call.alsoCounts(-1);
        }
        call.reply().integer(moved ? 1 : 0);
    }

    private void copy(Call call) {
        boolean replace = false;
        int number = call.client().database();
        for (int i = 3; i < call.count(); i++) {
            if (call.is(i, "REPLACE")) {
                replace = true;
            } else if (call.is(i, "DB") && i + 1 < call.count()) {
                number = otherDatabase(call, ++i);
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        if (call.clusterEnabled() && number != 0) {
            throw COPY_IN_CLUSTER;
        }
        Database into = DatabaseNumber.database(call, number);
        if (into == call.database() && call.span(1).contentEquals(call.span(2))) {
            throw SAME_OBJECT;
        }
        call.reply().integer(copy(call, into, replace) ? 1 : 0);
    }

    /** In cluster mode, where there is one database only, every other number is refused later. */
    private static int otherDatabase(Call call, int argument) {
        int number = call.smallInteger(argument);
        if (number < 0 || !call.clusterEnabled()) {
            DatabaseNumber.checked(call, number);
        }
        return number;
    }

    private static boolean copy(Call call, Database into, boolean replace) {
        Slot target = into.slot(HashSlot.of(call.span(2)));
        boolean free = find(call, target, 2) == Slot.ABSENT;
        Slot source = call.slot(1);
        long entry = call.read(source, 1);
        if (entry == Slot.ABSENT || !(free || replace)) {
            return false;
        }
        if (!free) {
            target.remove(call.span(2), call.nowMs());
            entry = find(call, source, 1);
        }
        source.copyTo(entry, target, call.span(2), call.nowMs());
        call.changed(target, 2, COPY_TO);
        return true;
    }

    private static long find(Call call, Slot slot, int key) {
        return slot.find(call.span(key), call.nowMs());
    }
}
