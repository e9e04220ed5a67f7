package dev.slotmesh.server.commands.strings;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

/** SET, SETNX, SETEX, PSETEX, MSET and MSETNX: whole values stored under keys. */
final class StringStores {
    private static final int PLAIN_SET_ARGUMENTS = 3;

    static final KeyEvent SET = KeyEvent.string("set");
    static final KeyEvent EXPIRE = KeyEvent.generic("expire");

    void bind(CommandBindings bindings) {
        bindings.bind("set", this::set)
                .bind("setnx", this::setIfAbsent)
                .bind("setex", call -> setWithTime(call, ExpiryOption.EX))
                .bind("psetex", call -> setWithTime(call, ExpiryOption.PX))
                .bind("mset", this::mset)
                .bind("msetnx", this::msetIfAbsent);
    }

    private void set(Call call) {
        if (call.count() == PLAIN_SET_ARGUMENTS) {
            Slot slot = call.slot(1);
            slot.putString(call.span(1), call.span(2), Slot.NO_EXPIRY, call.nowMs());
            call.changed(slot, 1, SET);
            call.reply().ok();
        } else {
            setWithOptions(call);
        }
    }

    private void setWithOptions(Call call) {
        StringOptions options =
                StringOptions.parse(call, PLAIN_SET_ARGUMENTS, StringOptions.Words.SET);
        long expireAtMs = expireAt(call, options);
        Slot slot = call.slot(1);
        boolean present = options.returnOld()
                ? replyOld(call, slot)
                : slot.find(call.span(1), call.nowMs()) != Slot.ABSENT;
        if (present ? options.onlyIfAbsent() : options.onlyIfPresent()) {
            if (!options.returnOld()) {
                call.reply().nullBulk();
            }
            return;
        }
        slot.putString(call.span(1), call.span(2), expireAtMs, call.nowMs());
        call.changed(slot, 1, SET);
        if (options.expiry().hasTime()) {
            call.event(slot, 1, EXPIRE);
            propagateWithTime(call, 2, expireAtMs);
        } else if (options.returnOld()) {
            propagateWithoutGet(call);
        }
        if (!options.returnOld()) {
            call.reply().ok();
        }
    }

    private static void propagateWithTime(Call call, int value, long expireAtMs) {
        call.propagateAs(5)
                .word("SET")
                .span(call.span(1))
                .span(call.span(value))
                .word("PXAT")
                .number(expireAtMs);
    }

    private static void propagateWithoutGet(Call call) {
        int words = call.count();
        for (int i = PLAIN_SET_ARGUMENTS; i < call.count(); i++) {
            words -= call.is(i, "GET") ? 1 : 0;
        }
        CommandWriter writer = call.propagateAs(words);
        for (int i = 0; i < call.count(); i++) {
            if (i < PLAIN_SET_ARGUMENTS || !call.is(i, "GET")) {
                writer.span(call.span(i));
            }
        }
    }

    private static long expireAt(Call call, StringOptions options) {
        if (options.expiry().hasTime()) {
            return options.expiry().deadline(call, options.timeArgument());
        }
        return options.expiry() == ExpiryOption.KEEPTTL ? Slot.KEEP_EXPIRY : Slot.NO_EXPIRY;
    }

    /** Replies with the value of the key at argument 1; returns whether there is one. */
    static boolean replyOld(Call call, Slot slot) {
        long entry = call.read(slot, 1, KeyType.STRING);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
            return false;
        }
        call.replyValue(slot, entry);
        return true;
    }

    private void setIfAbsent(Call call) {
        Slot slot = call.slot(1);
        boolean absent = slot.find(call.span(1), call.nowMs()) == Slot.ABSENT;
        if (absent) {
            slot.putString(call.span(1), call.span(2), Slot.NO_EXPIRY, call.nowMs());
            call.changed(slot, 1, SET);
        }
        call.reply().integer(absent ? 1 : 0);
    }

    private void setWithTime(Call call, ExpiryOption unit) {
        long expireAtMs = unit.deadline(call, 2);
        Slot slot = call.slot(1);
        slot.putString(call.span(1), call.span(3), expireAtMs, call.nowMs());
        call.changed(slot, 1, SET);
        call.event(slot, 1, EXPIRE);
        propagateWithTime(call, 3, expireAtMs);
        call.reply().ok();
    }

    private void mset(Call call) {
        requirePairs(call);
        putPairs(call);
        call.reply().ok();
    }

    private void msetIfAbsent(Call call) {
        requirePairs(call);
        for (int i = 1; i < call.count(); i += 2) {
            if (call.slot(i).find(call.span(i), call.nowMs()) != Slot.ABSENT) {
                call.reply().integer(0);
                return;
            }
        }
        putPairs(call);
        call.reply().integer(1);
    }

    private static void requirePairs(Call call) {
        if (call.count() % 2 == 0) {
            throw call.wrongArity();
        }
    }

    private static void putPairs(Call call) {
        for (int i = 1; i < call.count(); i += 2) {
            Slot slot = call.slot(i);
            slot.putString(call.span(i), call.span(i + 1), Slot.NO_EXPIRY, call.nowMs());
            call.changed(slot, i, SET);
        }
    }
}
