package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.SlotSelection;
import dev.slotmesh.keyspace.rdb.KeyspaceSnapshot;
import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Snapshots in the smallest of steps while several threads execute random lines of all groups: whatever is written to a key,
 * moved, waited for, expired, evicted, flushed or exchanged meanwhile, the snapshot has each key once with the content it had
 * at the beginning, and no other. Some of them are of half of the slots.
 *
 * <p>{@code -Dslotmesh.snapshot.seeds=N} goes through N seeds instead of 2, from {@code -Dslotmesh.snapshot.seed=S} on.
 */
@Timeout(3600)
final class SnapshotExactnessTest {
    private static final long SEEDS = Long.getLong("slotmesh.snapshot.seeds", 2);
    private static final long FIRST_SEED = Long.getLong("slotmesh.snapshot.seed", 1);
    private static final int SNAPSHOTS = 30;
    private static final int THREADS = 2;
    private static final int LINES_AT_A_TIME = 5;
    private static final int MOST_LINES_BETWEEN = 10;
    private static final int FILLING_LINES = 400;
    private static final int LOOK_EVERY_MS = 100;
    private static final int LONGEST_SHOWN = 800;
    private static final KeyspaceSnapshot.Pace SMALLEST = new KeyspaceSnapshot.Pace(0, 1);

    @TempDir
    private Path directory;

    @Test
    void shouldWriteEachKeyAsItWasAtTheCut(TestReporter reporter) throws Exception {
        long keys = 0;
        long changed = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try (Node node = start(seed)) {
                Rounds rounds = new Rounds(node, seed);
                rounds.run();
                keys += rounds.keys;
                changed += rounds.changed;
            } catch (Exception | AssertionError mistake) {
                throw new AssertionError("seed " + seed + ": " + mistake.getMessage(), mistake);
            }
        }
        reporter.publishEntry("keys", keys + " of which changed meanwhile: " + changed);
        assertThat(changed).as("keys that had changed before they were reached").isPositive();
    }

    private Node start(long seed) throws Exception {
        return EmbeddedNode.start(
                directory,
                "--logfile",
                directory.resolve("log" + seed).toString(),
                "--enable-debug-command",
                "yes");
    }

    /** The snapshots of one seed. */
    private static final class Rounds {
        private final Node node;
        private final Keyspace keyspace;
        private final long seed;
        private final SplittableRandom random;
        private final Semaphore played = new Semaphore(0);
        private volatile boolean over;
        private long keys;
        private long changed;

        Rounds(Node node, long seed) {
            this.node = node;
            this.keyspace = node.keyspace();
            this.seed = seed;
            this.random = new SplittableRandom(seed);
        }

        void run() throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Words words = new Words(new SplittableRandom(seed * THREADS + i));
                writers.add(threads.submit(() -> write(words)));
            }
            try {
                awaitLines(FILLING_LINES, writers);
                for (int i = 0; i < SNAPSHOTS; i++) {
                    snapshot(writers);
                }
            } finally {
                over = true;
                threads.shutdown();
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        private void write(Words words) {
            try (Crowd crowd = new Crowd(node, words)) {
                while (!over) {
                    played.release(crowd.play(LINES_AT_A_TIME));
                }
            }
        }

        /** Waits until so many more lines have been executed, or a writer has failed. */
        private void awaitLines(int lines, List<Future<?>> writers) throws Exception {
            played.drainPermits();
            while (!played.tryAcquire(lines, LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
                for (Future<?> writer : writers) {
                    if (writer.isDone()) {
                        writer.get();
                    }
                }
            }
        }

        private void snapshot(List<Future<?>> writers) throws Exception {
            KeyImage image = new KeyImage();
            Map<String, String> atCut;
            SlotSelection slots = random.nextInt(3) == 0 ? someSlots() : SlotSelection.ALL;
            KeyspaceSnapshot snapshot;
            long cutMs;
            keyspace.locks().lockWorld();
            try {
                cutMs = System.currentTimeMillis();
                atCut = image.of(keyspace, cutMs);
                atCut.keySet().removeIf(key -> !slots.contains(KeyImage.slot(key)));
                snapshot = KeyspaceSnapshot.begin(keyspace, slots, image, cutMs, SMALLEST);
            } finally {
                keyspace.locks().unlockWorld();
            }
            boolean whole = random.nextInt(8) > 0;
            try (snapshot) {
                assertThat(snapshot.keyCount()).isEqualTo(atCut.size());
                while (snapshot.writeSome(image) && (whole || random.nextInt(20) > 0)) {
                    awaitLines(random.nextInt(MOST_LINES_BETWEEN), writers);
                }
                if (whole) {
                    requireEqual(image.written(), atCut);
                    assertThat(snapshot.keysWritten()).isEqualTo(atCut.size());
                } else {
                    assertThat(atCut).containsAllEntriesOf(image.written());
                }
            }
            keys += atCut.size();
            changed += differences(atCut, cutMs);
        }

        private SlotSelection someSlots() {
            BitSet slots = new BitSet();
            for (int slot = 0; slot < HashSlot.SLOT_COUNT; slot++) {
                slots.set(slot, random.nextBoolean());
            }
            return SlotSelection.of(slots);
        }

        private static void requireEqual(Map<String, String> written, Map<String, String> atCut) {
            assertThat(written.keySet()).isEqualTo(atCut.keySet());
            atCut.forEach((key, record) -> {
                if (!record.equals(written.get(key))) {
                    throw new AssertionError(key + " was\n  " + shown(record)
                            + "\nand was written as\n  " + shown(written.get(key)));
                }
            });
        }

        private static String shown(String record) {
            String quoted = Line.quoted(record);
            return quoted.length() <= LONGEST_SHOWN
                    ? quoted
                    : quoted.substring(0, LONGEST_SHOWN) + "... (" + record.length() + " bytes)";
        }

        private long differences(Map<String, String> atCut, long cutMs) {
            keyspace.locks().lockWorld();
            try {
                Map<String, String> now = new TreeMap<>(new KeyImage().of(keyspace, cutMs));
                return atCut.entrySet().stream()
                        .filter(key -> !key.getValue().equals(now.get(key.getKey())))
                        .count();
            } finally {
                keyspace.locks().unlockWorld();
            }
        }
    }
}
