package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.keyspace.FieldVisitor;
import dev.slotmesh.keyspace.HashWalk;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.util.concurrent.ThreadLocalRandom;

/** HRANDFIELD: fields picked at random. */
final class HashPicks {
    private static final ErrorReply OUT_OF_RANGE = new ErrorReply("ERR value is out of range");
    private static final ErrorReply COUNT_OUT_OF_RANGE =
            new ErrorReply("ERR value is out of range, value must between -9223372036854775807 and "
                    + "9223372036854775807");

    void bind(CommandBindings bindings) {
        bindings.bind("hrandfield", this::pick);
    }

    private void pick(Call call) {
        if (call.count() == 2) {
            pickOne(call);
            return;
        }
        long count = call.integer(2);
        if (count == Long.MIN_VALUE) {
            throw COUNT_OUT_OF_RANGE;
        }
        boolean withValues = call.count() > 3;
        if (call.count() > 4 || (withValues && !call.is(3, "WITHVALUES"))) {
            throw ErrorReply.SYNTAX;
        }
        if (withValues && Math.abs(count) > Long.MAX_VALUE / 2) {
            throw OUT_OF_RANGE;
        }
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        if (entry == Slot.ABSENT || count == 0) {
            call.reply().array(0);
        } else if (count > 0) {
            pickDifferent(call, new HashWalk(slot, entry, call.nowMs()), count, withValues);
        } else {
            pickAny(call, new HashWalk(slot, entry, call.nowMs()), -count, withValues);
        }
    }

    private static void pickOne(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        FieldReplies.text(
                call,
                entry == Slot.ABSENT
                        ? Hashes.ABSENT
                        : new HashWalk(slot, entry, call.nowMs())
                                .random(ThreadLocalRandom.current()));
    }

    private static void pickDifferent(Call call, HashWalk walk, long count, boolean withValues) {
        head(call, Math.min(count, walk.count()), withValues);
        walk.sample(count, ThreadLocalRandom.current(), writer(call, withValues));
    }

    private static void pickAny(Call call, HashWalk walk, long count, boolean withValues) {
        FieldVisitor writer = writer(call, withValues);
        long first = walk.random(ThreadLocalRandom.current());
        if (first == Hashes.ABSENT) {
            call.reply().array(0);
            return;
        }
        head(call, count, withValues);
        writer.visit(first);
        for (long i = 1; i < count; i++) {
            writer.visit(walk.random(ThreadLocalRandom.current()));
        }
    }

    private static void head(Call call, long count, boolean withValues) {
        boolean flat = withValues && call.reply().protocol() == 2;
        long replies = flat ? 2 * count : count;
        if (replies > Integer.MAX_VALUE) {
            throw ErrorReply.REPLY_TOO_LONG;
        }
        call.reply().array((int) replies);
    }

    private static FieldVisitor writer(Call call, boolean withValues) {
        ReplyEncoder reply = call.reply();
        if (!withValues) {
            return name -> FieldReplies.text(call, name);
        }
        return name -> {
            if (reply.protocol() == 3) {
                reply.array(2);
            }
            FieldReplies.nameAndValue(call, name);
        };
    }
}
