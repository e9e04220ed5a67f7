package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.list.ListCursor;
import dev.slotmesh.keyspace.list.Quicklist;
import dev.slotmesh.keyspace.list.QuicklistNode;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.rdb.DumpPayload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps of lists whose inner nodes are held compressed although the setting says nothing of it. */
class PackedListDumpTest {
    private static final int SLOT = 1;
    private static final int ELEMENTS = 30_000;

    @ParameterizedTest(name = "compressing {0}")
    @ValueSource(booleans = {true, false})
    void shouldRestoreWhatWasDumped(boolean compressing) {
        try (SmallKeyspace world = new SmallKeyspace();
                NativeBuffer payload = new NativeBuffer(64)) {
            long entry = list(world, "from");

            dump(world, entry, compressing, payload);
            Slot slot = world.slot(SLOT);
            assertThat(DumpPayload.isIntact(payload.span())).isTrue();
            long restored =
                    DumpPayload.restore(payload.span(), slot, world.key("to"), SmallKeyspace.NOW);

            assertThat(compressedNodes(slot, restored)).isPositive();
            requireSame(slot, slot.find(world.key("from"), SmallKeyspace.NOW), restored);
        }
    }

    @Test
    void shouldNotCompressWhereTheDumpIsNotToBe() {
        try (SmallKeyspace world = new SmallKeyspace();
                NativeBuffer payload = new NativeBuffer(64)) {
            long entry = list(world, "key");
            Slot slot = world.slot(SLOT);

            assertThat(compressedNodes(slot, entry)).isPositive();
            dump(world, entry, false, payload);
            assertThat(payload.span().length()).isGreaterThan(22 * ELEMENTS);
            assertThat(DumpPayload.valueBytes(slot, entry, true, SmallKeyspace.NOW))
                    .isLessThan(11L * ELEMENTS);
        }
    }

    private static long list(SmallKeyspace world, String key) {
        Slot slot = world.slot(SLOT);
        long entry = Lists.create(slot, world.key(key), SmallKeyspace.NOW);
        for (int i = 0; i < ELEMENTS; i++) {
            Lists.push(slot, entry, false, world.value("element:%012d".formatted(i)));
        }
        return entry;
    }

    private static void dump(
            SmallKeyspace world, long entry, boolean compressing, NativeBuffer into) {
        into.room(0);
        DumpPayload.write(into::append, world.slot(SLOT), entry, compressing, SmallKeyspace.NOW);
    }

    private static long compressedNodes(Slot slot, long entry) {
        long compressed = 0;
        long node = Quicklist.firstNode(Lists.list(slot, entry));
        for (; node != 0; node = QuicklistNode.next(node)) {
            compressed += QuicklistNode.isCompressed(node) ? 1 : 0;
        }
        return compressed;
    }

    private static void requireSame(Slot slot, long left, long right) {
        assertThat(Lists.size(slot, right)).isEqualTo(Lists.size(slot, left));
        ByteSpan one = new ByteSpan();
        ByteSpan other = new ByteSpan();
        try (ListCursor lefts = new ListCursor();
                ListCursor rights = new ListCursor()) {
            boolean more = Lists.seek(slot, left, 0, lefts) && Lists.seek(slot, right, 0, rights);
            for (int i = 0; more; i++) {
                boolean same = lefts.string(one).contentEquals(rights.string(other));
                assertThat(same).as("element %d", i).isTrue();
                more = lefts.next() && rights.next();
            }
        }
    }
}
