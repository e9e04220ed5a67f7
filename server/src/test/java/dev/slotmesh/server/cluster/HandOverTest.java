package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class HandOverTest {
    private static final String MYSELF =
            "a".repeat(40) + " 127.0.0.1:7001@17001 myself,master - 0 0 1 connected";
    private static final ClusterView EMPTY = Views.of(MYSELF + "\n", true);
    private static final ClusterView OWNER = Views.of(MYSELF + " 0-16383\n", true);

    private final Keyspace keyspace = new Keyspace(KeyspaceSettings.cluster(1));
    private final List<ClusterView> published = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final HandOver handOver = new HandOver(
            "test-handover",
            keyspace,
            new SlotClearing(keyspace, Slot::removeEntry),
            this::publish,
            failures::add);

    @AfterEach
    void close() {
        assertThat(handOver.end()).isTrue();
        keyspace.close();
    }

    private void publish(ClusterView view) {
        keyspace.locks().requireWorldHeld();
        published.add(view);
    }

    private void awaitAll() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        handOver.then(done::countDown);
        done.await();
    }

    private void store(int slot, int keys, long expireAtMs) {
        try (NativeBuffer key = new NativeBuffer(32);
                NativeBuffer value = new NativeBuffer(32)) {
            keyspace.locks().lock(slot);
            for (int i = 0; i < keys; i++) {
                Slot target = keyspace.database(0).slot(slot);
                target.putString(key.put("key" + i), value.put("v"), expireAtMs, 1);
            }
            keyspace.locks().unlock(slot);
        }
    }

    @Test
    void shouldWaitForTheHolderOfASlotBeforePublishing() throws Exception {
        handOver.start();
        keyspace.locks().lock(77);
        handOver.view(OWNER);
        CountDownLatch replied = new CountDownLatch(1);
        handOver.then(replied::countDown);

        assertThat(published).isEmpty();
        assertThat(replied.getCount()).isEqualTo(1);

        keyspace.locks().unlock(77);
        replied.await();
        assertThat(published).containsExactly(OWNER);
    }

    @Test
    void shouldReplaceAViewThatNobodyWaitedFor() throws Exception {
        handOver.view(EMPTY);
        handOver.view(OWNER);
        handOver.then(() -> {});
        handOver.view(EMPTY);
        handOver.start();

        awaitAll();

        assertThat(published).containsExactly(OWNER, EMPTY);
    }

    @Test
    void shouldDeleteTheKeysOfLostSlotsBeforeTheyCanReturn() throws Exception {
        store(5, 1000, Slot.NO_EXPIRY);
        store(6, 300, 2);
        store(7, 10, Slot.NO_EXPIRY);
        List<Integer> counts = new ArrayList<>();
        handOver.view(EMPTY);
        handOver.deleteKeys(SlotSet.ofRange(5, 6));
        handOver.view(OWNER);
        handOver.then(() -> counts.add(keyspace.database(0).keyCount(5)));
        handOver.start();

        awaitAll();

        assertThat(published).containsExactly(EMPTY, OWNER);
        assertThat(counts).containsExactly(0);
        assertThat(keyspace.database(0).keyCount(6)).as("their time has passed").isZero();
        assertThat(keyspace.database(0).keyCount(7)).isEqualTo(10);
        handOver.deleteAllKeys();
        awaitAll();
        assertThat(keyspace.database(0).keyCount()).isZero();
    }

    /** Deleting a thousand keys takes half a second here; nothing waits for that but who wants it done. */
    @Test
    void shouldPublishBetweenThePiecesOfALargeDeletion() throws Exception {
        HandOver slow = new HandOver(
                "test-slow-handover",
                keyspace,
                new SlotClearing(keyspace, HandOverTest::removeSlowly),
                this::publish,
                failures::add);
        store(5, 1000, Slot.NO_EXPIRY);
        List<Integer> counts = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch cleared = new CountDownLatch(1);
        slow.deleteKeys(SlotSet.ofRange(5, 5));
        slow.view(EMPTY);
        slow.then(() -> counts.add(keyspace.database(0).keyCount(5)));
        slow.whenCleared(() -> {
            counts.add(keyspace.database(0).keyCount(5));
            cleared.countDown();
        });

        slow.start();
        cleared.await();

        assertThat(slow.end()).isTrue();
        assertThat(published).containsExactly(EMPTY);
        assertThat(counts).hasSize(2).last().isEqualTo(0);
        assertThat(counts.get(0)).isPositive();
    }

    private static void removeSlowly(Slot slot, long entry) {
        long endNanos = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(500);
        while (System.nanoTime() - endNanos < 0) {
            Thread.onSpinWait();
        }
        slot.removeEntry(entry);
    }

    @Test
    void shouldGoOnAfterAFailingStep() throws Exception {
        handOver.then(() -> {
            throw new IllegalStateException("a mistake");
        });
        handOver.view(OWNER);
        handOver.start();

        awaitAll();

        assertThat(failures)
                .singleElement()
                .hasToString("java.lang.IllegalStateException: a mistake");
        assertThat(published).containsExactly(OWNER);
    }
}
