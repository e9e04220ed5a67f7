package dev.slotmesh.server.commands.sets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.SetRandom;
import dev.slotmesh.keyspace.Sets;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

import java.util.concurrent.ThreadLocalRandom;

/** SPOP and SRANDMEMBER. */
final class RandomMembers {
    private static final KeyEvent POPPED = KeyEvent.set("spop");
    private static final ErrorReply NOT_POSITIVE =
            new ErrorReply("ERR value is out of range, must be positive");
    private static final ErrorReply OUT_OF_RANGE =
            new ErrorReply("ERR value is out of range, value must between -9223372036854775807 and"
                    + " 9223372036854775807");

    /** Fewest bytes of a member in a reply, that of an empty one: a length line and a line end. */
    private static final int LEAST_REPLY_BYTES = 6;

    void bind(CommandBindings bindings) {
        bindings.bind("spop", this::pop).bind("srandmember", this::show);
    }

    private void pop(Call call) {
        if (call.count() > 3) {
            throw ErrorReply.SYNTAX;
        }
        boolean counted = call.count() == 3;
        long wanted = counted ? call.integer(2, NOT_POSITIVE) : 1;
        if (wanted < 0) {
            throw NOT_POSITIVE;
        }
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.SET);
        long count = entry == Slot.ABSENT ? 0 : Math.min(wanted, Sets.size(slot, entry));
        if (counted) {
            call.reply().set(Math.toIntExact(count));
        } else if (count == 0) {
            call.reply().nullBulk();
        }
        if (count == 0) {
            return;
        }
        call.alsoCounts(count - 1);
        if (count == Sets.size(slot, entry)) {
            Sets.forEach(slot, entry, member -> {
                call.replyBulk(member);
                if (!counted) {
                    propagateRemoval(call, member);
                }
            });
            slot.removeEntry(entry);
            call.changed(slot, 1, POPPED);
            call.event(slot, 1, KeyEvent.DEL);
            if (counted) {
                call.propagateAs(2).word("DEL").span(call.span(1));
            }
        } else {
            SetRandom.pop(slot, entry, count, ThreadLocalRandom.current(), member -> {
                call.replyBulk(member);
                propagateRemoval(call, member);
            });
            call.changed(slot, 1, POPPED);
        }
    }

    private static void propagateRemoval(Call call, ByteSpan member) {
        call.propagateAs(3).word("SREM").span(call.span(1)).span(member);
    }

    private void show(Call call) {
        if (call.count() > 3) {
            throw ErrorReply.SYNTAX;
        }
        if (call.count() == 3) {
            showSome(call);
            return;
        }
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.SET);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
        } else {
            SetRandom.draw(slot, entry, 1, ThreadLocalRandom.current(), call::replyBulk);
        }
    }

    /** A positive count asks for different members, a negative one for as many draws. */
    private static void showSome(Call call) {
        long wanted = call.integer(2);
        if (wanted == Long.MIN_VALUE) {
            throw OUT_OF_RANGE;
        }
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.SET);
        if (entry == Slot.ABSENT) {
            call.reply().array(0);
        } else if (wanted < 0) {
            if (-wanted > Integer.MAX_VALUE / LEAST_REPLY_BYTES) {
                throw ErrorReply.REPLY_TOO_LONG;
            }
            call.reply().array((int) -wanted);
            SetRandom.draw(slot, entry, -wanted, ThreadLocalRandom.current(), call::replyBulk);
        } else {
            long count = Math.min(wanted, Sets.size(slot, entry));
            call.reply().array(Math.toIntExact(count));
            SetRandom.sample(slot, entry, count, ThreadLocalRandom.current(), call::replyBulk);
        }
    }
}
