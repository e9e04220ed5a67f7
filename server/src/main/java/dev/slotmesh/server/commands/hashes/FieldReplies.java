package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.server.session.Call;

/** Names and values of fields as replies. */
final class FieldReplies {
    private FieldReplies() {}

    /** Replies with a text, or null for {@link Hashes#ABSENT}. */
    static void text(Call call, long text) {
        if (text == Hashes.ABSENT) {
            call.reply().nullBulk();
        } else if (FieldText.isInteger(text)) {
            call.reply().bulk(FieldText.integer(text));
        } else {
            call.replyBulk(FieldText.bytes(text, call.value()));
        }
    }

    /** Replies with a field's name and, as a second reply, its value. */
    static void nameAndValue(Call call, long name) {
        text(call, name);
        text(call, FieldText.valueOfName(name));
    }
}
