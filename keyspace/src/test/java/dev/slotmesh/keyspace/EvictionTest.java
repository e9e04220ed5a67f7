package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.Eviction.Outcome;
import dev.slotmesh.keyspace.EvictionRule.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which keys go when memory is short. The number of a key is also how long ago, in seconds, it was used the last time. */
final class EvictionTest {
    private static final long NOW = SmallKeyspace.NOW;
    private static final int KEYS = 4000;
    private static final int SLOTS = 97;

    private final SmallKeyspace small = new SmallKeyspace();
    private final Eviction eviction = small.keyspace.eviction();
    private final List<Integer> evicted = new ArrayList<>();

    EvictionTest() {
        small.keyspace.removalLog((slot, entry, cause) -> {
            assertThat(cause).isEqualTo(Removal.EVICTED);
            String key = SmallKeyspace.text(
                    slot.key(entry, new dev.slotmesh.keyspace.memory.ByteSpan()));
            evicted.add(Integer.parseInt(key.substring(4)));
        });
    }

    @AfterEach
    void close() {
        small.close();
    }

    @Test
    void shouldLeaveKeysAloneBelowTheLimit() {
        fill(i -> false);
        eviction.rule(new EvictionRule(Order.RANDOM, false, 5));
        eviction.limitBytes(used() * 2);

        assertThat(eviction.makeRoom(NOW, Long.MAX_VALUE)).isEqualTo(Outcome.WITHIN);
        assertThat(small.database.keyCount()).isEqualTo(KEYS);
    }

    @Test
    void shouldEvictNothingWithoutAPolicy() {
        fill(i -> i % 2 == 0);
        eviction.limitBytes(used() / 2);

        assertThat(eviction.makeRoom(NOW, Long.MAX_VALUE)).isEqualTo(Outcome.EXHAUSTED);
        assertThat(small.database.keyCount()).isEqualTo(KEYS);
        assertThat(eviction.currentExceededMs()).isNotNegative();
    }

