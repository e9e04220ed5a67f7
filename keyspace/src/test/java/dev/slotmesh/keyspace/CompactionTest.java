package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Moving what lies in sparse spans together: nothing is lost or changed, and memory follows what is used. */
final class CompactionTest {
    private static final long NOW = SmallKeyspace.NOW;
    private static final int LEAST_STEPS = 100_000;
    private static final int MOST_VALUE_BYTES = 3000;

    @ParameterizedTest
    @CsvSource({"1, 1, false", "2, 40, true", "3, 3000, true", "4, 4, false"})
    void shouldKeepEverythingWhileSizesChange(long seed, int slots, boolean lockPerSlot) {
        int steps = Integer.getInteger("slotmesh.model.operations", LEAST_STEPS);
        try (Run run = new Run(seed, slots, lockPerSlot)) {
            for (int step = 0; step < steps; step++) {
                run.step(step);
            }
            run.compareEverything(steps);
            assertThat(run.keyspace.compaction().movedCount()).as(run.at, steps).isPositive();
            run.deleteEverything();
        }
    }

    @Test
    void shouldEmptySpansOfWhatIsSparse() {
        try (Run run = new Run(7, 100, true)) {
            for (int key = 0; key < 40_000; key++) {
                run.putString(key, 1000);
            }
            for (int key = 0; key < 40_000; key++) {
                if (key % 10 != 0) {
                    run.remove(key);
                }
            }
            long before = run.heldBytes();

            run.compactWholly();

            run.compareEverything(0);
            assertThat(run.heldBytes()).isLessThan(before / 4);
            assertThat((double) run.heldBytes())
                    .isLessThan(1.5 * run.keyspace.memoryUse().usedBytes());
            run.deleteEverything();
        }
    }

    @Test
    void shouldLookAtLittleElseThanItMoves() {
        try (Run run = new Run(9, 100, true)) {
            for (int key = 0; key < 40_000; key++) {
                run.putString(key, 100);
            }
            for (int key = 0; key < 40_000; key++) {
                if (key % 3 != 0) {
                    run.remove(key);
                }
            }

            run.compactWholly();

            Compaction compaction = run.keyspace.compaction();
            assertThat(compaction.movedKeyCount()).isGreaterThan(3000);
            assertThat(compaction.stayingKeyCount()).isLessThan(compaction.movedKeyCount() / 20);
            run.deleteEverything();
        }
    }

    @Test
    void shouldRestWhenThereIsNothingToGain() {
        try (Run run = new Run(10, 100, true)) {
            for (int key = 0; key < 1000; key++) {
                run.putString(key, 20 + 2 * key);
            }
            for (int key = 1; key < 1000; key += 2) {
                run.remove(key);
            }
            long limit = run.keyspace.memoryUse().usedBytes() * 4 / 5;
            assertThat(run.keyspace.compaction().isSparse(0, 0)).isTrue();

            run.compactWholly();

            assertThat(run.keyspace.compaction().isRunning()).isFalse();
            assertThat(run.keyspace.compaction().isSparse(0, 0)).isFalse();
            assertThat(run.keyspace.compaction().isDue(limit)).isFalse();
            assertThat(run.keyspace.compaction().isDue(0)).isFalse();
            assertThat(run.keyspace.compaction().movedKeyCount()).isZero();
            run.deleteEverything();
        }
    }

    @Test
    void shouldGiveSegmentsBackBeyondTheLimit() {
        try (Run run = new Run(8, 100, true)) {
            for (int key = 0; key < 60_000; key++) {
                run.putString(key, 1000);
            }
            for (int key = 0; key < 60_000; key++) {
                if (key % 20 != 0) {
                    run.remove(key);
                }
            }
            run.limitBytes = 4_000_000;
            long before = run.keyspace.memoryUse().touchedBytes();

            run.compactWholly();
            run.compactWholly();

            run.compareEverything(0);
            assertThat(run.keyspace.memoryUse().touchedBytes()).isLessThan(before / 2);
            run.deleteEverything();
        }
    }

    /** A keyspace and maps of what must be in it. */
    private static final class Run implements AutoCloseable {
        private static final int KEYS = 6000;
        private static final int MOST_KEYS = 60_000;

        private final String at;
        private final SplittableRandom random;
        private final int slots;
        private final Keyspace keyspace;
        private final Database database;
        private final Map<Integer, byte[]> strings = new HashMap<>();
        private final Map<Integer, Long> deadlines = new HashMap<>();
        private final Map<Integer, Map<String, String>> hashes = new HashMap<>();
        private final Map<Integer, TreeMap<Long, Boolean>> sets = new HashMap<>();
        private final NativeBuffer keyBuffer = new NativeBuffer(64);
        private final NativeBuffer fieldBuffer = new NativeBuffer(64);
        private final NativeBuffer valueBuffer = new NativeBuffer(64);
        private final ByteSpan span = new ByteSpan();
        private long limitBytes;

        Run(long seed, int slots, boolean lockPerSlot) {
            this.at = "seed " + seed + " step %d";
            this.random = new SplittableRandom(seed);
            this.slots = slots;
            this.keyspace = new Keyspace(new KeyspaceSettings(2, lockPerSlot, 4, seed * 31));
            this.database = keyspace.database(0);
        }

        void step(int step) {
            int key = random.nextInt(KEYS);
            int size = 20 + (step / 20_000) * 997 % MOST_VALUE_BYTES;
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> putString(key, size + random.nextInt(20));
                case 4, 5 -> remove(key);
                case 6 -> putField(key, "f" + random.nextInt(8), size % 60);
                case 7 -> addMember(key, random.nextLong(1L << random.nextInt(50)));
                case 8 -> setDeadline(key);
                case 9 -> compare(key, step);
                default -> {
                    if (step / 10_000 % 2 == 0) {
                        limitBytes =
                                random.nextBoolean() ? 0 : keyspace.memoryUse().usedBytes();
                        keyspace.compaction().run(limitBytes, 0, 0);
                    }
                }
            }
            if (step % 50_000 == 49_999) {
                compareEverything(step);
            }
        }

