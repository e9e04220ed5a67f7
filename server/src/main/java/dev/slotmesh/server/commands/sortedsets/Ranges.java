package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSetUnderway;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

/** ZRANGE, ZREVRANGE, their forms by score and by name, and ZRANGESTORE. */
final class Ranges {
    private static final KeyEvent STORED = KeyEvent.sortedSet("zrangestore");

    void bind(CommandBindings bindings) {
        bindings.bind("zrange", this::range)
                .bind("zrevrange", call -> reply(call, by(call, RangeQuery.By.RANK, true)))
                .bind("zrangebyscore", call -> reply(call, by(call, RangeQuery.By.SCORE, false)))
                .bind("zrevrangebyscore", call -> reply(call, by(call, RangeQuery.By.SCORE, true)))
                .bind("zrangebylex", call -> reply(call, by(call, RangeQuery.By.NAME, false)))
                .bind("zrevrangebylex", call -> reply(call, by(call, RangeQuery.By.NAME, true)))
                .bind("zrangestore", this::store);
    }

    private static RangeQuery by(Call call, RangeQuery.By by, boolean descending) {
        return RangeQuery.of(call, by, descending);
    }

    private void range(Call call) {
        reply(call, RangeQuery.any(call));
    }

    private static void reply(Call call, RangeQuery query) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        if (entry == Slot.ABSENT) {
            call.reply().array(0);
        } else {
            ScoredReplies.range(
                    call.reply(), slot, entry, query.find(slot, entry), query.direction());
        }
    }

    private void store(Call call) {
        RangeQuery query = RangeQuery.stored(call);
        Slot target = call.slot(1);
        Slot source = call.slot(2);
        long entry = call.read(source, 2, KeyType.ZSET);
        try (SortedSetUnderway found = new SortedSetUnderway(target);
                NativeBuffer digits = new NativeBuffer(DecimalLong.LONGEST)) {
            ByteSpan name = new ByteSpan();
            if (entry != Slot.ABSENT) {
                SortedRanges.forEach(
                        source,
                        entry,
                        query.find(source, entry),
                        member -> found.insert(
                                SortedMember.text(member, name, digits),
                                SortedMember.score(member)));
            }
            ScoredStores.store(call, found, STORED);
        }
    }
}
