package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.stream.EntryCursor;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.keyspace.stream.Pending;
import dev.slotmesh.keyspace.stream.PendingCursor;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;
import dev.slotmesh.server.session.ErrorReply;

import java.util.ArrayList;
import java.util.List;

/** XCLAIM and XAUTOCLAIM. */
final class ClaimCommands {
    private static final ErrorReply BAD_CLAIM_IDLE =
            new ErrorReply("ERR Invalid min-idle-time argument for XCLAIM");
    private static final ErrorReply BAD_AUTOCLAIM_IDLE =
            new ErrorReply("ERR Invalid min-idle-time argument for XAUTOCLAIM");
    private static final ErrorReply BAD_COUNT = new ErrorReply("ERR COUNT must be > 0");
    private static final int CONSUMER = 3;
    private static final int MIN_IDLE = 4;
    private static final int START = 5;
    private static final int DEFAULT_COUNT = 100;
    private static final long MOST_COUNT = Long.MAX_VALUE / 16;
    private static final int LOOKED_AT_FACTOR = 10;

    void bind(CommandBindings bindings) {
        bindings.bind("xclaim", this::claim).bind("xautoclaim", this::claimAll);
    }

    private void claim(Call call) {
        GroupPlace place = require(call);
        long minIdleMs = Math.max(0, call.integer(MIN_IDLE, BAD_CLAIM_IDLE));
        ClaimOptions options = ClaimOptions.parse(call);
        call.propagateNothing();
        StreamId last = options.lastId();
        boolean raised = Groups.lastId(place.group()).isBefore(last);
        if (raised) {
            Groups.lastId(place.group(), last.ms(), last.seq());
            call.changedUnwatched(place.slot(), 1, null);
        }
        try (DeferredArray claimed = call.deferredArray()) {
            Claiming claiming = new Claiming(call, place, options, claimed);
            int argument = ClaimOptions.FIRST_ID;
            for (StreamId id : options.ids()) {
                claiming.claim(id, minIdleMs, call.span(argument++));
            }
            claimed.finish();
            if (raised && !claiming.hasTold()) {
                claiming.telling.raised(place);
            }
        }
    }

    private void claimAll(Call call) {
        long minIdleMs = Math.max(0, call.integer(MIN_IDLE, BAD_AUTOCLAIM_IDLE));
        StreamId start = IdArgument.start(call, START);
        long count = DEFAULT_COUNT;
        boolean justId = false;
        for (int i = START + 1; i < call.count(); i++) {
            if (i + 1 < call.count() && call.is(i, "COUNT")) {
                count = count(call, ++i);
            } else if (call.is(i, "JUSTID")) {
                justId = true;
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        GroupPlace place = require(call);
        call.propagateNothing();
        PendingCursor cursor = PendingCursor.ofGroup(place.group(), start);
        List<StreamId> deleted = new ArrayList<>();
        try (DeferredArray claimed = call.deferredArray()) {
            Claiming claiming =
                    new Claiming(call, place, ClaimOptions.automatic(call, justId), claimed);
            long looks = count * LOOKED_AT_FACTOR;
            boolean more = true;
            while (looks-- > 0 && claimed.count() + deleted.size() < count) {
                more = cursor.next();
                if (!more) {
                    break;
                }
                StreamId id = cursor.id();
                if (!claiming.claim(id, minIdleMs, null)) {
                    deleted.add(id);
                }
            }
            ReplyEncoder reply = call.reply();
            reply.array(3);
            IdArgument.reply(reply, more && cursor.next() ? cursor.id() : StreamId.MIN);
            claimed.finish();
            reply.array(deleted.size());
            deleted.forEach(id -> IdArgument.reply(reply, id));
        }
    }

    private static long count(Call call, int argument) {
        long count = call.integer(argument, BAD_COUNT);
        if (count < 1 || count > MOST_COUNT) {
            throw BAD_COUNT;
        }
        return count;
    }

    private static GroupPlace require(Call call) {
        GroupPlace place = GroupPlace.toRead(call, 1, 2);
        if (place.isAbsent()) {
            throw GroupPlace.noKeyOrGroup(call, 1, 2, "");
        }
        return place;
    }

    /** One command's claiming; the consumer is made with the first entry it gets. */
    private static final class Claiming {
        private final Call call;
        private final GroupPlace place;
        private final ClaimOptions options;
        private final DeferredArray claimed;
        private final GroupTelling telling;
        private final EntryCursor cursor = new EntryCursor();
        private boolean told;
        private long consumer;

        Claiming(Call call, GroupPlace place, ClaimOptions options, DeferredArray claimed) {
            this.call = call;
            this.place = place;
            this.options = options;
            this.claimed = claimed;
            this.telling = new GroupTelling(call::propagateAs, call.span(1), call.span(2));
        }

        /** Whether replicas were told of any entry. */
        boolean hasTold() {
            return told;
        }

        private void tell(long pending, StreamId id, ByteSpan writtenOrNull) {
            told = true;
            if (writtenOrNull == null) {
                telling.claimed(place, pending, id.ms(), id.seq());
            } else {
                telling.claimed(place, pending, writtenOrNull);
            }
        }

        /**
         * Claims an ID if it may be. Returns false when its entry is gone; then it is not pending any more either.
         *
         * @param writtenOrNull the ID as the request has it
         */
        boolean claim(StreamId id, long minIdleMs, ByteSpan writtenOrNull) {
            long group = place.group();
            long entry = Pending.find(group, id.ms(), id.seq());
            if (!cursor.forward(place.stream(), id, id).next()) {
                if (entry != 0) {
                    tell(entry, id, writtenOrNull);
                    Pending.remove(place.stripe(), group, id.ms(), id.seq());
                    call.changedUnwatched(place.slot(), 1, null);
                }
                return false;
            }
            if (entry == 0) {
                if (options.force()) {
                    long added = Pending.add(place.stripe(), group, consumer(), id.ms(), id.seq());
                    Pending.deliveryCount(added, 1);
                    deliver(added);
                    tell(added, id, writtenOrNull);
                }
                return true;
            }
            if (minIdleMs == 0 || call.nowMs() - Pending.deliveryTime(entry) >= minIdleMs) {
                Pending.assign(place.stripe(), entry, consumer());
                deliver(entry);
                tell(entry, id, writtenOrNull);
            }
            return true;
        }

        private long consumer() {
            if (consumer == 0) {
                consumer = place.consumer(call, 1, CONSUMER);
            }
            return consumer;
        }

        private void deliver(long entry) {
            Pending.deliveryTime(entry, options.deliveryTimeMs());
            if (options.retryCount() >= 0) {
                Pending.deliveryCount(entry, options.retryCount());
            } else if (!options.justId()) {
                Pending.deliveryCount(entry, Pending.deliveryCount(entry) + 1);
            }
            ReplyEncoder reply = claimed.add();
            if (options.justId()) {
                IdArgument.reply(reply, cursor.ms(), cursor.seq());
            } else {
                new EntryReplies(reply).entry(cursor);
            }
            call.changedUnwatched(place.slot(), 1, null);
        }
    }
}