        private ByteSpan key(int key) {
            return keyBuffer.put("{" + key % slots + "}" + key + "x".repeat(key % 30));
        }

        private Slot lock(int key) {
            keyspace.locks().lock(slotOf(key));
            return database.slot(slotOf(key));
        }

        private void unlock(int key) {
            keyspace.locks().unlock(slotOf(key));
        }

        private int slotOf(int key) {
            return HashSlot.of(key(key));
        }

        void putString(int key, int size) {
            byte[] value = new byte[size];
            random.nextBytes(value);
            lock(key)
                    .putString(
                            key(key), valueBuffer.put(value), StringForm.RAW, Slot.NO_EXPIRY, NOW);
            unlock(key);
            forget(key);
            strings.put(key, value);
        }

        private void forget(int key) {
            strings.remove(key);
            hashes.remove(key);
            sets.remove(key);
            deadlines.remove(key);
        }

        void remove(int key) {
            boolean there = lock(key).remove(key(key), NOW);
            unlock(key);
            assertThat(there).as(at, -1).isEqualTo(holds(key));
            forget(key);
        }

        private boolean holds(int key) {
            return strings.containsKey(key) || hashes.containsKey(key) || sets.containsKey(key);
        }

        private void putField(int key, String field, int size) {
            if (strings.containsKey(key) || sets.containsKey(key)) {
                return;
            }
            String value = "v".repeat(size);
            Slot slot = lock(key);
            long entry = slot.peek(key(key), NOW);
            if (entry == Slot.ABSENT) {
                entry = Hashes.create(slot, key(key), NOW);
            }
            Hashes.set(slot, entry, fieldBuffer.put(field), valueBuffer.put(value), NOW);
            unlock(key);
            hashes.computeIfAbsent(key, absent -> new HashMap<>()).put(field, value);
        }

        private void addMember(int key, long member) {
            if (strings.containsKey(key) || hashes.containsKey(key)) {
                return;
            }
            Slot slot = lock(key);
            long entry = slot.peek(key(key), NOW);
            if (entry == Slot.ABSENT) {
                entry = Sets.create(slot, key(key), fieldBuffer.put("" + member), NOW);
            }
            Sets.add(slot, entry, fieldBuffer.put("" + member));
            unlock(key);
            sets.computeIfAbsent(key, absent -> new TreeMap<>()).put(member, true);
        }

        private void setDeadline(int key) {
            Slot slot = lock(key);
            long entry = slot.peek(key(key), NOW);
            if (entry != Slot.ABSENT) {
                long deadline = NOW + 1 + random.nextInt(1_000_000);
                slot.setExpireAt(entry, deadline);
                deadlines.put(key, deadline);
            }
            unlock(key);
        }

        private void compare(int key, int step) {
            Slot slot = lock(key);
            long entry = slot.peek(key(key), NOW);
            assertThat(entry != Slot.ABSENT).as(at, step).isEqualTo(holds(key));
            if (entry != Slot.ABSENT) {
                assertThat(slot.expireAt(entry))
                        .as(at, step)
                        .isEqualTo(deadlines.getOrDefault(key, Slot.NO_EXPIRY));
                compareValue(key, slot, entry, step);
            }
            unlock(key);
        }

        private void compareValue(int key, Slot slot, long entry, int step) {
            switch (slot.type(entry)) {
                case STRING -> {
                    byte[] value = slot.stringValue(entry, span).toByteArray();
                    assertThat(Arrays.equals(value, strings.get(key)))
                            .as(at, step)
                            .isTrue();
                }
                case HASH -> {
                    Map<String, String> fields = hashes.get(key);
                    assertThat(Hashes.size(slot, entry)).as(at, step).isEqualTo(fields.size());
                    fields.forEach((field, value) -> {
                        long found = Hashes.find(slot, entry, fieldBuffer.put(field), NOW);
                        assertThat(found).as(at, step).isNotZero();
                        assertThat(SmallKeyspace.text(FieldText.bytes(found, span, valueBuffer)))
                                .as(at, step)
                                .isEqualTo(value);
                    });
                }
                default -> {
                    assertThat(Sets.size(slot, entry)).isEqualTo(sets.get(key).size());
                    for (long member : sets.get(key).keySet()) {
                        assertThat(Sets.contains(slot, entry, fieldBuffer.put("" + member)))
                                .as(at, step)
                                .isTrue();
                    }
                }
            }
        }

        void compareEverything(int step) {
            for (int key = 0; key < MOST_KEYS; key++) {
                compare(key, step);
            }
            long expected = (long) strings.size() + hashes.size() + sets.size();
            assertThat(database.keyCount()).as(at, step).isEqualTo(expected);
        }

        void compactWholly() {
            while (keyspace.compaction().run(limitBytes, 1_000_000, 0)) {
                // Until the round is over.
            }
        }

        long heldBytes() {
            return keyspace.memoryUse().touchedBytes() - keyspace.memoryUse().spareBytes();
        }

        void deleteEverything() {
            for (int key = 0; key < MOST_KEYS; key++) {
                remove(key);
            }
            compactWholly();
            keyspace.locks().lockWorld();
            database.flush();
            keyspace.locks().unlockWorld();
            assertThat(keyspace.memoryUse().usedBytes()).isZero();
        }

        @Override
        public void close() {
            keyspace.close();
            keyBuffer.close();
            fieldBuffer.close();
            valueBuffer.close();
        }
    }
}
