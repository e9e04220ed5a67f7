package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Writers on common slots and stripes that move blocks together in between, beside scans, the expiry cycle and flushes under the
 * world lock.
 */
@Timeout(60)
class ParallelKeyspaceTest {
    private static final long NOW = SmallKeyspace.NOW;
    private static final int SLOTS = 40;

    private final Keyspace keyspace = new Keyspace(new KeyspaceSettings(1, true, 4, 31));
    private final Database database = keyspace.database(0);

    @Test
    void shouldKeepEachValueWithItsKey() throws Exception {
        List<Callable<Long>> work = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long seed = 70 + i;
            work.add(() -> write(seed));
        }
        work.add(this::expireScanAndFlush);
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            for (Future<Long> each : threads.invokeAll(work)) {
                assertThat(each.get()).as("values under a wrong key").isZero();
            }
        } finally {
            threads.shutdownNow();
        }

        keyspace.locks().lockWorld();
        long counted = 0;
        for (int slot = 0; slot < HashSlot.SLOT_COUNT; slot++) {
            counted += database.slot(slot).keyCount();
        }
        assertThat(database.keyCount()).isEqualTo(counted);
        assertThat(keyspace.compaction().movedCount()).isPositive();
        assertThat(database.flush()).isEqualTo(counted);
        keyspace.locks().unlockWorld();
        assertThat(keyspace.memoryUse().usedBytes()).isZero();
        keyspace.close();
    }

    private long write(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteSpan span = new ByteSpan();
        long wrong = 0;
        try (NativeBuffer key = new NativeBuffer(16);
                NativeBuffer value = new NativeBuffer(16)) {
            for (int i = 0; i < 40_000; i++) {
                int number = random.nextInt(20_000);
                ByteSpan name = key.put("{" + number % SLOTS + "}" + number);
                int slot = HashSlot.of(name);
                keyspace.locks().lock(slot);
                try {
                    Slot at = database.slot(slot);
                    long entry = at.find(name, NOW);
                    if (entry != Slot.ABSENT && wrong(at.stringValue(entry, span), number)) {
                        wrong++;
                    }
                    if (random.nextInt(4) == 0) {
                        at.remove(name, NOW);
                    } else {
                        long stamp = random.nextInt(1000) * 20_000_000L + number;
                        long deadline = random.nextInt(5) == 0 ? NOW - 1 : Slot.NO_EXPIRY;
                        String padded =
                                String.format("%0" + (14 + i / 2500 % 4 * 300) + "d", stamp);
                        at.putString(name, value.put(padded), StringForm.RAW, deadline, NOW);
                    }
                } finally {
                    keyspace.locks().unlock(slot);
                }
                if (i % 4 == 0) {
                    // Threads take turns at rounds; beyond the limit, in two of three, whole
                    // segments are to be emptied.
                    keyspace.compaction().run(i % 3, 0, 0);
                }
            }
        }
        return wrong;
    }

    private static boolean wrong(ByteSpan value, int number) {
        return Long.parseLong(SmallKeyspace.text(value)) % 20_000 != number;
    }

    private long expireScanAndFlush() {
        ExpiryCycle cycle = new ExpiryCycle(keyspace);
        ByteSpan key = new ByteSpan();
        ByteSpan value = new ByteSpan();
        long[] wrong = {0};
        for (int round = 0; round < 20; round++) {
            cycle.run(NOW, 5_000_000, 1);
            long cursor = 0;
            do {
                cursor = database.scan(cursor, 100, NOW, (slot, entry) -> {
                    String name = SmallKeyspace.text(slot.key(entry, key));
                    int number = Integer.parseInt(name.substring(name.indexOf('}') + 1));
                    wrong[0] += wrong(slot.stringValue(entry, value), number) ? 1 : 0;
                });
            } while (cursor != 0);
            if (round % 8 == 7) {
                keyspace.locks().lockWorld();
                DetachedKeys detached = database.detach();
                keyspace.locks().unlockWorld();
                while (!detached.free(100_000)) {
                    Thread.onSpinWait();
                }
            }
        }
        return wrong[0];
    }
}
