package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.FieldVisitor;
import dev.slotmesh.keyspace.HashWalk;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

/** HGETALL, HKEYS and HVALS: a hash as a whole. */
final class HashLists {
    void bind(CommandBindings bindings) {
        bindings.bind("hgetall", this::all).bind("hkeys", this::names).bind("hvals", this::values);
    }

    private void all(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        if (entry == Slot.ABSENT) {
            call.reply().map(0);
            return;
        }
        HashWalk walk = new HashWalk(slot, entry, call.nowMs());
        call.reply().map(replies(walk));
        walk.forEach(name -> FieldReplies.nameAndValue(call, name));
    }

    private void names(Call call) {
        list(call, name -> FieldReplies.text(call, name));
    }

    private void values(Call call) {
        list(call, name -> FieldReplies.text(call, FieldText.valueOfName(name)));
    }

    private static void list(Call call, FieldVisitor visitor) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        if (entry == Slot.ABSENT) {
            call.reply().array(0);
            return;
        }
        HashWalk walk = new HashWalk(slot, entry, call.nowMs());
        call.reply().array(replies(walk));
        walk.forEach(visitor);
    }

    /** The number of fields, which no reply of 2 GiB could hold beyond 31 bits. */
    private static int replies(HashWalk walk) {
        long count = walk.count();
        if (count > Integer.MAX_VALUE) {
            throw ErrorReply.REPLY_TOO_LONG;
        }
        return (int) count;
    }
}
