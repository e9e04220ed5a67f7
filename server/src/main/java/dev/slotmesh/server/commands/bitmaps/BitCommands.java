package dev.slotmesh.server.commands.bitmaps;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Strings;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** SETBIT and GETBIT. */
final class BitCommands {
    private static final ErrorReply NOT_A_BIT =
            new ErrorReply("ERR bit is not an integer or out of range");

    static final KeyEvent SET_BIT = KeyEvent.string("setbit");

    void bind(CommandBindings bindings) {
        bindings.bind("setbit", this::setBit).bind("getbit", this::getBit);
    }

    private void setBit(Call call) {
        long offset = BitOffset.of(call, 2);
        long bit = call.integer(3, NOT_A_BIT);
        if (bit != 0 && bit != 1) {
            throw NOT_A_BIT;
        }
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STRING);
        boolean longer = entry == Slot.ABSENT || offset >>> 3 >= slot.stringLength(entry);
        int old = Strings.setBit(slot, call.span(1), offset, (int) bit, call.nowMs());
        if (longer || old != bit) {
            call.changed(slot, 1, SET_BIT);
        }
        call.reply().integer(old);
    }

    private void getBit(Call call) {
        long offset = BitOffset.of(call, 2);
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STRING);
        int bit = entry == Slot.ABSENT
                ? 0
                : Strings.getBit(slot.stringValue(entry, call.value()), offset);
        call.reply().integer(bit);
    }
}
