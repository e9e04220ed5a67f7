package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedVisitor;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.resp.DoubleText;
import dev.slotmesh.server.commands.keys.ElementScan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;

/** ZSCAN. */
final class SortedSetScan {

    void bind(CommandBindings bindings) {
        bindings.bind("zscan", this::scan);
    }

    private void scan(Call call) {
        long position = ElementScan.cursor(call) & SortedRanges.SCAN_END - 1;
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        if (entry == Slot.ABSENT) {
            call.reply().array(2);
            call.reply().bulk(0);
            call.reply().array(0);
            return;
        }
        ElementScan scan = ElementScan.options(call);
        try (DeferredArray found = call.deferredArray();
                NativeBuffer digits = new NativeBuffer(DecimalLong.LONGEST)) {
            int[] visited = {0};
            ByteSpan name = new ByteSpan();
            SortedVisitor visitor = member -> {
                visited[0]++;
                if (scan.accepts(SortedMember.text(member, name, digits))) {
                    found.add(name);
                    addScore(found, member);
                }
            };
            while (position < SortedRanges.SCAN_END && visited[0] < scan.count()) {
                position = SortedRanges.scan(slot, entry, position, visitor);
            }
            call.reply().array(2);
            call.reply().bulk(position == SortedRanges.SCAN_END ? 0 : position);
            found.finish();
        }
    }

    /** A bulk string in either protocol; of a listpack's integer all digits. */
    private static void addScore(DeferredArray found, long member) {
        if (SortedMember.hasIntegerScore(member)) {
            found.add().bulk((long) SortedMember.score(member));
        } else {
            found.add().bulk(DoubleText.of(SortedMember.score(member)));
        }
    }
}