    @ParameterizedTest
    @EnumSource(value = Order.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldEvictUntilThereIsRoom(Order order) {
        fill(i -> false);
        eviction.rule(new EvictionRule(order, false, 5));
        eviction.limitBytes(used() / 2);

        assertThat(eviction.makeRoom(NOW, Long.MAX_VALUE)).isEqualTo(Outcome.WITHIN);

        assertThat(eviction.isOver()).isFalse();
        assertThat(evicted).hasSize((int) eviction.evictedKeyCount()).doesNotHaveDuplicates();
        assertThat(small.database.keyCount()).isEqualTo(KEYS - evicted.size());
        assertThat((double) evicted.size()).isBetween(0.45 * KEYS, 0.65 * KEYS);
    }

    @ParameterizedTest
    @EnumSource(value = Order.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldSpareKeysWithoutADeadlineUnderAVolatilePolicy(Order order) {
        fill(i -> i % 10 == 0);
        eviction.rule(new EvictionRule(order, true, 5));
        eviction.limitBytes(1);

        assertThat(eviction.makeRoom(NOW, Long.MAX_VALUE)).isEqualTo(Outcome.EXHAUSTED);

        assertThat(evicted).hasSize(KEYS / 10).allMatch(i -> i % 10 == 0);
        assertThat(small.database.expiringKeyCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource(value = Order.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldEvictEverythingWhenNothingElseHelps(Order order) {
        fill(i -> i % 2 == 0);
        small.keyspace
                .database(1)
                .slot(5)
                .putString(
                        small.key("key:9999"),
                        small.value("in the other database"),
                        Slot.NO_EXPIRY,
                        NOW);
        eviction.rule(new EvictionRule(order, false, 5));
        eviction.limitBytes(1);
        small.keyspace.memoryAccount().addBuffers(100);

        assertThat(eviction.makeRoom(NOW, Long.MAX_VALUE)).isEqualTo(Outcome.EXHAUSTED);

        assertThat(evicted).hasSize(KEYS + 1);
        assertThat(small.keyspace.memoryUse().usedBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, -0.20", "3, 0.65", "5, 0.88", "10, 0.95"})
    void shouldComeNearToTheLeastRecentlyUsed(int samples, double least) {
        fill(i -> false);
        eviction.rule(new EvictionRule(Order.LEAST_RECENTLY_USED, false, samples));
        eviction.limitBytes(used() / 2);

        eviction.makeRoom(NOW, Long.MAX_VALUE);

        assertThat(quality()).isBetween(least, 1.0);
    }

    @Test
    void shouldComeNearToTheNearestDeadline() {
        fill(i -> true);
        eviction.rule(new EvictionRule(Order.FIRST_TO_EXPIRE, true, 5));
        eviction.limitBytes(used() / 2);

        eviction.makeRoom(NOW, Long.MAX_VALUE);

        assertThat(quality()).isBetween(0.88, 1.0);
    }

    @Test
    void shouldKeepWhatIsUsedOften() {
        small.keyspace.accessPolicy(AccessPolicy.LFU);
        fill(i -> false);
        for (int i = 0; i < KEYS; i++) {
            small.slot(slotOf(i)).accessFrequency(entry(i), 255 - i * 255 / KEYS, NOW);
        }
        eviction.rule(new EvictionRule(Order.LEAST_FREQUENTLY_USED, false, 5));
        eviction.limitBytes(used() / 2);

        eviction.makeRoom(NOW, Long.MAX_VALUE);

        assertThat(quality()).isBetween(0.88, 1.0);
    }

    @Test
    void shouldPassOverCandidatesThatWereUsedMeanwhile() {
        fill(i -> false);
        eviction.rule(new EvictionRule(Order.LEAST_RECENTLY_USED, false, 16));
        long all = used();
        eviction.limitBytes(all - 1024);
        eviction.makeRoom(NOW, Long.MAX_VALUE);
        Set<Integer> goneFirst = Set.copyOf(evicted);
        List<Integer> oldest = IntStream.range(KEYS - 400, KEYS)
                .filter(i -> !goneFirst.contains(i))
                .boxed()
                .toList();
        oldest.forEach(i -> small.slot(slotOf(i)).touch(entry(i), NOW));
        evicted.clear();

        eviction.limitBytes(all / 2);
        eviction.makeRoom(NOW, Long.MAX_VALUE);

        assertThat(evicted).hasSizeGreaterThan(KEYS / 3).doesNotContainAnyElementsOf(oldest);
    }

    @Test
    void shouldEndInTime() {
        fill(i -> false);
        eviction.rule(new EvictionRule(Order.LEAST_RECENTLY_USED, false, 5));
        eviction.limitBytes(1);

        assertThat(eviction.makeRoom(NOW, 0)).isEqualTo(Outcome.UNDER_WAY);

        assertThat(evicted).hasSizeLessThan(100);
        assertThat(eviction.totalExceededMs()).isNotNegative();
    }

    @Test
    void shouldCountBuffersAndForgetTheTimeOnceThereIsRoom() {
        fill(i -> false);
        eviction.limitBytes(used() + 5000);
        assertThat(eviction.isOver()).isFalse();

        small.keyspace.memoryAccount().addBuffers(10_000);
        assertThat(eviction.makeRoom(NOW, 0)).isEqualTo(Outcome.EXHAUSTED);
        small.keyspace.memoryAccount().addBuffers(-10_000);

        assertThat(eviction.makeRoom(NOW, 0)).isEqualTo(Outcome.WITHIN);
        assertThat(eviction.currentExceededMs()).isZero();
    }

    private void fill(IntPredicate expiring) {
        for (int i = 0; i < KEYS; i++) {
            long deadline = expiring.test(i) ? NOW + 1 + (KEYS - i) * 1000L : Slot.NO_EXPIRY;
            small.put(slotOf(i), "key:" + i, "value of some bytes", deadline);
            if (small.keyspace.accessPolicy() == AccessPolicy.LRU) {
                small.slot(slotOf(i)).idleSeconds(entry(i), i, NOW);
            }
        }
    }

    private long entry(int number) {
        return small.slot(slotOf(number)).peek(small.key("key:" + number), NOW);
    }

    private static int slotOf(int number) {
        return number % SLOTS;
    }

    private long used() {
        return eviction.countedBytes();
    }

    /** 1 when exactly the best candidates went, 0 when chance decided. */
    private double quality() {
        double meanRank = evicted.stream().mapToInt(i -> KEYS - 1 - i).average().orElseThrow();
        double byChance = (KEYS - 1) / 2.0;
        double best = (evicted.size() - 1) / 2.0;
        return (byChance - meanRank) / (byChance - best);
    }
}
