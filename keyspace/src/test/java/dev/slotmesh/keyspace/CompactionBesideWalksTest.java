package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Blocks are moved between the steps of a snapshot and of a SCAN, while values of changing sizes are written: the snapshot has
 * each key of its moment once with the value it had, the scan every key that was there all the time.
 */
final class CompactionBesideWalksTest {
    private static final long NOW = SmallKeyspace.NOW;
    private static final int LEAST_STEPS = 30_000;
    private static final int KEYS = 8000;

    @ParameterizedTest
    @CsvSource({"21, 1, false", "22, 30, true", "23, 2000, true", "24, 5, false"})
    void shouldNeitherLoseNorRepeatKeys(long seed, int slots, boolean lockPerSlot) {
        int steps = Integer.getInteger("slotmesh.model.operations", LEAST_STEPS);
        try (Run run = new Run(seed, slots, lockPerSlot)) {
            for (int step = 0; step < steps; step++) {
                run.step(step);
            }

            assertThat(run.snapshots).as("snapshots, seed %d", seed).isGreaterThan(3);
            assertThat(run.scans).as("scans, seed %d", seed).isGreaterThan(3);
            assertThat(run.keyspace.compaction().movedKeyCount())
                    .as("keys moved, seed %d", seed)
                    .isGreaterThan(1000);
            run.deleteEverything();
        }
    }

    private static final class Run implements AutoCloseable {
        private final long seed;
        private final int slots;
        private final SplittableRandom random;
        private final Keyspace keyspace;
        private final Database database;
        private final NativeBuffer keyBuffer = new NativeBuffer(64);
        private final NativeBuffer valueBuffer = new NativeBuffer(64);
        private final ByteSpan span = new ByteSpan();

        /** What each key holds: a value of these bytes, or a listpack of as many members. */
        private final Map<Integer, String> model = new HashMap<>();

        private SnapshotCut cut;
        private Map<Integer, String> expected;
        private int wrongOrRepeated;
        private int snapshots;

        private long cursor;
        private Set<Integer> scanned;
        private final Set<Integer> always = new HashSet<>();
        private int scans;

        Run(long seed, int slots, boolean lockPerSlot) {
            this.seed = seed;
            this.slots = slots;
            this.random = new SplittableRandom(seed);
            this.keyspace = new Keyspace(new KeyspaceSettings(1, lockPerSlot, 4, seed * 37));
            this.database = keyspace.database(0);
        }

        void step(int step) {
            int key = random.nextInt(KEYS);
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> putString(key, 20 + step / 7500 % 4 * 400 + random.nextInt(20));
                case 4 -> putSet(key, 1 + random.nextInt(40));
                case 5 -> remove(key);
                case 6 -> snapshotOn();
                case 7 -> scanOn();
                default -> keyspace.compaction().run(step / 1000 % 2, 0, 0);
            }
        }

        private ByteSpan key(int key) {
            return keyBuffer.put("{" + key % slots + "}" + key);
        }

        private void putString(int key, int size) {
            String value = Integer.toString(size % 10).repeat(size);
            int number = HashSlot.of(key(key));
            keyspace.locks().lock(number);
            Slot slot = database.slot(number);
            keyspace.freeze(slot, key(key));
            slot.putString(key(key), valueBuffer.put(value), StringForm.RAW, Slot.NO_EXPIRY, NOW);
            keyspace.locks().unlock(number);
            model.put(key, value);
        }

        private void putSet(int key, int members) {
            remove(key);
            int number = HashSlot.of(key(key));
            keyspace.locks().lock(number);
            Slot slot = database.slot(number);
            long entry = Sets.create(slot, key(key), valueBuffer.put("0"), NOW);
            for (int member = 0; member < members; member++) {
                Sets.add(slot, entry, valueBuffer.put("" + member));
            }
            keyspace.locks().unlock(number);
            model.put(key, "set of " + members);
        }

        private void remove(int key) {
            int number = HashSlot.of(key(key));
            keyspace.locks().lock(number);
            boolean there = database.slot(number).remove(key(key), NOW);
            keyspace.locks().unlock(number);
            assertThat(there).as("seed %d", seed).isEqualTo(model.remove(key) != null);
            always.remove(key);
        }

        private void snapshotOn() {
            if (cut == null) {
                keyspace.locks().lockWorld();
                cut = SnapshotCut.begin(
                        keyspace, SlotSelection.ALL, this::visit, 1 + random.nextInt(8));
                keyspace.locks().unlockWorld();
                expected = new HashMap<>(model);
                wrongOrRepeated = 0;
            }
            for (int i = 0; i < 8; i++) {
                if (!cut.visitSome(0)) {
                    cut.close();
                    cut = null;
                    snapshots++;
                    assertThat(wrongOrRepeated).as("seed %d", seed).isZero();
                    assertThat(expected).as("keys left out, seed %d", seed).isEmpty();
                    return;
                }
            }
        }

        private void visit(Slot slot, long entry) {
            if (!value(slot, entry).equals(expected.remove(number(slot, entry)))) {
                wrongOrRepeated++;
            }
        }

        private void scanOn() {
            if (scanned == null) {
                scanned = new HashSet<>();
                cursor = 0;
                always.clear();
                always.addAll(model.keySet());
            }
            cursor = database.scan(
                    cursor, 200, NOW, (slot, entry) -> scanned.add(number(slot, entry)));
            if (cursor == 0) {
                assertThat(scanned.containsAll(always)).as("seed %d", seed).isTrue();
                scanned = null;
                scans++;
            }
        }

        private int number(Slot slot, long entry) {
            String name = SmallKeyspace.text(slot.key(entry, span));
            return Integer.parseInt(name.substring(name.indexOf('}') + 1));
        }

        private String value(Slot slot, long entry) {
            return slot.type(entry) == KeyType.SET
                    ? "set of " + Sets.size(slot, entry)
                    : SmallKeyspace.text(slot.stringValue(entry, span));
        }

        void deleteEverything() {
            while (cut != null) {
                snapshotOn();
            }
            keyspace.locks().lockWorld();
            assertThat(database.flush()).as("seed %d", seed).isEqualTo(model.size());
            keyspace.locks().unlockWorld();
            assertThat(keyspace.memoryUse().usedBytes()).as("seed %d", seed).isZero();
        }

        @Override
        public void close() {
            keyspace.close();
            keyBuffer.close();
            valueBuffer.close();
        }
    }
}
