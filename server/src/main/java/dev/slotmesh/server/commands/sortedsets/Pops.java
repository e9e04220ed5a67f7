package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.RankExtent;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** ZPOPMIN, ZPOPMAX and ZMPOP. */
final class Pops {
    private static final KeyEvent LOWEST = KeyEvent.sortedSet("zpopmin");
    private static final KeyEvent HIGHEST = KeyEvent.sortedSet("zpopmax");
    private static final ErrorReply NOT_POSITIVE =
            new ErrorReply("ERR value is out of range, must be positive");

    void bind(CommandBindings bindings) {
        bindings.bind("zpopmin", call -> pop(call, false))
                .bind("zpopmax", call -> pop(call, true))
                .bind("zmpop", this::popFirstOf);
    }

    private static void pop(Call call, boolean highest) {
        if (call.count() > 3) {
            throw ErrorReply.SYNTAX;
        }
        boolean counted = call.count() == 3;
        long wanted = counted ? call.integer(2, NOT_POSITIVE) : 1;
        if (wanted < 0) {
            throw NOT_POSITIVE;
        }
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.ZSET);
        if (entry == Slot.ABSENT || wanted == 0) {
            call.reply().array(0);
            return;
        }
        RankExtent extent = extent(slot, entry, highest, wanted);
        if (counted) {
            Direction direction = Direction.of(highest, true);
            ScoredReplies.range(call.reply(), slot, entry, extent, direction);
        } else {
            call.reply().array(2);
            replyFirst(call.reply(), slot, entry, extent);
        }
        call.alsoCounts(extent.count() - 1);
        tell(call, slot, call.span(1), SortedRanges.remove(slot, entry, extent), highest);
    }

    private void popFirstOf(Call call) {
        if (!popFirstOf(call, PopRequest.parse(call, 1))) {
            call.reply().nullArray();
        }
    }

    /** Pops from the first of the keys that has members. Returns whether there was one. */
    static boolean popFirstOf(Call call, PopRequest request) {
        for (int i = 0; i < request.keyCount(); i++) {
            int argument = request.firstKey() + i;
            Slot slot = call.slot(argument);
            long entry = call.write(slot, argument, KeyType.ZSET);
            if (entry != Slot.ABSENT) {
                ByteSpan key = call.span(argument);
                long popped = Math.min(request.count(), SortedSets.size(slot, entry));
                call.alsoCounts(popped - 1);
                boolean gone = popSeveral(call.reply(), slot, key, entry, request);
                tell(call, slot, key, gone, request.highest());
                call.propagateAs(3).word(command(request.highest())).span(key).number(popped);
                return true;
            }
        }
        return false;
    }

    /** Replies with key, member and score of one member and takes it out. Returns whether the key is gone. */
    static boolean popOne(
            ReplyEncoder reply, Slot slot, ByteSpan key, long entry, boolean highest) {
        RankExtent extent = extent(slot, entry, highest, 1);
        reply.array(3);
        Call.bulk(reply, key);
        replyFirst(reply, slot, entry, extent);
        return SortedRanges.remove(slot, entry, extent);
    }

    /** Replies with the key and pairs of members and scores and takes them out. Returns whether the key is gone. */
    static boolean popSeveral(
            ReplyEncoder reply, Slot slot, ByteSpan key, long entry, PopRequest request) {
        RankExtent extent = extent(slot, entry, request.highest(), request.count());
        reply.array(2);
        Call.bulk(reply, key);
        ScoredReplies.pairs(reply, slot, entry, extent, request.highest());
        return SortedRanges.remove(slot, entry, extent);
    }

    private static RankExtent extent(Slot slot, long entry, boolean highest, long wanted) {
        long size = SortedSets.size(slot, entry);
        long count = Math.min(wanted, size);
        return new RankExtent(highest ? size - count : 0, count);
    }

    private static void replyFirst(ReplyEncoder reply, Slot slot, long entry, RankExtent extent) {
        long member = SortedRanges.member(SortedRanges.at(slot, entry, extent.first()));
        ScoredReplies.memberAndScore(reply, member, new ByteSpan());
    }

    /** The command of a pop. */
    static String command(boolean highest) {
        return highest ? "ZPOPMAX" : "ZPOPMIN";
    }

    /** The event of a pop. */
    static KeyEvent event(boolean highest) {
        return highest ? HIGHEST : LOWEST;
    }

    static void tell(Call call, Slot slot, ByteSpan key, boolean gone, boolean highest) {
        call.changed(slot, key, event(highest));
        if (gone) {
            call.event(slot, key, KeyEvent.DEL);
        }
    }
}
