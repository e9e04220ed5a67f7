package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.RankExtent;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

/** ZREM and ZREMRANGEBYRANK, ZREMRANGEBYSCORE, ZREMRANGEBYLEX. */
final class Removals {
    private static final KeyEvent REMOVED = KeyEvent.sortedSet("zrem");
    private static final KeyEvent BY_RANK = KeyEvent.sortedSet("zremrangebyrank");
    private static final KeyEvent BY_SCORE = KeyEvent.sortedSet("zremrangebyscore");
    private static final KeyEvent BY_NAME = KeyEvent.sortedSet("zremrangebylex");

    void bind(CommandBindings bindings) {
        bindings.bind("zrem", this::remove)
                .bind("zremrangebyrank", this::removeRanks)
                .bind("zremrangebyscore", this::removeScores)
                .bind("zremrangebylex", this::removeNames);
    }

    private void remove(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.ZSET);
        if (entry == Slot.ABSENT) {
            call.reply().integer(0);
            return;
        }
        int removed = 0;
        boolean gone = false;
        for (int i = 2; i < call.count() && !gone; i++) {
            long member = SortedSets.find(slot, entry, call.span(i));
            if (member != SortedMember.ABSENT) {
                SortedSets.remove(slot, entry, member);
                removed++;
                gone = SortedSets.removeIfEmpty(slot, entry);
            }
        }
        if (removed > 0) {
            call.changed(slot, 1, REMOVED);
            call.alsoCounts(removed - 1);
        }
        if (gone) {
            call.event(slot, 1, KeyEvent.DEL);
        }
        call.reply().integer(removed);
    }

    private void removeRanks(Call call) {
        long first = call.integer(2);
        long last = call.integer(3);
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.ZSET);
        RankExtent extent = entry == Slot.ABSENT
                ? RankExtent.EMPTY
                : RangeQuery.ranks(SortedSets.size(slot, entry), first, last, false);
        remove(call, slot, entry, extent, BY_RANK);
    }

    private void removeScores(Call call) {
        ScoreInterval interval = ScoreInterval.parse(call, 2, 3);
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.ZSET);
        RankExtent extent = entry == Slot.ABSENT ? RankExtent.EMPTY : interval.find(slot, entry);
        remove(call, slot, entry, extent, BY_SCORE);
    }

    private void removeNames(Call call) {
        NameInterval interval = NameInterval.parse(call, 2, 3);
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.ZSET);
        RankExtent extent =
                entry == Slot.ABSENT ? RankExtent.EMPTY : interval.find(slot, entry, false);
        remove(call, slot, entry, extent, BY_NAME);
    }

    private static void remove(
            Call call, Slot slot, long entry, RankExtent extent, KeyEvent event) {
        if (extent.count() > 0) {
            boolean gone = SortedRanges.remove(slot, entry, extent);
            call.changed(slot, 1, event);
            call.alsoCounts(extent.count() - 1);
            if (gone) {
                call.event(slot, 1, KeyEvent.DEL);
            }
        }
        call.reply().integer(extent.count());
    }
}
