package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * What a client asks of CLUSTER SLOT-STATS.
 *
 * @param first the lowest slot wanted, 0..16383
 * @param last the highest
 * @param order what the slots are sorted by, or null for their numbers
 * @param descending whether the greatest comes first
 * @param limit how many slots at most, 1 or more
 */
record SlotStatsQuery(int first, int last, SlotMetric order, boolean descending, int limit) {
    private static final ErrorReply UNKNOWN_METRIC =
            new ErrorReply("ERR Unrecognized sort metric for ORDERBY.");
    private static final ErrorReply REPEATED =
            new ErrorReply("ERR Multiple filters of the same type are disallowed.");
    private static final ErrorReply LIMIT_OUT_OF_RANGE = new ErrorReply(
            "ERR Limit has to lie in" + " between 1 and 16384 (maximum number of slots).");
    private static final int OPTIONS = 4;

    /**
     * @param counted whether there is more than the number of keys
     * @throws ErrorReply when it cannot be understood
     */
    static SlotStatsQuery parse(Call call, boolean counted) {
        if (call.is(2, "SLOTSRANGE") && call.count() == 5) {
            return range(call);
        }
        if (call.is(2, "ORDERBY")) {
            return ordered(call, counted);
        }
        throw new ErrorReply("ERR unknown subcommand or wrong number of arguments for '"
                + call.text(1) + "'. Try CLUSTER HELP.");
    }

    private static SlotStatsQuery range(Call call) {
        int first = SlotArguments.slot(call, 3);
        int last = SlotArguments.slot(call, 4);
        if (first > last) {
            throw new ErrorReply(
                    "ERR Start slot number " + first + " is greater than end slot number " + last);
        }
        return new SlotStatsQuery(first, last, null, false, HashSlot.SLOT_COUNT);
    }

    private static SlotStatsQuery ordered(Call call, boolean counted) {
        SlotMetric order = SlotMetric.named(call, 3);
        if (order == null || order != SlotMetric.KEY_COUNT && !counted) {
            throw UNKNOWN_METRIC;
        }
        boolean descending = true;
        int limit = HashSlot.SLOT_COUNT;
        int directions = 0;
        int limits = 0;
        int i = OPTIONS;
        while (i < call.count()) {
            if (call.is(i, "ASC") || call.is(i, "DESC")) {
                descending = call.is(i, "DESC");
                directions++;
                i++;
            } else if (call.is(i, "LIMIT") && i + 1 < call.count()) {
                limit = limit(call, i + 1);
                limits++;
                i += 2;
            } else {
                throw ErrorReply.SYNTAX;
            }
            if (directions > 1 || limits > 1) {
                throw REPEATED;
            }
        }
        return new SlotStatsQuery(0, HashSlot.SLOT_COUNT - 1, order, descending, limit);
    }

    private static int limit(Call call, int argument) {
        if (!call.span(argument).isLong()) {
            throw LIMIT_OUT_OF_RANGE;
        }
        long limit = call.span(argument).parseLong();
        if (limit < 1 || limit > HashSlot.SLOT_COUNT) {
            throw LIMIT_OUT_OF_RANGE;
        }
        return (int) limit;
    }
}
