package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded random operations on a keyspace and on a plain map side by side; any difference names seed and step. */
class KeyspaceModelTest {
    private static final long START_MS = 1_700_000_000_000L;

    @ParameterizedTest
    @CsvSource({
        "1, 1, 20000, 600000",
        "2, 16, 3000, 600000",
        "3, 4000, 60000, 600000",
        "4, 3, 12, 200000"
    })
    void shouldAnswerAsAMapDoes(long seed, int slots, int keys, int steps) {
        try (Run run = new Run(seed, slots, keys)) {
            for (int step = 0; step < steps; step++) {
                run.step(step);
            }
            run.compareEverything(steps);
            run.deleteEverything();
        }
    }

    @Test
    void shouldRunTheSameTwiceForOneSeed() {
        long[] used = new long[2];
        for (int i = 0; i < 2; i++) {
            try (Run run = new Run(99, 8, 1000)) {
                for (int step = 0; step < 50_000; step++) {
                    run.step(step);
                }
                used[i] = run.keyspace.memoryUse().usedBytes();
            }
        }

        assertThat(used[0]).isEqualTo(used[1]);
    }

    private record Value(byte[] bytes, long deadlineMs) {}

    private static final class Run implements AutoCloseable {
        private final long seed;
        private final String at;
        private final SplittableRandom random;
        private final int slots;
        private final int keys;
        private final Keyspace keyspace;
        private final Database database;
        private final Map<Integer, Value> model = new HashMap<>();
        private final NativeBuffer keyBuffer = new NativeBuffer(64);
        private final NativeBuffer valueBuffer = new NativeBuffer(64);
        private final ByteSpan span = new ByteSpan();
        private long nowMs = START_MS;

        Run(long seed, int slots, int keys) {
            this.seed = seed;
            this.at = "seed " + seed + " step %d";
            this.random = new SplittableRandom(seed);
            this.slots = slots;
            this.keys = keys;
            this.keyspace = new Keyspace(new KeyspaceSettings(1, true, 4, seed * 31));
            this.database = keyspace.database(0);
        }

        void step(int step) {
            int key = random.nextInt(keys);
            int slot = key % slots;
            if (step % 64 == 0) {
                nowMs += random.nextInt(20);
            }
            keyspace.locks().lock(slot);
            try {
                act(database.slot(slot), key, random.nextInt(100), step);
            } finally {
                keyspace.locks().unlock(slot);
            }
            if (step % 50_000 == 49_999) {
                compareEverything(step);
            }
            if (step % 100_000 == 70_000) {
                thinOut();
            }
        }

        private void act(Slot slot, int key, int dice, int step) {
            ByteSpan name = name(key);
            Value expected = live(key);
            if (dice < 30) {
                compare(slot, slot.find(name, nowMs), expected, step);
            } else if (dice < 60) {
                put(slot, key, name, expected);
            } else if (dice < 72) {
                assertThat(slot.remove(name, nowMs)).as(at, step).isEqualTo(expected != null);
                model.remove(key);
            } else if (dice < 78) {
                append(slot, key, name, expected, step);
            } else if (dice < 83) {
                setRange(slot, key, name, expected, step);
            } else if (dice < 90) {
                expire(slot, key, name, expected);
            } else if (dice < 93) {
                boolean had = expected != null && expected.deadlineMs != 0;
                assertThat(slot.persist(name, nowMs)).as(at, step).isEqualTo(had);
                if (had) {
                    model.put(key, new Value(expected.bytes, 0));
                }
            } else if (dice < 96) {
                long number = random.nextLong() >> random.nextInt(64);
                Strings.putLong(slot, name, number, nowMs);
                byte[] digits = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
                model.put(key, new Value(digits, expected == null ? 0 : expected.deadlineMs));
            } else {
                rename(slot, key, name, expected);
            }
        }

        private void put(Slot slot, int key, ByteSpan name, Value expected) {
            byte[] bytes = bytes();
            int choice = random.nextInt(4);
            long deadline = choice == 0 ? nowMs + 1 + random.nextInt(200) : choice == 1 ? -2 : -1;
            slot.putString(name, valueBuffer.put(bytes), deadline, nowMs);
            long kept = expected == null ? 0 : expected.deadlineMs;
            model.put(key, new Value(bytes, deadline > 0 ? deadline : deadline == -2 ? kept : 0));
        }

        private void append(Slot slot, int key, ByteSpan name, Value expected, int step) {
            byte[] suffix = bytes();
            int length = Strings.append(slot, name, valueBuffer.put(suffix), nowMs);
            byte[] before = expected == null ? new byte[0] : expected.bytes;
            byte[] after = Arrays.copyOf(before, before.length + suffix.length);
            System.arraycopy(suffix, 0, after, before.length, suffix.length);
            assertThat(length).as(at, step).isEqualTo(after.length);
            model.put(key, new Value(after, expected == null ? 0 : expected.deadlineMs));
        }

