package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** ZADD and ZINCRBY. Options are bits of an int, and nothing is allocated on the way of a plain ZADD. */
final class Additions {
    private static final KeyEvent ADDED = KeyEvent.sortedSet("zadd");
    private static final KeyEvent INCREMENTED = KeyEvent.sortedSet("zincr");
    private static final ErrorReply NOT_A_NUMBER =
            new ErrorReply("ERR resulting score is not a number (NaN)");
    private static final ErrorReply XX_AND_NX =
            new ErrorReply("ERR XX and NX options at the same time are not compatible");
    private static final ErrorReply GT_LT_NX =
            new ErrorReply("ERR GT, LT, and/or NX options at the same time are not compatible");
    private static final ErrorReply ONE_PAIR =
            new ErrorReply("ERR INCR option supports a single increment-element pair");

    private static final int NX = 1;
    private static final int XX = 2;
    private static final int GT = 4;
    private static final int LT = 8;
    private static final int CH = 16;
    private static final int INCR = 32;

    private static final int FIRST_OPTION = 2;

    void bind(CommandBindings bindings) {
        bindings.bind("zadd", call -> add(call, 0)).bind("zincrby", call -> add(call, INCR));
    }

    private static void add(Call call, int fixedOptions) {
        int options = fixedOptions;
        int first = FIRST_OPTION;
        for (int option; first < call.count() && (option = option(call, first)) != 0; first++) {
            options |= option;
        }
        check(call, options, first);
        int count = call.count();
        double score = score(call, first);
        for (int i = first + 2; i < count; i += 2) {
            score(call, i);
        }
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.ZSET);
        if (entry == Slot.ABSENT) {
            if ((options & XX) != 0) {
                replyUnchanged(call, options);
                return;
            }
            entry = SortedSets.create(slot, call.span(1), call.nowMs());
        }
        if ((options & INCR) != 0) {
            increment(call, slot, entry, options, first);
            return;
        }
        int added = 0;
        int changed = 0;
        for (int i = first; i < count; i += 2) {
            if (i > first) {
                score = score(call, i);
            }
            ByteSpan name = call.span(i + 1);
            long member = SortedSets.find(slot, entry, name);
            if (member == SortedMember.ABSENT) {
                if ((options & XX) == 0) {
                    SortedSets.insert(slot, entry, name, score);
                    added++;
                }
            } else if (isWanted(options, SortedMember.score(member), score)) {
                SortedSets.update(slot, entry, member, name, score);
                changed++;
            }
        }
        if (added + changed > 0) {
            call.changed(slot, 1, ADDED);
            call.alsoCounts(added + changed - 1);
        }
        call.reply().integer((options & CH) != 0 ? added + changed : added);
    }

    private static int option(Call call, int i) {
        if (call.length(i) == 2) {
            if (call.is(i, "NX")) {
                return NX;
            }
            if (call.is(i, "XX")) {
                return XX;
            }
            if (call.is(i, "GT")) {
                return GT;
            }
            if (call.is(i, "LT")) {
                return LT;
            }
            return call.is(i, "CH") ? CH : 0;
        }
        return call.length(i) == 4 && call.is(i, "INCR") ? INCR : 0;
    }

    private static void check(Call call, int options, int first) {
        int rest = call.count() - first;
        if (rest == 0 || rest % 2 != 0) {
            throw ErrorReply.SYNTAX;
        }
        if ((options & (NX | XX)) == (NX | XX)) {
            throw XX_AND_NX;
        }
        if (Integer.bitCount(options & (NX | GT | LT)) > 1) {
            throw GT_LT_NX;
        }
        if ((options & INCR) != 0 && rest > 2) {
            throw ONE_PAIR;
        }
    }

    private static double score(Call call, int i) {
        double score = Scores.strict(call.span(i));
        if (Double.isNaN(score)) {
            throw ErrorReply.NOT_A_FLOAT;
        }
        return score;
    }

    /** Whether a member gets this score for the one it has. */
    private static boolean isWanted(int options, double present, double score) {
        return (options & NX) == 0
                && score != present
                && ((options & GT) == 0 || score > present)
                && ((options & LT) == 0 || score < present);
    }

    private static void increment(Call call, Slot slot, long entry, int options, int first) {
        ByteSpan name = call.span(first + 1);
        double score = score(call, first);
        long member = SortedSets.find(slot, entry, name);
        if (member == SortedMember.ABSENT) {
            if ((options & XX) != 0) {
                replyUnchanged(call, options);
                return;
            }
            SortedSets.insert(slot, entry, name, score);
            call.changed(slot, 1, INCREMENTED);
            call.reply().doubleValue(score);
            return;
        }
        double present = SortedMember.score(member);
        double sum = present + score;
        if ((options & NX) != 0) {
            replyUnchanged(call, options);
            return;
        }
        if (Double.isNaN(sum)) {
            throw NOT_A_NUMBER;
        }
        if (((options & LT) != 0 && sum >= present) || ((options & GT) != 0 && sum <= present)) {
            replyUnchanged(call, options);
            return;
        }
        if (sum != present) {
            SortedSets.update(slot, entry, member, name, sum);
            call.changed(slot, 1, INCREMENTED);
        }
        call.reply().doubleValue(sum);
    }

    private static void replyUnchanged(Call call, int options) {
        if ((options & INCR) != 0) {
            call.reply().nullBulk();
        } else {
            call.reply().integer(0);
        }
    }
}
