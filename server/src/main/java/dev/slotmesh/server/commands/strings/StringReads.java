package dev.slotmesh.server.commands.strings;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;

/** GET, MGET, STRLEN, GETRANGE and its old name SUBSTR. */
final class StringReads {

    void bind(CommandBindings bindings) {
        bindings.bind("get", this::get)
                .bind("mget", this::mget)
                .bind("strlen", this::strlen)
                .bind("getrange", this::getRange)
                .bind("substr", this::getRange);
    }

    private void get(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STRING);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
        } else {
            call.replyValue(slot, entry);
        }
    }

    private void mget(Call call) {
        ReplyEncoder reply = call.reply();
        int count = call.count();
        reply.array(count - 1);
        for (int i = 1; i < count; i++) {
            Slot slot = call.slot(i);
            long entry = call.read(slot, i);
            if (entry == Slot.ABSENT || slot.type(entry) != KeyType.STRING) {
                reply.nullBulk();
            } else {
                call.replyValue(slot, entry);
            }
        }
    }

    private void strlen(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STRING);
        call.reply().integer(entry == Slot.ABSENT ? 0 : slot.stringLength(entry));
    }

    private void getRange(Call call) {
        long start = call.integer(2);
        long end = call.integer(3);
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STRING);
        if (entry == Slot.ABSENT || (start < 0 && end < 0 && start > end)) {
            call.reply().bulk("");
            return;
        }
        ByteSpan value = slot.stringValue(entry, call.value());
        int length = value.length();
        long first = Math.max(0, start < 0 ? start + length : start);
        long last = Math.min(length - 1L, Math.max(0, end < 0 ? end + length : end));
        if (first > last) {
            call.reply().bulk("");
        } else {
            call.replyBulk(value, (int) first, (int) (last - first + 1));
        }
    }
}
