package dev.slotmesh.keyspace.commands;

import dev.slotmesh.keyspace.RankExtent;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.packed.ScoreText;

/** Sorted sets as ZADD: scores and members in turn, in ascending order. */
final class SortedSetCommands {
    private static final int DIGITS = 24;

    private SortedSetCommands() {}

    static void write(CommandText text, ByteSpan key, Slot slot, long entry) {
        long members = SortedSets.size(slot, entry);
        long[] written = {0};
        ByteSpan name = new ByteSpan();
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            SortedRanges.forEach(slot, entry, new RankExtent(0, members), member -> {
                if (written[0] % CommandForm.ITEMS == 0) {
                    long items = Math.min(CommandForm.ITEMS, members - written[0]);
                    text.command(2 + 2 * items, "ZADD").bytes(key);
                }
                text.word(ScoreText.of(SortedMember.score(member)));
                text.bytes(SortedMember.text(member, name, digits));
                written[0]++;
            });
        }
    }
}
