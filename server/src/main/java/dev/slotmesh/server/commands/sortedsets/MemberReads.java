package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;

/** ZCARD, ZSCORE, ZMSCORE, ZRANK, ZREVRANK, ZCOUNT and ZLEXCOUNT: numbers about members. */
final class MemberReads {

    void bind(CommandBindings bindings) {
        bindings.bind("zcard", this::size)
                .bind("zscore", this::score)
                .bind("zmscore", this::scores)
                .bind("zrank", call -> rank(call, false))
                .bind("zrevrank", call -> rank(call, true))
                .bind("zcount", this::countScores)
                .bind("zlexcount", this::countNames);
    }

    private void size(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        call.reply().integer(entry == Slot.ABSENT ? 0 : SortedSets.size(slot, entry));
    }

    private void score(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        replyScore(call, slot, entry, 2);
    }

    private void scores(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            replyScore(call, slot, entry, i);
        }
    }

    private static void replyScore(Call call, Slot slot, long entry, int argument) {
        long member = find(call, slot, entry, argument);
        if (member == SortedMember.ABSENT) {
            call.reply().nullBulk();
        } else {
            call.reply().doubleValue(SortedMember.score(member));
        }
    }

    private static long find(Call call, Slot slot, long entry, int argument) {
        return entry == Slot.ABSENT
                ? SortedMember.ABSENT
                : SortedSets.find(slot, entry, call.span(argument));
    }

    /** WITHSCORE is 7.2's; any other argument more is answered as 7.0 does. */
    private static void rank(Call call, boolean fromTop) {
        boolean withScore = call.count() == 4 && call.is(3, "WITHSCORE");
        if (call.count() > 3 && !withScore) {
            throw call.wrongArity();
        }
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        long member = find(call, slot, entry, 2);
        ReplyEncoder reply = call.reply();
        if (member == SortedMember.ABSENT) {
            if (withScore) {
                reply.nullArray();
            } else {
                reply.nullBulk();
            }
            return;
        }
        long rank = SortedRanges.rank(slot, entry, member);
        long shown = fromTop ? SortedSets.size(slot, entry) - 1 - rank : rank;
        if (withScore) {
            reply.array(2);
        }
        reply.integer(shown);
        if (withScore) {
            reply.doubleValue(SortedMember.score(member));
        }
    }

    private void countScores(Call call) {
        ScoreInterval interval = ScoreInterval.parse(call, 2, 3);
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        call.reply()
                .integer(entry == Slot.ABSENT ? 0 : interval.find(slot, entry).count());
    }

    private void countNames(Call call) {
        NameInterval interval = NameInterval.parse(call, 2, 3);
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        call.reply()
                .integer(
                        entry == Slot.ABSENT
                                ? 0
                                : interval.find(slot, entry, false).count());
    }
}
