package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SlotLocksTest {
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void shouldLetSlotsRunSideBySide() throws Exception {
        SlotLocks locks = new SlotLocks(true);
        CyclicBarrier bothInside = new CyclicBarrier(2);
        Callable<Integer> first = () -> inside(locks, 1, bothInside);
        Callable<Integer> second = () -> inside(locks, 2, bothInside);

        for (Future<Integer> each : threads.invokeAll(List.of(first, second))) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isNotNegative();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKeepOthersOut(boolean lockPerSlot) throws Exception {
        SlotLocks locks = new SlotLocks(lockPerSlot);
        locks.lock(5);

        assertThat(threads.submit(() -> locks.tryLock(5)).get()).isFalse();
        assertThat(threads.submit(() -> locks.tryLock(5, 1)).get()).isFalse();
        assertThat(threads.submit(() -> locks.tryLock(6)).get()).isEqualTo(lockPerSlot);
        assertThat(threads.submit(() -> locks.isHeld(5)).get()).isFalse();
        assertThat(locks.isHeld(6)).isEqualTo(!lockPerSlot);
        locks.unlock(5);
        assertThat(threads.submit(() -> locks.tryLock(5, 1000)).get()).isTrue();
    }

    @Test
    void shouldBeReentrant() throws Exception {
        SlotLocks locks = new SlotLocks(true);
        locks.lock(5);
        locks.lock(5);
        locks.unlock(5);

        assertThat(threads.submit(() -> locks.tryLock(5)).get()).isFalse();

        locks.unlock(5);
        assertThat(threads.submit(() -> locks.tryLock(5)).get()).isTrue();
    }

    @Test
    void shouldRefuseMisuse() {
        SlotLocks locks = new SlotLocks(true);

        assertThatThrownBy(() -> locks.unlock(3)).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> locks.requireHeld(3))
                .isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> locks.lockAll(new int[] {2, 2}, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> locks.lockAll(new int[] {3, 2}, 2))
                .isInstanceOf(IllegalArgumentException.class);
        locks.lock(3);
        assertThatThrownBy(locks::requireWorldHeld)
                .isInstanceOf(IllegalMonitorStateException.class);
        locks.unlock(3);
        locks.lockWorld();
        locks.requireWorldHeld();
        locks.unlockWorld();
    }

    @Test
    void shouldKeepEverythingConsistentUnderAllKindsOfLocking() throws Exception {
        SlotLocks locks = new SlotLocks(true);
        int[] balances = new int[HashSlot.SLOT_COUNT];
        List<Callable<Long>> work = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            SplittableRandom random = new SplittableRandom(40 + i);
            work.add(() -> move(locks, balances, random));
        }
        work.add(() -> {
            long wrong = 0;
            for (int i = 0; i < 100; i++) {
                locks.lockWorld();
                long sum = 0;
                for (int balance : balances) {
                    sum += balance;
                }
                wrong += sum == 0 ? 0 : 1;
                locks.unlockWorld();
            }
            return wrong;
        });

        for (Future<Long> each : threads.invokeAll(work)) {
            assertThat(each.get()).isZero();
        }
    }

    private static int inside(SlotLocks locks, int slot, CyclicBarrier bothInside)
            throws Exception {
        locks.lock(slot);
        try {
            return bothInside.await(10, TimeUnit.SECONDS);
        } finally {
            locks.unlock(slot);
        }
    }

    private static long move(SlotLocks locks, int[] balances, SplittableRandom random) {
        for (int i = 0; i < 100_000; i++) {
            int low = random.nextInt(50);
            int high = low + 1 + random.nextInt(50);
            int[] both = {low, high};
            locks.lockAll(both, 2);
            balances[low]++;
            balances[high]--;
            locks.unlockAll(both, 2);
        }
        return 0;
    }
}
