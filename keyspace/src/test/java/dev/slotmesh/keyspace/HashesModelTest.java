package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded random operations on one hash and on a plain map side by side, in a time that passes by itself. */
class HashesModelTest {
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 60_000);

    @ParameterizedTest
    @CsvSource({"1, 8, 20", "2, 700, 100", "3, 5000, 50", "4, 300, 0"})
    void shouldAnswerAsAMapDoes(long seed, int fields, int deadlineOneIn) {
        try (Run run = new Run(seed, fields, deadlineOneIn)) {
            for (int step = 0; step < OPERATIONS; step++) {
                run.step(step);
            }
            run.compare(OPERATIONS);
            run.deleteEverything();
            assertThat(run.small.keyspace.memoryUse().usedBytes())
                    .as("seed %d", seed)
                    .isZero();
        }
    }

    private record Value(String text, long deadlineMs) {}

    private static final class Run implements AutoCloseable {
        private final SmallKeyspace small = new SmallKeyspace();
        private final Slot slot = small.slot(3);
        private final NativeBuffer key = new NativeBuffer(16);
        private final NativeBuffer field = new NativeBuffer(16);
        private final NativeBuffer value = new NativeBuffer(16);
        private final NativeBuffer digits = new NativeBuffer(20);
        private final Map<String, Value> model = new HashMap<>();
        private final long seed;
        private final SplittableRandom random;
        private final int fields;
        private final int deadlineOneIn;
        private long nowMs = SmallKeyspace.NOW;
        private int renamed;

        Run(long seed, int fields, int deadlineOneIn) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.fields = fields;
            this.deadlineOneIn = deadlineOneIn;
            key.put("hash");
        }

        void step(int step) {
            nowMs += random.nextInt(3);
            boolean shrinking = step / (3 * fields) % 2 == 1;
            String name = Integer.toString(random.nextInt(fields) - 5);
            field.put(random.nextInt(2) == 0 || fields > 100 ? name : name + "x");
            int dice = random.nextInt(shrinking ? 12 : 8);
            if (dice < 4) {
                set(step);
            } else if (dice == 4) {
                replace();
            } else if (dice == 5) {
                find(step);
            } else if (dice == 6 || dice > 7) {
                remove(step);
            } else if (deadlineOneIn > 0 && random.nextInt(deadlineOneIn) == 0) {
                expire();
            }
            if (random.nextInt(500) == 0) {
                small.slot(3).timedHashes().removeDue(small.slot(3), nowMs);
                model.values().removeIf(this::isDue);
            }
            if (random.nextInt(2000) == 0) {
                rename();
            }
            if (step % (fields + 300) == 0) {
                compare(step);
            }
        }

        private void set(int step) {
            long entry = entry();
            if (entry == Slot.ABSENT) {
                entry = Hashes.create(slot, key.span(), nowMs);
                model.clear();
            }
            String text = text();
            boolean isNew = Hashes.set(slot, entry, field.span(), value.put(text), nowMs);
            assertThat(isNew).as(at(step)).isEqualTo(present() == null);
            model.put(name(), new Value(text, 0));
        }

        private void replace() {
            Value old = present();
            if (old != null) {
                String text = text();
                Hashes.replace(slot, entry(), field.span(), value.put(text));
                model.put(name(), new Value(text, old.deadlineMs));
            }
        }

        private void find(int step) {
            long entry = entry();
            if (entry != Slot.ABSENT) {
                long found = Hashes.find(slot, entry, field.span(), nowMs);
                Value expected = present();
                assertThat(found != Hashes.ABSENT).as(at(step)).isEqualTo(expected != null);
                if (expected != null) {
                    assertThat(read(found)).as(at(step)).isEqualTo(expected.text);
                    assertThat(FieldText.length(found)).isEqualTo(expected.text.length());
                    long deadline = expected.deadlineMs;
                    assertThat(FieldDeadlines.get(slot, entry, field.span(), nowMs))
                            .as(at(step))
                            .isEqualTo(deadline == 0 ? FieldDeadlines.NONE : deadline);
                }
            }
        }

        private void remove(int step) {
            long entry = entry();
            if (entry != Slot.ABSENT) {
                boolean removed = Hashes.remove(slot, entry, field.span(), nowMs);
                assertThat(removed).as(at(step)).isEqualTo(present() != null);
                model.remove(name());
                Hashes.removeIfEmpty(slot, entry);
            }
        }

        private void expire() {
            Value old = present();
            if (old != null) {
                long deadline = random.nextInt(4) == 0
                        ? FieldDeadlines.NONE
                        : nowMs + random.nextInt(1, 5000);
                FieldDeadlines.set(slot, entry(), field.span(), deadline);
                model.put(name(), new Value(old.text, Math.max(0, deadline)));
            }
        }

        private void rename() {
            long entry = entry();
            if (entry != Slot.ABSENT) {
                try (NativeBuffer target = new NativeBuffer(16)) {
                    target.put("hash" + ++renamed);
                    if (random.nextInt(2) == 0) {
                        slot.moveTo(entry, slot, target.span());
                    } else {
                        slot.copyTo(entry, slot, target.span(), nowMs);
                        slot.remove(key.span(), nowMs);
                    }
                    key.put(target.span());
                }
            }
        }

        void compare(int step) {
            long entry = entry();
            Map<String, String> seen = new HashMap<>();
            if (entry != Slot.ABSENT) {
                List<String> scanned = new ArrayList<>();
                HashWalk walk = new HashWalk(slot, entry, nowMs);
                walk.forEach(name -> seen.put(read(name), read(FieldText.valueOfName(name))));
                long cursor = 0;
                do {
                    cursor = walk.scan(cursor, 10, name -> scanned.add(read(name)));
                } while (cursor != 0);
                assertThat(walk.count()).as(at(step)).isEqualTo(seen.size());
                assertThat(scanned).as(at(step)).containsExactlyInAnyOrderElementsOf(seen.keySet());
                List<String> sampled = new ArrayList<>();
                walk.sample(seen.size() / 2, random, name -> sampled.add(read(name)));
                assertThat(sampled).as(at(step)).hasSize(seen.size() / 2).doesNotHaveDuplicates();
                assertThat(seen.keySet()).as(at(step)).containsAll(sampled);
            }
            Map<String, String> expected = new HashMap<>();
            model.forEach((name, value) -> {
                if (!isDue(value)) {
                    expected.put(name, value.text);
                }
            });
            assertThat(seen).as(at(step)).isEqualTo(expected);
        }

        void deleteEverything() {
            slot.remove(key.span(), nowMs);
            while (!small.keyspace.remains().free(Long.MAX_VALUE)) {
                Thread.onSpinWait();
            }
            slot.timedHashes().removeDue(slot, nowMs + 1_000_000);
        }

        @Override
        public void close() {
            small.close();
            key.close();
            field.close();
            value.close();
            digits.close();
        }

        private long entry() {
            return slot.peek(key.span(), nowMs);
        }

        private Value present() {
            Value found = model.get(name());
            return found == null || isDue(found) ? null : found;
        }

        private boolean isDue(Value value) {
            return value.deadlineMs != 0 && value.deadlineMs < nowMs;
        }

        private String name() {
            return new String(field.span().toByteArray(), StandardCharsets.UTF_8);
        }

        private String read(long text) {
            return new String(
                    FieldText.bytes(text, new ByteSpan(), digits).toByteArray(),
                    StandardCharsets.UTF_8);
        }

        private String text() {
            int dice = random.nextInt(10);
            if (dice < 4) {
                return Long.toString(random.nextLong() >> random.nextInt(64));
            }
            return "v".repeat(random.nextInt(dice == 9 && fields > 500 ? 300 : 60));
        }

        private String at(int step) {
            return "seed " + seed + " step " + step;
        }
    }
}
