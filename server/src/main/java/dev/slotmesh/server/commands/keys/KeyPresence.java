package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

/** DEL, UNLINK, EXISTS, TOUCH and TYPE. */
final class KeyPresence {

    void bind(CommandBindings bindings) {
        bindings.bind("del", this::delete)
                .bind("unlink", this::delete)
                .bind("exists", this::exists)
                .bind("touch", this::touch)
                .bind("type", this::type);
    }

    /** UNLINK does the same: freeing a block takes no longer than noting it for later. */
    private void delete(Call call) {
        int deleted = 0;
        for (int i = 1; i < call.count(); i++) {
            Slot slot = call.slot(i);
            if (slot.remove(call.span(i), call.nowMs())) {
                call.changed(slot, i, KeyEvent.DEL);
                deleted++;
            }
        }
        call.reply().integer(deleted);
    }

    private void exists(Call call) {
        int present = 0;
        for (int i = 1; i < call.count(); i++) {
            if (call.inspect(call.slot(i), i) != Slot.ABSENT) {
                present++;
            }
        }
        call.reply().integer(present);
    }

    private void touch(Call call) {
        int present = 0;
        for (int i = 1; i < call.count(); i++) {
            if (call.read(call.slot(i), i) != Slot.ABSENT) {
                present++;
            }
        }
        call.reply().integer(present);
    }

    private void type(Call call) {
        Slot slot = call.slot(1);
        long entry = call.inspect(slot, 1);
        call.reply()
                .simpleString(entry == Slot.ABSENT ? "none" : slot.type(entry).wireName());
    }
}
