package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.ExpiryMode;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** EXPIRE, TTL and all their variants, and PERSIST. */
final class Deadlines {
    private static final long MS_PER_SECOND = 1000;
    private static final int NO_KEY = -2;

    private static final KeyEvent EXPIRE = KeyEvent.generic("expire");
    private static final KeyEvent PERSIST = KeyEvent.generic("persist");

    /** The unit of a command's time, and whether it counts from now or from 1970. */
    private enum Clock {
        SECONDS_FROM_NOW,
        MS_FROM_NOW,
        SECONDS,
        MS;

        boolean inSeconds() {
            return this == SECONDS_FROM_NOW || this == SECONDS;
        }

        boolean fromNow() {
            return this == SECONDS_FROM_NOW || this == MS_FROM_NOW;
        }
    }

    void bind(CommandBindings bindings) {
        bindings.bind("expire", call -> expire(call, Clock.SECONDS_FROM_NOW))
                .bind("pexpire", call -> expire(call, Clock.MS_FROM_NOW))
                .bind("expireat", call -> expire(call, Clock.SECONDS))
                .bind("pexpireat", call -> expire(call, Clock.MS))
                .bind("ttl", call -> tell(call, Clock.SECONDS_FROM_NOW))
                .bind("pttl", call -> tell(call, Clock.MS_FROM_NOW))
                .bind("expiretime", call -> tell(call, Clock.SECONDS))
                .bind("pexpiretime", call -> tell(call, Clock.MS))
                .bind("persist", this::persist);
    }

    private void expire(Call call, Clock clock) {
        ExpireCondition condition = ExpireCondition.parse(call, 3);
        long expireAtMs = deadline(call, clock);
        Slot slot = call.slot(1);
        long entry = slot.find(call.span(1), call.nowMs());
        if (entry == Slot.ABSENT || !condition.allows(slot.expireAt(entry), expireAtMs)) {
            call.reply().integer(0);
            return;
        }
        // Where keys past their time are kept until the DEL of another node, this one is too.
        boolean deletes = slot.expiryMode() == ExpiryMode.DELETE;
        if (deletes && expireAtMs <= call.nowMs()) {
            slot.removeEntry(entry);
            call.changed(slot, 1, KeyEvent.DEL);
            call.propagateAs(2).bytes(call.deletionOfExpired()).span(call.span(1));
        } else {
            slot.setExpireAt(entry, expireAtMs);
            call.changed(slot, 1, EXPIRE);
            propagate(call, clock, expireAtMs);
        }
        call.reply().integer(1);
    }

    /** As a moment in milliseconds, conditions and all. */
    private static void propagate(Call call, Clock clock, long expireAtMs) {
        if (clock == Clock.MS) {
            return;
        }
        CommandWriter writer = call.propagateAs(call.count())
                .word("PEXPIREAT")
                .span(call.span(1))
                .number(expireAtMs);
        for (int i = 3; i < call.count(); i++) {
            writer.span(call.span(i));
        }
    }

    /** Any number of milliseconds since 1970 within 64 bits, also a negative one: then the key is deleted. */
    private static long deadline(Call call, Clock clock) {
        long time = call.integer(2);
        if (clock.inSeconds()) {
            if (time > Long.MAX_VALUE / MS_PER_SECOND || time < Long.MIN_VALUE / MS_PER_SECOND) {
                throw invalidTime(call);
            }
            time *= MS_PER_SECOND;
        }
        if (clock.fromNow()) {
            if (time > Long.MAX_VALUE - call.nowMs()) {
                throw invalidTime(call);
            }
            time += call.nowMs();
        }
        return time;
    }

    private static ErrorReply invalidTime(Call call) {
        return new ErrorReply("ERR invalid expire time in '" + call.spec().name() + "' command");
    }

    private void tell(Call call, Clock clock) {
        Slot slot = call.slot(1);
        long entry = call.inspect(slot, 1);
        if (entry == Slot.ABSENT) {
            call.reply().integer(NO_KEY);
            return;
        }
        long expireAtMs = slot.expireAt(entry);
        if (expireAtMs == Slot.NO_EXPIRY) {
            call.reply().integer(-1);
            return;
        }
        long timeMs = clock.fromNow() ? Math.max(0, expireAtMs - call.nowMs()) : expireAtMs;
        call.reply().integer(clock.inSeconds() ? roundedSeconds(timeMs) : timeMs);
    }

    private static long roundedSeconds(long timeMs) {
        return timeMs / MS_PER_SECOND + (timeMs % MS_PER_SECOND >= MS_PER_SECOND / 2 ? 1 : 0);
    }

    private void persist(Call call) {
        Slot slot = call.slot(1);
        boolean persisted = slot.persist(call.span(1), call.nowMs());
        if (persisted) {
            call.changed(slot, 1, PERSIST);
        }
        call.reply().integer(persisted ? 1 : 0);
    }
}
