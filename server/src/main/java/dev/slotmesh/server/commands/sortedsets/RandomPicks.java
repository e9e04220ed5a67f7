package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.RankExtent;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** ZRANDMEMBER. */
final class RandomPicks {
    private static final ErrorReply NOT_A_COUNT =
            new ErrorReply("ERR value is out of range, value must between -9223372036854775807 and"
                    + " 9223372036854775807");
    private static final ErrorReply OUT_OF_RANGE = new ErrorReply("ERR value is out of range");

    /** Fewest bytes of a member in a reply, that of an empty one: a length line and a line end. */
    private static final int LEAST_REPLY_BYTES = 6;

    /** Up to this part of a set, members are drawn again when they were drawn before; beyond it the others are drawn. */
    private static final int SMALL_PART = 3;

    void bind(CommandBindings bindings) {
        bindings.bind("zrandmember", this::pick);
    }

    private void pick(Call call) {
        if (call.count() > 2) {
            pickSome(call);
            return;
        }
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
        } else {
            long member = SortedRanges.random(slot, entry, ThreadLocalRandom.current());
            ScoredReplies.member(call.reply(), member, call.value());
        }
    }

    private static void pickSome(Call call) {
        long wanted = call.integer(2);
        if (wanted == Long.MIN_VALUE) {
            throw NOT_A_COUNT;
        }
        boolean withScores = call.count() == 4 && call.is(3, "WITHSCORES");
        if (call.count() > 3 && !withScores) {
            throw ErrorReply.SYNTAX;
        }
        if (withScores && (wanted < -Long.MAX_VALUE / 2 || wanted > Long.MAX_VALUE / 2)) {
            throw OUT_OF_RANGE;
        }
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        if (entry == Slot.ABSENT || wanted == 0) {
            call.reply().array(0);
        } else if (wanted < 0) {
            draw(call, slot, entry, -wanted, withScores);
        } else if (wanted >= SortedSets.size(slot, entry)) {
            RankExtent all = new RankExtent(0, SortedSets.size(slot, entry));
            ScoredReplies.range(call.reply(), slot, entry, all, Direction.of(false, withScores));
        } else {
            sample(call, slot, entry, wanted, withScores);
        }
    }

    private static void draw(Call call, Slot slot, long entry, long count, boolean withScores) {
        if (count > Integer.MAX_VALUE / (2 * LEAST_REPLY_BYTES)) {
            throw ErrorReply.REPLY_TOO_LONG;
        }
        ScoredReplies.begin(call.reply(), count, withScores);
        for (long i = 0; i < count; i++) {
            long member = SortedRanges.random(slot, entry, ThreadLocalRandom.current());
            ScoredReplies.element(call.reply(), member, withScores, call.value());
        }
    }

    /** Different members, fewer than there are. */
    private static void sample(Call call, Slot slot, long entry, long count, boolean withScores) {
        long size = SortedSets.size(slot, entry);
        ScoredReplies.begin(call.reply(), count, withScores);
        boolean exclude = count > size / SMALL_PART;
        Set<Long> drawn = differentRanks(exclude ? size - count : count, size);
        if (exclude) {
            for (long rank = 0; rank < size; rank++) {
                if (!drawn.contains(rank)) {
                    reply(call, slot, entry, rank, withScores);
                }
            }
        } else {
            drawn.forEach(rank -> reply(call, slot, entry, rank, withScores));
        }
    }

    private static void reply(Call call, Slot slot, long entry, long rank, boolean withScores) {
        long member = SortedRanges.member(SortedRanges.at(slot, entry, rank));
        ScoredReplies.element(call.reply(), member, withScores, call.value());
    }

    private static Set<Long> differentRanks(long count, long size) {
        Set<Long> ranks = new HashSet<>();
        while (ranks.size() < count) {
            ranks.add(ThreadLocalRandom.current().nextLong(size));
        }
        return ranks;
    }
}
