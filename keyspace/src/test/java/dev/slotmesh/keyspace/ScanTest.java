package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScanTest {
    private final SmallKeyspace small = new SmallKeyspace();
    private final ByteSpan span = new ByteSpan();

    @AfterEach
    void close() {
        small.close();
    }

    @Test
    void shouldVisitEachKeyOfAQuietDatabaseOnce() {
        for (int i = 0; i < 20_000; i++) {
            small.put(i % 300 * 54, "key:" + i, "v");
        }
        Map<String, Integer> seen = new HashMap<>();
        long cursor = 0;
        int steps = 0;
        do {
            cursor = small.database.scan(
                    cursor,
                    10,
                    SmallKeyspace.NOW,
                    (slot, entry) ->
                            seen.merge(SmallKeyspace.text(slot.key(entry, span)), 1, Integer::sum));
            assertThat(cursor).isBetween(0L, (1L << 62) - 1);
            steps++;
        } while (cursor != 0);

        assertThat(seen).hasSize(20_000);
        assertThat(seen.values()).containsOnly(1);
        assertThat(steps).isBetween(900, 2001);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, true", "2, 1, false", "3, 7, true", "4, 7, false"})
    void shouldVisitWhatStaysWhileTablesGrowOrShrink(long seed, int slots, boolean growing) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<String> staying = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            staying.add("stay:" + i);
            small.put(i % slots, "stay:" + i, "v");
        }
        int passing = growing ? 0 : 60_000;
        for (int i = 0; i < passing; i++) {
            small.put(i % slots, "pass:" + i, "v");
        }

        Set<String> seen = new HashSet<>();
        long cursor = 0;
        do {
            cursor = small.database.scan(
                    cursor,
                    20,
                    SmallKeyspace.NOW,
                    (slot, entry) -> seen.add(SmallKeyspace.text(slot.key(entry, span))));
            int change = random.nextInt(400);
            for (int i = 0; i < change; i++) {
                if (growing && passing < 100_000) {
                    small.put(passing % slots, "pass:" + passing, "v");
                    passing++;
                } else if (!growing && passing > 0) {
                    passing--;
                    small.slot(passing % slots)
                            .remove(small.key("pass:" + passing), SmallKeyspace.NOW);
                }
            }
        } while (cursor != 0);

        staying.removeAll(seen);
        assertThat(staying).as("seed %d", seed).isEmpty();
    }

    @Test
    void shouldTakeAnyNumberAsACursor() {
        small.put(0, "a", "1");
        small.put(16_383, "b", "2");
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 10_000; i++) {
            long cursor = small.database.scan(
                    random.nextLong(), 1000, SmallKeyspace.NOW, (slot, entry) -> {});
            assertThat(cursor).isZero();
        }
    }

    @Test
    void shouldListKeysOfASlotUpToALimit() {
        for (int i = 0; i < 100; i++) {
            small.put(9, "key:" + i, "v", i < 10 ? SmallKeyspace.NOW - 5 : Slot.NO_EXPIRY);
        }
        Slot slot = small.slot(9);
        Set<String> seen = new HashSet<>();

        int limited = slot.forEach(
                SmallKeyspace.NOW,
                7,
                (at, entry) -> seen.add(SmallKeyspace.text(at.key(entry, span))));

        assertThat(limited).isEqualTo(7);
        assertThat(seen).hasSize(7);
        assertThat(slot.forEach(SmallKeyspace.NOW, 1000, (at, entry) -> {})).isEqualTo(90);
        assertThat(slot.forEach(0, 1000, (at, entry) -> {})).isEqualTo(100);
        assertThat(slot.forEach(0, 0, (at, entry) -> {})).isZero();
    }

    @Test
    void shouldChooseRandomKeysEvenly() {
        for (int i = 0; i < 9000; i++) {
            small.put(100, "big:" + i, "v");
        }
        for (int i = 0; i < 1000; i++) {
            small.put(200 + i, "small:" + i, "v");
        }
        int[] fromBig = {0};
        Set<String> seen = new HashSet<>();

        for (int i = 0; i < 10_000; i++) {
            assertThat(small.database.visitRandomKey(SmallKeyspace.NOW, (slot, entry) -> {
                        fromBig[0] += slot.number() == 100 ? 1 : 0;
                        seen.add(SmallKeyspace.text(slot.key(entry, span)));
                    }))
                    .isTrue();
        }

        assertThat(fromBig[0]).isBetween(8_800, 9_200);
        assertThat(seen.size()).isBetween(6000, 6600);
    }

    @Test
    void shouldFindNoRandomKeyWhereThereIsNone() {
        assertThat(small.database.visitRandomKey(SmallKeyspace.NOW, (slot, entry) -> {}))
                .isFalse();

        small.put(3, "gone", "v", SmallKeyspace.NOW - 1);

        assertThat(small.database.visitRandomKey(SmallKeyspace.NOW, (slot, entry) -> {}))
                .isFalse();
        assertThat(small.slot(3).randomEntry()).isEqualTo(Slot.ABSENT);
    }
}
