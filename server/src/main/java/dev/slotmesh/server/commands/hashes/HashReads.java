package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;

/** HGET, HMGET, HEXISTS, HSTRLEN and HLEN: questions about given fields, or their number. */
final class HashReads {
    void bind(CommandBindings bindings) {
        bindings.bind("hget", this::get)
                .bind("hmget", this::getSeveral)
                .bind("hexists", this::exists)
                .bind("hstrlen", this::length)
                .bind("hlen", this::count);
    }

    private void get(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        FieldReplies.text(call, find(call, slot, entry, 2));
    }

    private void getSeveral(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            FieldReplies.text(call, find(call, slot, entry, i));
        }
    }

    private void exists(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        call.reply().integer(find(call, slot, entry, 2) == Hashes.ABSENT ? 0 : 1);
    }

    private void length(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        long value = find(call, slot, entry, 2);
        call.reply().integer(value == Hashes.ABSENT ? 0 : FieldText.length(value));
    }

    private void count(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        call.reply().integer(entry == Slot.ABSENT ? 0 : Hashes.size(slot, entry));
    }

    private static long find(Call call, Slot slot, long entry, int field) {
        return entry == Slot.ABSENT
                ? Hashes.ABSENT
                : Hashes.find(slot, entry, call.span(field), call.nowMs());
    }
}
