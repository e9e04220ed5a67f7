package dev.slotmesh.server.commands.strings;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Strings;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

/** APPEND and SETRANGE: parts of values written in place. */
final class StringEdits {
    private static final ErrorReply OFFSET_OUT_OF_RANGE =
            new ErrorReply("ERR offset is out of range");

    void bind(CommandBindings bindings) {
        bindings.bind("append", this::append).bind("setrange", this::setRange);
    }

    private void append(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STRING);
        call.requireStringLength(lengthOf(slot, entry), call.length(2));
        call.reply().integer(Strings.append(slot, call.span(1), call.span(2), call.nowMs()));
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
        call.reply()
                .integer(Strings.setRange(
                        slot, call.span(1), (int) offset, call.span(3), call.nowMs()));
    }

    private static int lengthOf(Slot slot, long entry) {
        return entry == Slot.ABSENT ? 0 : slot.stringLength(entry);
    }
}
