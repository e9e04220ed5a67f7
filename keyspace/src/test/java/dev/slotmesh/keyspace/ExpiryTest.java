package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.keyspace.memory.ByteSpan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private static final long NOW = SmallKeyspace.NOW;
    private static final long SECOND = 1_000_000_000L;

    private final SmallKeyspace small = new SmallKeyspace();
    private final ExpiryCycle cycle = new ExpiryCycle(small.keyspace);

    @AfterEach
    void close() {
        small.close();
    }

    @Test
    void shouldLiveUpToTheDeadlineAndNotLonger() {
        small.put(1, "k", "v", NOW + 10);

        assertThat(small.get(1, "k", NOW + 10)).isEqualTo("v");
        assertThat(small.slot(1).keyCount()).isEqualTo(1);
        assertThat(small.get(1, "k", NOW + 11)).isNull();
        assertThat(small.slot(1).keyCount()).isZero();
        assertThat(small.keyspace.expiredKeyCount()).isEqualTo(1);
        assertThat(small.keyspace.memoryUse().usedBytes()).isZero();
    }

    @Test
    void shouldKeepReplaceOrDropTheDeadline() {
        small.put(1, "k", "v", NOW + 10);

        small.put(1, "k", "w", Slot.KEEP_EXPIRY);
        assertThat(deadline("k")).isEqualTo(NOW + 10);
        small.put(1, "k", "x", NOW + 20);
        assertThat(deadline("k")).isEqualTo(NOW + 20);
        small.put(1, "k", "y", Slot.NO_EXPIRY);
        assertThat(deadline("k")).isEqualTo(Slot.NO_EXPIRY);
        assertThat(small.database.expiringKeyCount()).isZero();
        assertThat(small.slot(1).persist(small.key("k"), NOW)).isFalse();
        small.slot(1).setExpireAt(small.slot(1).peek(small.key("k"), NOW), NOW + 5);
        assertThat(small.database.expiringKeyCount()).isEqualTo(1);
        assertThat(small.slot(1).persist(small.key("k"), NOW)).isTrue();
        assertThat(small.database.expiringKeyCount()).isZero();
        assertThat(small.get(1, "k", NOW + 100)).isEqualTo("y");
    }

    @Test
    void shouldNotKeepTheDeadlineOfAnExpiredKey() {
        small.put(1, "k", "v", NOW - 10);

        small.put(1, "k", "w", Slot.KEEP_EXPIRY);

        assertThat(deadline("k")).isEqualTo(Slot.NO_EXPIRY);
    }

    @Test
    void shouldRefuseDeadlinesThatAreNone() {
        assertThatThrownBy(() -> small.put(1, "k", "v", 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> small.put(1, "k", "v", -3))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldOnlyHideExpiredKeysOnAReplica() {
        small.put(1, "k", "v", NOW - 1);
        small.keyspace.expiryMode(ExpiryMode.HIDE);

        assertThat(small.get(1, "k")).isNull();
        assertThat(cycle.run(NOW, SECOND, 1)).isZero();
        assertThat(small.slot(1).keyCount()).isEqualTo(1);
        assertThat(small.database.scan(
                        0, 10, NOW, (slot, entry) -> assertThat(entry).isZero()))
                .isZero();

        small.keyspace.expiryMode(ExpiryMode.IGNORE);
        assertThat(small.get(1, "k")).isEqualTo("v");
    }

    @Test
    void shouldDeleteInAWalkWhatIsPastItsTimeAndAccepted() {
        ByteSpan span = new ByteSpan();
        KeyTest even = (slot, entry) ->
                Integer.parseInt(SmallKeyspace.text(slot.key(entry, span))) % 2 == 0;
        for (int i = 0; i < 20_000; i++) {
            small.put(i % 10 == 0 ? i % 5000 : 7, "" + i, "v", i % 4 < 2 ? NOW - 1 : NOW + 1000);
        }
        List<String> seen = new ArrayList<>();
        KeyVisitor visitor = (slot, entry) -> seen.add(SmallKeyspace.text(slot.key(entry, span)));

        small.keyspace.expiryMode(ExpiryMode.HIDE);
        walk(visitor, even);
        assertThat(small.database.keyCount()).as("on a replica").isEqualTo(20_000);
        small.keyspace.expiryMode(ExpiryMode.DELETE);
        seen.clear();
        walk(visitor, even);

        assertThat(new HashSet<>(seen))
                .hasSize(10_000)
                .allMatch(key -> Integer.parseInt(key) % 4 >= 2);
        assertThat(small.database.keyCount()).as("the odd ones stay").isEqualTo(15_000);
        assertThat(small.keyspace.expiredKeyCount()).isEqualTo(5_000);
        walk(visitor, (slot, entry) -> true);
        assertThat(small.database.keyCount()).isEqualTo(10_000);
    }

    private void walk(KeyVisitor visitor, KeyTest due) {
        long cursor = 0;
        do {
            cursor = small.database.scan(cursor, 10, NOW, visitor, due);
        } while (cursor != 0);
    }

    @Test
    void shouldWriteEachExpiredKeyDownBeforeItGoes() {
        List<String> log = new ArrayList<>();
        ByteSpan span = new ByteSpan();
        small.keyspace.removalLog((slot, entry, cause) ->
                log.add(slot.number() + ":" + SmallKeyspace.text(slot.key(entry, span))));
        small.put(1, "lazy", "v", NOW - 1);
        small.put(2, "active", "v", NOW - 1);

        small.get(1, "lazy");
        cycle.run(NOW, SECOND, 1);

        assertThat(log).containsExactly("1:lazy", "2:active");
    }

    @Test
    void shouldDeleteAllThatIsDueInOneRound() {
        for (int i = 0; i < 30_000; i++) {
            long deadline = i % 3 == 0 ? Slot.NO_EXPIRY : i % 3 == 1 ? NOW - 1 : NOW + 1_000_000;
            small.put(i % 2 == 0 ? 77 : i % 5000, "key:" + i, "v", deadline);
        }

        int deleted = cycle.run(NOW, 30 * SECOND, 1);

        assertThat(deleted).isEqualTo(10_000);
        assertThat(small.keyspace.expiredKeyCount()).isEqualTo(10_000);
        assertThat(small.database.keyCount()).isEqualTo(20_000);
        assertThat(small.database.expiringKeyCount()).isEqualTo(10_000);
        assertThat(cycle.stalePercentage()).isGreaterThan(0);
        assertThat(cycle.run(NOW, 30 * SECOND, 1)).isZero();
        assertThat(cycle.run(NOW + 1_000_001, 30 * SECOND, 1)).isEqualTo(10_000);
        assertThat(small.database.expiringKeyCount()).isZero();
    }

    @Test
    void shouldComeBackForLaterDeadlinesOfTheSameTable() {
        for (int i = 0; i < 50; i++) {
            small.put(5, "key:" + i, "v", NOW + i * 100);
        }

        int deleted = 0;
        for (int i = 0; i <= 50; i++) {
            deleted += cycle.run(NOW + i * 100 + 50, SECOND, 1);
            assertThat(deleted).isEqualTo(Math.min(50, i + 1));
        }
    }

    @Test
    void shouldNoticeADeadlineBroughtForward() {
        long entry = small.put(5, "k", "v", NOW + 1_000_000);
        cycle.run(NOW, SECOND, 1);

        small.slot(5).setExpireAt(entry, NOW + 1);

        assertThat(cycle.run(NOW + 2, SECOND, 1)).isEqualTo(1);
    }

    @Test
    void shouldStopWhenTimeIsUpAndGoOnThere() {
        for (int i = 0; i < 2000; i++) {
            small.put(i, "key:" + i, "v", NOW - 1);
        }

        int first = cycle.run(NOW, 0, 1);
        assertThat(first).isBetween(1, 1000);
        assertThat(cycle.timeCapReachedCount()).isEqualTo(1);
        int all = first;
        for (int i = 0; i < 2000 && all < 2000; i++) {
            all += cycle.run(NOW, 0, 10);
        }

        assertThat(all).isEqualTo(2000);
        assertThat(small.keyspace.memoryUse().usedBytes()).isZero();
    }

    @Test
    void shouldServeAllDatabases() {
        small.put(1, "k", "v", NOW - 1);
        Database second = small.keyspace.database(1);
        second.slot(4).putString(small.key("k"), small.value("v"), NOW - 1, NOW);

        assertThat(cycle.run(NOW, SECOND, 1)).isEqualTo(2);
        assertThat(second.keyCount()).isZero();
        assertThatThrownBy(() -> cycle.run(NOW, SECOND, 11))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private long deadline(String key) {
        return small.slot(1).expireAt(small.slot(1).peek(small.key(key), NOW));
    }
}
