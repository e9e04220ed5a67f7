package dev.slotmesh.server.commands.strings;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Strings;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** APPEND and SETRANGE: parts of values written in place. */
final class StringEdits {
    private static final ErrorReply OFFSET_OUT_OF_RANGE =
            new ErrorReply("ERR offset is out of range");

    private static final KeyEvent APPEND = KeyEvent.string("append");
    private static final KeyEvent SET_RANGE = KeyEvent.string("setrange");

    void bind(CommandBindings bindings) {
        bindings.bind("append", this::append).bind("setrange", this::setRange);
    }

    private void append(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STRING);
        call.requireStringLength(lengthOf(slot, entry), call.length(2));
        long length = Strings.append(slot, call.span(1), call.span(2), call.nowMs());
        call.changed(slot, 1, APPEND);
        call.reply().integer(length);
    }

    private void setRange(Call call) {
        long offset = call.integer(2);
        if (offset < 0) {
            throw OFFSET_OUT_OF_RANGE;
        }
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STRING);
        if (call.length(3) == 0) {
            call.reply().integer(lengthOf(slot, entry));
            return;
        }
        call.requireStringLength(offset, call.length(3));
        long length =
                Strings.setRange(slot, call.span(1), (int) offset, call.span(3), call.nowMs());
        call.changed(slot, 1, SET_RANGE);
        call.reply().integer(length);
    }

    private static int lengthOf(Slot slot, long entry) {
        return entry == Slot.ABSENT ? 0 : slot.stringLength(entry);
    }
}
