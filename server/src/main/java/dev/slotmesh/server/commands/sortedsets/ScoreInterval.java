package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.RankExtent;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * A range of scores as commands write it: two numbers, each with a {@code (} before it when it is itself outside.
 *
 * @param min not NaN, as {@code max}
 */
record ScoreInterval(double min, boolean minExclusive, double max, boolean maxExclusive) {
    private static final ErrorReply NOT_A_RANGE = new ErrorReply("ERR min or max is not a float");

    /**
     * The range between two arguments.
     *
     * @throws ErrorReply {@code min or max is not a float}
     */
    static ScoreInterval parse(Call call, int min, int max) {
        boolean minExclusive = isExclusive(call.span(min));
        double low = bound(call.span(min), minExclusive);
        boolean maxExclusive = isExclusive(call.span(max));
        return new ScoreInterval(
                low, minExclusive, bound(call.span(max), maxExclusive), maxExclusive);
    }

    /** The members whose scores are in it. */
    RankExtent find(Slot slot, long entry) {
        return RankExtent.between(
                SortedRanges.countBelow(slot, entry, min, minExclusive),
                SortedRanges.countBelow(slot, entry, max, !maxExclusive));
    }

    private static boolean isExclusive(ByteSpan text) {
        return text.length() > 0 && text.byteAt(0) == '(';
    }

    private static double bound(ByteSpan text, boolean exclusive) {
        double number = Scores.loose(text, exclusive ? 1 : 0);
        if (Double.isNaN(number)) {
            throw NOT_A_RANGE;
        }
        return number;
    }
}