        private void setRange(Slot slot, int key, ByteSpan name, Value expected, int step) {
            byte[] patch = {1, 2, 3};
            int offset = random.nextInt(300);
            int length = Strings.setRange(slot, name, offset, valueBuffer.put(patch), nowMs);
            byte[] before = expected == null ? new byte[0] : expected.bytes;
            byte[] after = Arrays.copyOf(before, Math.max(before.length, offset + 3));
            System.arraycopy(patch, 0, after, offset, 3);
            assertThat(length).as(at, step).isEqualTo(after.length);
            model.put(key, new Value(after, expected == null ? 0 : expected.deadlineMs));
        }

        private void expire(Slot slot, int key, ByteSpan name, Value expected) {
            long entry = slot.peek(name, nowMs);
            if (entry != Slot.ABSENT) {
                long deadline = nowMs + random.nextInt(200);
                long moved = slot.setExpireAt(entry, deadline);
                assertThat(slot.expireAt(moved)).isEqualTo(deadline);
                model.put(key, new Value(expected.bytes, deadline));
            }
        }

        private void rename(Slot slot, int key, ByteSpan name, Value expected) {
            int other =
                    (key + slots * (1 + random.nextInt(5))) % keys / slots * slots + key % slots;
            if (expected == null || other >= keys) {
                return;
            }
            long entry = slot.find(name, nowMs);
            if (random.nextBoolean()) {
                slot.moveTo(entry, slot, name(other));
                model.remove(key);
            } else {
                slot.copyTo(entry, slot, name(other), nowMs);
            }
            model.put(other, expected);
        }

        void compareEverything(int step) {
            for (int key = 0; key < keys; key++) {
                int slot = key % slots;
                keyspace.locks().lock(slot);
                try {
                    Slot at = database.slot(slot);
                    compare(at, at.peek(name(key), nowMs), live(key), step);
                } finally {
                    keyspace.locks().unlock(slot);
                }
            }
            assertThat(database.keyCount()).as(at, step).isEqualTo(model.size());
            long expiring =
                    model.values().stream().filter(v -> v.deadlineMs != 0).count();
            assertThat(database.expiringKeyCount()).as(at, step).isEqualTo(expiring);
        }

        void deleteEverything() {
            for (int key = 0; key < keys; key++) {
                keyspace.locks().lock(key % slots);
                try {
                    database.slot(key % slots).remove(name(key), nowMs);
                } finally {
                    keyspace.locks().unlock(key % slots);
                }
            }
            assertThat(keyspace.memoryUse().usedBytes()).as("seed " + seed).isZero();
            assertThat(keyspace.memoryUse().indexBytes()).as("seed " + seed).isZero();
        }

        private void thinOut() {
            for (int key = 0; key < keys; key++) {
                if (key % 10 != 0) {
                    keyspace.locks().lock(key % slots);
                    try {
                        database.slot(key % slots).remove(name(key), nowMs);
                    } finally {
                        keyspace.locks().unlock(key % slots);
                    }
                    model.remove(key);
                }
            }
        }

        private void compare(Slot slot, long entry, Value expected, int step) {
            boolean present = entry != Slot.ABSENT;
            if (present != (expected != null)) {
                assertThat(present).as(at, step).isEqualTo(expected != null);
            }
            if (present) {
                long deadline = expected.deadlineMs == 0 ? Slot.NO_EXPIRY : expected.deadlineMs;
                if (slot.expireAt(entry) != deadline) {
                    assertThat(slot.expireAt(entry)).as(at, step).isEqualTo(deadline);
                }
                if (!slot.stringValue(entry, span).contentEquals(expected.bytes)) {
                    assertThat(span.toByteArray()).as(at, step).isEqualTo(expected.bytes);
                }
            }
        }

        private Value live(int key) {
            Value value = model.get(key);
            if (value != null && value.deadlineMs != 0 && value.deadlineMs < nowMs) {
                model.remove(key);
                return null;
            }
            return value;
        }

        private byte[] bytes() {
            int kind = random.nextInt(1000);
            int length = kind < 900
                    ? random.nextInt(100)
                    : kind < 998 ? random.nextInt(3000) : random.nextInt(70_000);
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }

        private ByteSpan name(int key) {
            String padding = key % 97 == 0 ? "x".repeat(1100) : "";
            return keyBuffer.put("key:" + key + padding);
        }

        @Override
        public void close() {
            keyspace.close();
            keyBuffer.close();
            valueBuffer.close();
        }
    }
}
