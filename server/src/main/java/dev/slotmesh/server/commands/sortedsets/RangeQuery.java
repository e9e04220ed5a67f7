package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.RankExtent;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/** What ZRANGE and its many kin ask for: by what, in which order, how many. */
final class RangeQuery {
    /** What the two ends of a range are. */
    enum By {
        RANK,
        SCORE,
        NAME
    }

    private static final ErrorReply LIMIT_BY_RANK = new ErrorReply("ERR syntax error, LIMIT is only"
            + " supported in combination with either BYSCORE or BYLEX");
    private static final ErrorReply SCORES_BY_NAME =
            new ErrorReply("ERR syntax error, WITHSCORES not supported in combination with BYLEX");

    private static final int ANY_BY = 1;
    private static final int ANY_ORDER = 2;
    private static final int SCORES_ALLOWED = 4;

    private By by = By.RANK;
    private boolean descending;
    private boolean withScores;
    private long offset;
    private long limit = -1;
    private long firstRank;
    private long lastRank;
    private ScoreInterval scores;
    private NameInterval names;

    private RangeQuery() {}

    /** ZRANGE: {@code min max [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]} from argument 2 on. */
    static RangeQuery any(Call call) {
        return new RangeQuery().parse(call, 2, ANY_BY | ANY_ORDER | SCORES_ALLOWED);
    }

    /** ZRANGESTORE: the same from argument 3 on, without WITHSCORES. */
    static RangeQuery stored(Call call) {
        return new RangeQuery().parse(call, 3, ANY_BY | ANY_ORDER);
    }

    /** The older commands: {@code min max [LIMIT offset count] [WITHSCORES]}, or {@code max min} when descending. */
    static RangeQuery of(Call call, By by, boolean descending) {
        RangeQuery query = new RangeQuery();
        query.by = by;
        query.descending = descending;
        return query.parse(call, 2, SCORES_ALLOWED);
    }

    Direction direction() {
        return Direction.of(descending, withScores);
    }

    /** The members asked for. */
    RankExtent find(Slot slot, long entry) {
        if (by == By.RANK) {
            return ranks(SortedSets.size(slot, entry), firstRank, lastRank, descending);
        }
        RankExtent all =
                by == By.SCORE ? scores.find(slot, entry) : names.find(slot, entry, descending);
        if (offset < 0 || offset >= all.count()) {
            return RankExtent.EMPTY;
        }
        long count = all.count() - offset;
        if (limit >= 0 && limit < count) {
            count = limit;
        }
        return new RankExtent(
                descending ? all.end() - offset - count : all.first() + offset, count);
    }

    /** The members between two ranks, both included, counted from the last when negative, or from the top. */
    static RankExtent ranks(long size, long first, long last, boolean fromTop) {
        long start = Math.max(0, first < 0 ? first + size : first);
        long end = Math.min(size - 1, last < 0 ? last + size : last);
        if (start > end) {
            return RankExtent.EMPTY;
        }
        return new RankExtent(fromTop ? size - 1 - end : start, end - start + 1);
    }

    private RangeQuery parse(Call call, int min, int allowed) {
        for (int i = min + 2; i < call.count(); i++) {
            if ((allowed & SCORES_ALLOWED) != 0 && call.is(i, "WITHSCORES")) {
                withScores = true;
            } else if (call.is(i, "LIMIT") && i + 2 < call.count()) {
                offset = call.integer(i + 1);
                limit = call.integer(i + 2);
                i += 2;
            } else if ((allowed & ANY_ORDER) != 0 && call.is(i, "REV")) {
                descending = true;
            } else if ((allowed & ANY_BY) != 0 && by == By.RANK && call.is(i, "BYLEX")) {
                by = By.NAME;
            } else if ((allowed & ANY_BY) != 0 && by == By.RANK && call.is(i, "BYSCORE")) {
                by = By.SCORE;
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        if (limit != -1 && by == By.RANK) {
            throw LIMIT_BY_RANK;
        }
        if (withScores && by == By.NAME) {
            throw SCORES_BY_NAME;
        }
        parseEnds(call, min);
        return this;
    }

    private void parseEnds(Call call, int first) {
        switch (by) {
            case RANK -> {
                firstRank = call.integer(first);
                lastRank = call.integer(first + 1);
            }
            case SCORE ->
                scores = ScoreInterval.parse(
                        call, descending ? first + 1 : first, descending ? first : first + 1);
            case NAME ->
                names = NameInterval.parse(
                        call, descending ? first + 1 : first, descending ? first : first + 1);
        }
    }
}
