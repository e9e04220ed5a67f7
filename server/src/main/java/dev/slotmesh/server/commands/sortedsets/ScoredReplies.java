package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.RankExtent;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;

/** Members and scores in replies. */
final class ScoredReplies {
    private ScoredReplies() {}

    /** A member as a bulk string. */
    static void member(ReplyEncoder reply, long member, ByteSpan scratch) {
        if (SortedMember.isInteger(member)) {
            reply.bulk(SortedMember.integer(member));
        } else {
            SortedMember.bytes(member, scratch);
            Call.bulk(reply, scratch);
        }
    }

    /** A member and its score, two replies. */
    static void memberAndScore(ReplyEncoder reply, long member, ByteSpan scratch) {
        member(reply, member, scratch);
        reply.doubleValue(SortedMember.score(member));
    }

    /** Begins an array of {@code count} members: with scores RESP2 has them all in one row, RESP3 in pairs. */
    static void begin(ReplyEncoder reply, long count, boolean withScores) {
        boolean flat = withScores && reply.protocol() == 2;
        reply.array(Math.toIntExact(flat ? 2 * count : count));
    }

    /** One element, or RESP2's two, of an array begun with {@link #begin}. */
    static void element(ReplyEncoder reply, long member, boolean withScores, ByteSpan scratch) {
        if (withScores && reply.protocol() == 3) {
            reply.array(2);
        }
        if (withScores) {
            memberAndScore(reply, member, scratch);
        } else {
            member(reply, member, scratch);
        }
    }

    /** The members of an extent, the highest first when descending, as one array. */
    static void range(
            ReplyEncoder reply, Slot slot, long entry, RankExtent extent, Direction direction) {
        boolean withScores = direction.withScores();
        begin(reply, extent.count(), withScores);
        ByteSpan scratch = new ByteSpan();
        int step = direction.descending() ? -1 : 1;
        long rank = direction.descending() ? extent.end() - 1 : extent.first();
        long place = 0;
        for (long i = 0; i < extent.count(); i++, rank += step) {
            place = i == 0
                    ? SortedRanges.at(slot, entry, rank)
                    : SortedRanges.step(slot, entry, place, rank, step);
            element(reply, SortedRanges.member(place), withScores, scratch);
        }
    }

    /** The members of an extent with their scores as an array of pairs, in either protocol. */
    static void pairs(
            ReplyEncoder reply, Slot slot, long entry, RankExtent extent, boolean descending) {
        reply.array(Math.toIntExact(extent.count()));
        ByteSpan scratch = new ByteSpan();
        int step = descending ? -1 : 1;
        long rank = descending ? extent.end() - 1 : extent.first();
        long place = 0;
        for (long i = 0; i < extent.count(); i++, rank += step) {
            place = i == 0
                    ? SortedRanges.at(slot, entry, rank)
                    : SortedRanges.step(slot, entry, place, rank, step);
            reply.array(2);
            memberAndScore(reply, SortedRanges.member(place), scratch);
        }
    }
}
