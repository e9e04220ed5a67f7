package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys that are kept for somebody else: nobody comes upon them, and time does nothing to them. */
final class ApartSlotsTest {
    private static final long NOW = SmallKeyspace.NOW;
    private static final int APART = 7;
    private static final int OWN = 8;

    private final SmallKeyspace keys = new SmallKeyspace(new KeyspaceSettings(1, true, 4, 4711));
    private final Keyspace keyspace = keys.keyspace;
    private final Database database = keys.database;

    @AfterEach
    void close() {
        keys.close();
    }

    private void fill() {
        keyspace.apart(APART, true);
        for (int i = 0; i < 40; i++) {
            keys.put(APART, "theirs" + i, "1", i % 2 == 0 ? NOW - 1 : Slot.NO_EXPIRY);
        }
        keys.put(OWN, "own", "1");
        keys.put(OWN, "own with a deadline", "1", NOW + 5);
    }

    private List<String> names(java.util.function.Consumer<KeyVisitor> walk) {
        List<String> names = new ArrayList<>();
        walk.accept((slot, entry) -> names.add(SmallKeyspace.text(slot.key(entry, keys.key("")))));
        return names;
    }

    @Test
    void shouldNotBeCounted() {
        fill();

        assertThat(database.keyCount()).isEqualTo(2);
        assertThat(database.expiringKeyCount()).isEqualTo(1);
        assertThat(database.storedKeyCount()).isEqualTo(42);
        assertThat(database.storedExpiringKeyCount()).isEqualTo(21);
        assertThat(database.keyCount(APART)).isEqualTo(40);
    }

    @Test
    void shouldNotBeComeUponByWalks() {
        fill();

        assertThat(names(visitor -> database.forEach(NOW, visitor)))
                .containsExactlyInAnyOrder("own", "own with a deadline");
        assertThat(names(visitor -> {
                    long cursor = 0;
                    do {
                        cursor = database.scan(cursor, 3, NOW, visitor);
                    } while (cursor != 0);
                }))
                .containsExactlyInAnyOrder("own", "own with a deadline");
        for (int i = 0; i < 200; i++) {
            assertThat(names(visitor -> database.visitRandomKey(NOW, visitor)))
                    .isSubsetOf("own", "own with a deadline");
        }
        assertThat(names(database::forEachStored)).hasSize(42);
    }

    @Test
    void shouldHaveNoRandomKeyWhenThereAreNoOthers() {
        keyspace.apart(APART, true);
        keys.put(APART, "theirs", "1");

        assertThat(database.visitRandomKey(NOW, (slot, entry) -> {})).isFalse();
        assertThat(database.keyCount()).isZero();
    }

    @Test
    void shouldOutliveTheirTimeUntilTheyAreNoLongerApart() {
        fill();
        List<String> gone = new ArrayList<>();
        keyspace.removalLog((slot, entry, cause) ->
                gone.add(SmallKeyspace.text(slot.key(entry, keys.key("")))));
        ExpiryCycle cycle = new ExpiryCycle(keyspace);

        assertThat(cycle.run(NOW + 10, TimeUnit.MINUTES.toNanos(1), 10)).isEqualTo(1);
        assertThat(gone).containsExactly("own with a deadline");
        assertThat(keys.get(APART, "theirs0", NOW + 10)).isEqualTo("1");
        assertThat(keys.slot(APART).expiryMode()).isEqualTo(ExpiryMode.IGNORE);
        assertThat(keys.slot(OWN).expiryMode()).isEqualTo(ExpiryMode.DELETE);

        keyspace.apart(APART, false);

        assertThat(keys.get(APART, "theirs0", NOW + 10)).isNull();
        assertThat(cycle.run(NOW + 10, TimeUnit.MINUTES.toNanos(1), 10)).isEqualTo(19);
        assertThat(database.keyCount()).isEqualTo(21);
    }

    @Test
    void shouldKeepFieldsPastTheirTime() {
        keyspace.apart(APART, true);
        Slot slot = keys.slot(APART);
        long entry = Hashes.create(slot, keys.key("hash"), NOW);
        Hashes.set(slot, entry, keys.key("field"), keys.value("1"), NOW);
        FieldDeadlines.set(slot, entry, keys.key("field"), NOW + 1);

        new ExpiryCycle(keyspace).run(NOW + 10, TimeUnit.MINUTES.toNanos(1), 10);

        assertThat(Hashes.find(slot, entry, keys.key("field"), NOW + 10))
                .isNotEqualTo(Hashes.ABSENT);
        keyspace.apart(APART, false);
        assertThat(Hashes.find(slot, entry, keys.key("field"), NOW + 10)).isEqualTo(Hashes.ABSENT);
    }

    @Test
    void shouldNotBeEvicted() {
        fill();
        keyspace.locks().unlockWorld();
        try {
            for (EvictionRule.Order order : EvictionRule.Order.values()) {
                EvictionSearch search = new EvictionSearch(keyspace, 11);
                EvictionRule rule = new EvictionRule(order, false, 5);
                if (order != EvictionRule.Order.NONE) {
                    keyspace.locks().lock(OWN);
                    keys.put(OWN, "own", "1");
                    keyspace.locks().unlock(OWN);
                    while (search.evictOne(rule, NOW)) {
                        assertThat(database.keyCount(APART)).isEqualTo(40);
                    }
                }
            }
        } finally {
            keyspace.locks().lockWorld();
        }

        assertThat(database.keyCount()).isZero();
        assertThat(database.keyCount(APART)).isEqualTo(40);
    }

    @Test
    void shouldBeInSnapshots() {
        fill();

        int[] visited = {0};
        try (SnapshotCut cut =
                SnapshotCut.begin(keyspace, SlotSelection.ALL, (slot, entry) -> visited[0]++, 4)) {
            assertThat(cut.keyCount(0)).isEqualTo(42);
            while (cut.visitSome(0)) {
                assertThat(cut.isFinished()).isFalse();
            }
        }

        assertThat(visited[0]).isEqualTo(42);
    }

    @Test
    void shouldBeMarkedUnderTheLockAndStayMarkedWhenFlushed() {
        fill();
        assertThat(keyspace.apart(APART)).isTrue();
        assertThat(keyspace.apart(OWN)).isFalse();

        database.flush();

        assertThat(keyspace.apart(APART)).isTrue();
        keyspace.locks().unlockWorld();
        assertThatThrownBy(() -> keyspace.apart(APART, false))
                .isInstanceOf(IllegalMonitorStateException.class);
        keyspace.locks().lockWorld();
        keyspace.apart(APART, false);
        keyspace.apart(APART, false);
        assertThat(keyspace.apart(APART)).isFalse();
    }
}
