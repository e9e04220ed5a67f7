package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.keyspace.memory.ByteSpan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    private static final long NOW = SmallKeyspace.NOW;

    private final SmallKeyspace small = new SmallKeyspace();

    @AfterEach
    void close() {
        small.close();
    }

    @Test
    void shouldCountKeysPerSlotAndInAll() {
        small.put(0, "a", "1");
        small.put(0, "b", "1", NOW + 5);
        small.put(16_383, "a", "1");

        assertThat(small.database.keyCount()).isEqualTo(3);
        assertThat(small.database.keyCount(0)).isEqualTo(2);
        assertThat(small.database.expiringKeyCount(0)).isEqualTo(1);
        assertThat(small.database.expiringKeyCount()).isEqualTo(1);
        assertThat(small.keyspace.database(1).keyCount()).isZero();
    }

    @Test
    void shouldLeaveNoMemoryInUseAfterAFlush() {
        for (int i = 0; i < 50_000; i++) {
            small.put(
                    i % 10 == 0 ? 5 : i % 3000,
                    "key:" + i,
                    "v".repeat(i % 500),
                    i % 2 == 0 ? NOW + 9 : -1);
        }
        small.put(7, "large", "v".repeat(1_000_000));

        assertThat(small.database.flush()).isEqualTo(50_001);

        assertThat(small.database.keyCount()).isZero();
        assertThat(small.keyspace.memoryUse().usedBytes()).isZero();
        assertThat(small.keyspace.memoryUse().indexBytes()).isZero();
        assertThat(small.get(5, "key:0")).isNull();
    }

    @Test
    void shouldFreeADetachedDatabaseInSteps() {
        for (int i = 0; i < 30_000; i++) {
            small.put(i % 2 == 0 ? 5 : i % 1000, "key:" + i, "v");
        }
        DetachedKeys detached = small.database.detach();
        small.put(5, "key:0", "new");
        long used = small.keyspace.memoryUse().usedBytes();

        int steps = 0;
        while (!detached.free(0)) {
            assertThat(small.keyspace.memoryUse().usedBytes()).isLessThanOrEqualTo(used);
            used = small.keyspace.memoryUse().usedBytes();
            steps++;
        }

        assertThat(steps).isGreaterThan(100);
        assertThat(detached.keyCount()).isEqualTo(30_000);
        assertThat(small.get(5, "key:0")).isEqualTo("new");
        small.slot(5).remove(small.key("key:0"), NOW);
        assertThat(small.keyspace.memoryUse().usedBytes()).isZero();
    }

    @Test
    void shouldSwapDatabases() {
        small.put(1, "k", "first");
        small.keyspace
                .database(1)
                .slot(1)
                .putString(small.key("k"), small.value("second"), -1, NOW);

        small.keyspace.swap(0, 1);

        Slot slot = small.keyspace.database(0).slot(1);
        assertThat(SmallKeyspace.text(
                        slot.stringValue(slot.find(small.key("k"), NOW), new ByteSpan())))
                .isEqualTo("second");
        assertThat(slot.database().number()).isZero();
        assertThat(small.database.number()).isEqualTo(1);
        small.keyspace.swap(1, 1);
        assertThat(small.keyspace.database(1)).isSameAs(small.database);
    }

    @Test
    void shouldMoveAndCopyBetweenSlotsAndDatabases() {
        Slot target = small.keyspace.database(1).slot(9);
        small.put(1, "a", "value", NOW + 50);
        target.putString(small.key("b"), small.value("old"), -1, NOW);

        Slot source = small.slot(1);
        long copied = source.copyTo(source.find(small.key("a"), NOW), target, small.key("b"), NOW);
        assertThat(target.expireAt(copied)).isEqualTo(NOW + 50);
        assertThat(target.keyCount()).isEqualTo(1);
        assertThat(target.expiringKeyCount()).isEqualTo(1);
        long moved = source.moveTo(source.find(small.key("a"), NOW), target, small.key("c"));

        assertThat(SmallKeyspace.text(target.stringValue(moved, new ByteSpan())))
                .isEqualTo("value");
        assertThat(target.expireAt(moved)).isEqualTo(NOW + 50);
        assertThat(source.keyCount()).isZero();
        assertThat(small.database.keyCount()).isZero();
        assertThat(source.moveTo(small.put(1, "x", "y"), source, small.key("x")))
                .isNotZero();
        assertThat(small.get(1, "x")).isEqualTo("y");
    }

    @Test
    void shouldVisitEveryLivingKey() {
        small.put(1, "a", "1");
        small.put(2, "b", "1", NOW - 1);
        small.put(3, "c", "1", NOW + 1);
        List<String> seen = new ArrayList<>();
        ByteSpan span = new ByteSpan();

        small.database.forEach(
                NOW, (slot, entry) -> seen.add(SmallKeyspace.text(slot.key(entry, span))));

        assertThat(seen).containsExactly("a", "c");
    }

    @Test
    void shouldNoteAccesses() {
        long entry = small.put(1, "k", "v");
        assertThat(small.slot(1).idleSeconds(entry, NOW + 5000)).isEqualTo(5);

        small.slot(1).find(small.key("k"), NOW + 4000);
        assertThat(small.slot(1).idleSeconds(entry, NOW + 5000)).isEqualTo(1);
        small.slot(1).peek(small.key("k"), NOW + 9000);
        assertThat(small.slot(1).idleSeconds(entry, NOW + 9000)).isEqualTo(5);
        small.slot(1).touch(entry, NOW + 9000);
        assertThat(small.slot(1).idleSeconds(entry, NOW + 9000)).isZero();
    }

    @Test
    void shouldCountAccessesLogarithmically() {
        small.keyspace.accessPolicy(AccessPolicy.LFU);
        long entry = small.put(1, "k", "v");
        assertThat(small.slot(1).accessFrequency(entry, NOW)).isEqualTo(5);

        for (int i = 0; i < 10_000; i++) {
            small.slot(1).find(small.key("k"), NOW);
        }

        int hot = small.slot(1).accessFrequency(entry, NOW);
        assertThat(hot).isBetween(25, 80);
        assertThat(small.slot(1).accessFrequency(entry, NOW + 3 * 60_000)).isEqualTo(hot - 3);
        assertThat(small.slot(1).accessFrequency(entry, NOW + 300 * 60_000)).isZero();
    }

    @Test
    void shouldTellWhatAKeyCosts() {
        long entry = small.put(1, "k".repeat(16), "v".repeat(64));
        assertThat(small.slot(1).memoryUse(entry, 5)).isEqualTo(88 + 64);
        long longer = small.put(1, "l", "v".repeat(100_000));
        assertThat(small.slot(1).memoryUse(longer, 5)).isBetween(100_000L, 105_000L);
        assertThat(small.slot(1).type(longer)).isEqualTo(KeyType.STRING);
        assertThat(small.slot(1).type(longer).wireName()).isEqualTo("string");
    }

    @Test
    void shouldRefuseWorkWithoutTheLock() throws Exception {
        Thread[] other = new Thread[1];
        List<Throwable> refused = new ArrayList<>();
        other[0] = new Thread(() -> {
            try {
                small.slot(1);
            } catch (IllegalMonitorStateException expected) {
                refused.add(expected);
            }
        });
        other[0].start();
        other[0].join();

        assertThat(refused).hasSize(1);
    }

    @Test
    void shouldRefuseWorkAfterClose() {
        Keyspace keyspace = new Keyspace(KeyspaceSettings.cluster(1));
        keyspace.close();
        keyspace.close();
        keyspace.locks().lock(3);

        assertThatThrownBy(() -> keyspace.database(0).slot(3))
                .isInstanceOf(IllegalStateException.class);
        assertThat(keyspace.memoryUse().usedBytes()).isZero();
        assertThatThrownBy(() -> new KeyspaceSettings(0, true, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KeyspaceSettings(1, true, 3, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
