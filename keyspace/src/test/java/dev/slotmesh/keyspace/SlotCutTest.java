package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cuts of some slots: what they visit, what they leave alone, and what they do to the generations of all. */
final class SlotCutTest {
    private static final int CHOSEN = 5;
    private static final int OTHER = 6;

    private final SmallKeyspace keys =
            new SmallKeyspace(new KeyspaceSettings(1, true, 4, 987654321));
    private final List<String> visited = new ArrayList<>();

    @AfterEach
    void close() {
        keys.close();
    }

    private static SlotSelection only(int... slots) {
        BitSet chosen = new BitSet();
        for (int slot : slots) {
            chosen.set(slot);
        }
        return SlotSelection.of(chosen);
    }

    private SnapshotCut cut(SlotSelection slots) {
        return SnapshotCut.begin(keys.keyspace, slots, this::note, 2);
    }

    private void note(Slot slot, long entry) {
        visited.add(SmallKeyspace.text(slot.key(entry, keys.key("")))
                + "="
                + SmallKeyspace.text(slot.stringValue(entry, keys.value(""))));
    }

    private static void walk(SnapshotCut cut) {
        boolean more = true;
        while (more) {
            more = cut.visitSome(0);
        }
    }

    private void change(int slot, String key, String value) {
        keys.keyspace.freeze(keys.slot(slot), keys.key(key));
        keys.put(slot, key, value);
    }

    @Test
    void shouldVisitKeysOfItsSlotsOnly() {
        keys.put(CHOSEN, "a", "1");
        keys.put(OTHER, "b", "2");
        keys.put(100, "c", "3", SmallKeyspace.NOW + 1);

        try (SnapshotCut cut = cut(only(CHOSEN, 100))) {
            assertThat(cut.keyCount(0)).isEqualTo(2);
            assertThat(cut.expiringKeyCount(0)).isEqualTo(1);
            walk(cut);
        }

        assertThat(visited).containsExactly("a=1", "c=3");
    }

    @Test
    void shouldWriteDownChangedKeysOfItsSlotsAndNoOthers() {
        keys.put(CHOSEN, "a", "1");
        keys.put(CHOSEN, "removed", "1");
        keys.put(OTHER, "b", "2");
        keys.put(OTHER, "removed too", "2");

        try (SnapshotCut cut = cut(only(CHOSEN))) {
            change(OTHER, "b", "changed");
            keys.slot(OTHER).remove(keys.key("removed too"), SmallKeyspace.NOW);
            assertThat(visited).isEmpty();
            change(CHOSEN, "a", "changed");
            keys.slot(CHOSEN).remove(keys.key("removed"), SmallKeyspace.NOW);
            change(CHOSEN, "new", "later");
            assertThat(visited).containsExactly("a=1", "removed=1");
            walk(cut);
        }

        assertThat(visited).containsExactly("a=1", "removed=1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 62, 63, 64, 65, 127})
    void shouldNotTakeKeysForVisitedAfterManyCutsOfOtherSlots(int cuts) {
        keys.put(OTHER, "b", "2");
        for (int i = 0; i < cuts; i++) {
            keys.put(CHOSEN, "a" + i, "1");
            try (SnapshotCut cut = cut(only(CHOSEN))) {
                if (i % 3 > 0) {
                    walk(cut);
                }
            }
        }
        visited.clear();

        try (SnapshotCut cut = cut(SlotSelection.ALL)) {
            walk(cut);
        }

        assertThat(visited).hasSize(cuts + 1).doesNotHaveDuplicates().contains("b=2");
    }

    @Test
    void shouldKeepWhatIsFlushedUntilItsEnd() {
        keys.put(CHOSEN, "a", "1");
        keys.put(OTHER, "b", "2");

        try (SnapshotCut cut = cut(only(CHOSEN))) {
            assertThat(keys.database.flush()).isEqualTo(2);
            walk(cut);
        }

        assertThat(visited).containsExactly("a=1");
        keys.keyspace.remains().free(Long.MAX_VALUE);
        assertThat(keys.keyspace.memoryUse().usedBytes()).isZero();
    }

    @Test
    void shouldRefuseAChoiceOfNoSlotsOrOfOthers() {
        assertThatThrownBy(() -> only()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> only(HashSlot.SLOT_COUNT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(only(3, 16_383).isAll()).isFalse();
        assertThat(only(3, 16_383).contains(16_383)).isTrue();
        assertThat(only(3, 16_383).contains(4)).isFalse();
        assertThat(SlotSelection.ALL.contains(4)).isTrue();
    }
}
