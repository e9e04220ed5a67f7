package dev.slotmesh.server.commands.strings;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

/** GETSET, GETDEL and GETEX: a value is answered and its key changed in one step. */
final class StringSwaps {

    private static final KeyEvent PERSIST = KeyEvent.generic("persist");

    void bind(CommandBindings bindings) {
        bindings.bind("getset", this::getSet)
                .bind("getdel", this::getDelete)
                .bind("getex", this::getExpire);
    }

    private void getSet(Call call) {
        Slot slot = call.slot(1);
        StringStores.replyOld(call, slot);
        slot.putString(call.span(1), call.span(2), Slot.NO_EXPIRY, call.nowMs());
        call.changed(slot, 1, StringStores.SET);
        call.propagateAs(3).word("SET").span(call.span(1)).span(call.span(2));
    }

    private void getDelete(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STRING);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
            return;
        }
        call.replyValue(slot, entry);
        slot.removeEntry(entry);
        call.changed(slot, 1, KeyEvent.DEL);
        call.propagateAs(2).word("DEL").span(call.span(1));
    }

    private void getExpire(Call call) {
        StringOptions options = StringOptions.parse(call, 2, StringOptions.Words.GETEX);
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STRING);
        if (entry == Slot.ABSENT) {
            // The time is not even looked at: Redis answers so for an absent key.
            call.reply().nullBulk();
            return;
        }
        ExpiryOption expiry = options.expiry();
        long expireAtMs =
                expiry.hasTime() ? expiry.deadline(call, options.timeArgument()) : Slot.NO_EXPIRY;
        call.replyValue(slot, entry);
        if (expiry.hasTime() && expireAtMs - call.nowMs() <= 0) {
            slot.removeEntry(entry);
            call.changed(slot, 1, KeyEvent.DEL);
            call.propagateAs(2).bytes(call.deletionOfExpired()).span(call.span(1));
        } else if (expiry.hasTime()) {
            slot.setExpireAt(entry, expireAtMs);
            call.changed(slot, 1, StringStores.EXPIRE);
            call.propagateAs(3).word("PEXPIREAT").span(call.span(1)).number(expireAtMs);
        } else if (expiry == ExpiryOption.PERSIST && slot.expireAt(entry) != Slot.NO_EXPIRY) {
            slot.setExpireAt(entry, Slot.NO_EXPIRY);
            call.changed(slot, 1, PERSIST);
            call.propagateAs(2).word("PERSIST").span(call.span(1));
        }
    }
}
