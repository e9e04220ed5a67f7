package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SlotMemoryTest {
    private static final int SLOT = 5;

    private final SmallKeyspace keys = new SmallKeyspace(new KeyspaceSettings(1, true, 4, 99));

    @AfterEach
    void close() {
        keys.close();
    }

    private long exactBytes() {
        long[] sum = {0};
        keys.slot(SLOT).forEach(0, (slot, entry) -> sum[0] += slot.memoryUse(entry, 0));
        return sum[0];
    }

    private long found() {
        keys.keyspace.locks().unlockWorld();
        try {
            return SlotMemory.bytes(keys.database, SLOT);
        } finally {
            keys.keyspace.locks().lockWorld();
        }
    }

    @Test
    void shouldBeNothingWithoutKeys() {
        assertThat(found()).isZero();
    }

    @Test
    void shouldBeExactForFewKeys() {
        for (int i = 0; i < 700; i++) {
            keys.put(SLOT, "key" + i, "v".repeat(i % 40));
        }
        Slot slot = keys.slot(SLOT);
        long set = Sets.create(slot, keys.key("set"), keys.value("1"), SmallKeyspace.NOW);
        for (int i = 0; i < 20; i++) {
            Sets.add(slot, set, keys.value("member" + i));
        }

        assertThat(found()).isEqualTo(exactBytes()).isGreaterThan(700 * 24);
    }

    @Test
    void shouldTakeTheRestToBeLikeThoseLookedAt() {
        for (int i = 0; i < 20_000; i++) {
            keys.put(SLOT, "key" + i, "v".repeat(i % 40));
        }

        long exact = exactBytes();

        assertThat(found()).isCloseTo(exact, within(exact / 20));
    }
}
