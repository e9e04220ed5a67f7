package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets against sets of Java. {@code -Dslotmesh.model.operations=N} does N operations a seed. */
final class SetsModelTest {
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 20_000);

    @ParameterizedTest
    @ValueSource(longs = {20271, 20272, 20273})
    void shouldBeTheSetsOfTheModel(long seed) {
        try (Run run = new Run(seed)) {
            for (int step = 0; step < OPERATIONS; step++) {
                run.step(step);
            }
            run.end();
        }
    }

    @Test
    void shouldDrawEveryMemberEquallyOften() {
        long seed = 5;
        try (SmallKeyspace small = new SmallKeyspace()) {
            for (String prefix : new String[] {"", "m"}) {
                Slot slot = small.slot(1);
                long entry = Sets.create(slot, small.key("k"), small.value(prefix + 0), 1);
                for (int i = 0; i < 100; i++) {
                    Sets.add(slot, entry, small.value(prefix + i));
                }
                Map<String, Integer> drawn = new HashMap<>();
                Map<String, Integer> sampled = new HashMap<>();
                SplittableRandom random = new SplittableRandom(seed);
                SetRandom.draw(slot, entry, 100_000, random, member -> count(drawn, member));
                for (int i = 0; i < 2_000; i++) {
                    SetRandom.sample(slot, entry, 20, random, member -> count(sampled, member));
                    SetRandom.sample(slot, entry, 30, random, member -> count(sampled, member));
                }

                assertThat(drawn).as("seed %d", seed).hasSize(100);
                assertThat(drawn.values()).as("seed %d", seed).allMatch(n -> n > 850 && n < 1150);
                assertThat(sampled.values()).as("seed %d", seed).allMatch(n -> n > 850 && n < 1150);
            }
        }
    }

    @Test
    void shouldGrowAndShrinkInShortStepsAndLeaveNothing() {
        try (SmallKeyspace small = new SmallKeyspace();
                NativeBuffer member = new NativeBuffer(32)) {
            Slot slot = small.slot(7);
            long entry = Sets.create(slot, small.key("large"), member.put("x"), 1);
            for (int i = 0; i < 200_000; i++) {
                assertThat(Sets.add(slot, entry, member.put("member:" + i))).isTrue();
            }
            assertThat(Sets.size(slot, entry)).isEqualTo(200_000);
            for (int i = 0; i < 200_000; i += 2) {
                assertThat(Sets.remove(slot, entry, member.put("member:" + i))).isTrue();
            }
            for (int i = 0; i < 200_000; i++) {
                assertThat(Sets.contains(slot, entry, member.put("member:" + i)))
                        .isEqualTo(i % 2 == 1);
            }
            slot.removeEntry(entry);
            int steps = 0;
            while (!small.keyspace.remains().free(1)) {
                steps++;
            }

            assertThat(steps).as("freed in steps").isGreaterThan(100);
            assertThat(small.keyspace.memoryUse().usedBytes()).isZero();
        }
    }

    private static void count(Map<String, Integer> counts, ByteSpan member) {
        counts.merge(SmallKeyspace.text(member), 1, Integer::sum);
    }

    private static final class Run implements AutoCloseable {
        private static final String[] KEYS = {"a", "b", "c", "d"};
        private static final int INTSET_LIMIT = 40;

        private final SmallKeyspace small = new SmallKeyspace();
        private final NativeBuffer memberBuffer = new NativeBuffer(64);
        private final SplittableRandom random;
        private final long seed;
        private final Map<String, Set<String>> model = new HashMap<>();
        private final Set<String> tables = new HashSet<>();
        private String where = "";

        Run(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            EncodingLimits limits =
                    new EncodingLimits(512, 64, INTSET_LIMIT, 128, 64, -2, 0, 1, 1, 1);
            small.keyspace.encodingLimits(limits);
        }

        void step(int step) {
            where = "seed " + seed + " step " + step;
            String key = KEYS[random.nextInt(KEYS.length)];
            switch (random.nextInt(40)) {
                case 0 -> combine(key);
                case 1 -> pop(key);
                case 2 -> sample(key);
                case 3 -> scan(key);
                case 4 -> removeAll(key, step);
                case 5, 6, 7, 8, 9, 10, 11, 12 -> remove(key, member(step));
                default -> add(key, member(step));
            }
            if (step % 50 == 0) {
                check(key);
            }
        }

        /** Integers for some thousand steps, then anything. */
        private String member(int step) {
            int number = random.nextInt(step % 4000 < 1000 ? 60 : 3000);
            boolean mixed = step % 4000 > 600 && random.nextInt(4) == 0;
            return mixed
                    ? "member " + "x".repeat(random.nextInt(80)) + number
                    : Integer.toString(number - 30);
        }

        private void add(String key, String member) {
            long entry = entry(key);
            Set<String> expected = model.computeIfAbsent(key, k -> new HashSet<>());
            if (entry == Slot.ABSENT) {
                entry = Sets.create(slot(key), small.key(key), memberBuffer.put(member), 1);
            }
            assertThat(Sets.add(slot(key), entry, memberBuffer.put(member)))
                    .as(where)
                    .isEqualTo(expected.add(member));
            if (expected.size() > INTSET_LIMIT || !member.matches("-?\\d+")) {
                tables.add(key);
            }
        }

        private void remove(String key, String member) {
            long entry = entry(key);
            if (entry == Slot.ABSENT) {
                return;
            }
            assertThat(Sets.remove(slot(key), entry, memberBuffer.put(member)))
                    .as(where)
                    .isEqualTo(model.get(key).remove(member));
            forgetIfEmpty(key, entry);
        }

        private void forgetIfEmpty(String key, long entry) {
            boolean empty = model.get(key).isEmpty();
            assertThat(Sets.removeIfEmpty(slot(key), entry)).as(where).isEqualTo(empty);
            if (empty) {
                model.remove(key);
                tables.remove(key);
            }
        }

        private void pop(String key) {
            long entry = entry(key);
            if (entry == Slot.ABSENT) {
                return;
            }
            int count = random.nextInt(Math.min(30, model.get(key).size()) + 1);
            List<String> popped = new ArrayList<>();
            SetRandom.pop(slot(key), entry, count, random, member -> popped.add(text(member)));
            assertThat(popped).as(where).hasSize(count).allMatch(model.get(key)::remove);
            forgetIfEmpty(key, entry);
        }

        private void sample(String key) {
            long entry = entry(key);
            if (entry == Slot.ABSENT) {
                return;
            }
            int count = random.nextInt(model.get(key).size() + 1);
            List<String> drawn = new ArrayList<>();
            SetRandom.sample(slot(key), entry, count, random, member -> drawn.add(text(member)));
            assertThat(drawn).as(where).hasSize(count);
            assertThat(new HashSet<>(drawn)).as(where).hasSize(count);
            assertThat(model.get(key).containsAll(drawn)).as(where).isTrue();
        }

        private void scan(String key) {
            long entry = entry(key);
            if (entry == Slot.ABSENT) {
                return;
            }
            List<String> seen = new ArrayList<>();
            long position = 0;
            while (position < Sets.END) {
                position = Sets.scan(slot(key), entry, position, member -> seen.add(text(member)));
            }
            requireSame(seen, model.get(key));
        }

        private void removeAll(String key, int step) {
            if (step % 3 == 0 && entry(key) != Slot.ABSENT) {
                slot(key).remove(small.key(key), 1);
                model.remove(key);
                tables.remove(key);
            }
        }

        private void combine(String target) {
            List<SetOperand> operands = new ArrayList<>();
            List<Set<String>> expected = new ArrayList<>();
            for (String key : KEYS) {
                if (entry(key) != Slot.ABSENT && random.nextInt(4) != 0) {
                    operands.add(new SetOperand(slot(key), entry(key)));
                    expected.add(model.get(key));
                }
            }
            if (operands.isEmpty()) {
                return;
            }
            Set<String> result = new HashSet<>(expected.get(0));
            try (SetUnderway underway = new SetUnderway(slot(target))) {
                int kind = random.nextInt(3);
                if (kind == 0) {
                    expected.forEach(result::retainAll);
                    long shown = SetAlgebra.intersect(operands, 0, underway::add);
                    assertThat(shown).as(where).isEqualTo(result.size());
                    assertThat(SetAlgebra.intersect(operands, 3, member -> {}))
                            .as(where)
                            .isEqualTo(Math.min(3, result.size()));
                } else if (kind == 1) {
                    expected.forEach(result::addAll);
                    SetAlgebra.unite(operands, underway);
                } else {
                    expected.subList(1, expected.size()).forEach(result::removeAll);
                    List<SetOperand> others = operands.subList(1, operands.size());
                    SetAlgebra.subtract(operands.get(0), others, underway);
                }
                Set<String> gathered = new HashSet<>();
                underway.forEach(member -> gathered.add(text(member)));
                assertThat(gathered.equals(result)).as(where).isTrue();
                assertThat(underway.size()).as(where).isEqualTo(result.size());
                if (!result.isEmpty() && random.nextBoolean()) {
                    underway.store(small.key(target), 1);
                    model.put(target, result);
                    tables.remove(target);
                    if (small.encoding(number(target), target).equals("hashtable")) {
                        tables.add(target);
                    }
                }
            }
        }

        private void check(String key) {
            long entry = entry(key);
            if (!model.containsKey(key)) {
                assertThat(entry).as(where).isEqualTo(Slot.ABSENT);
                return;
            }
            List<String> members = new ArrayList<>();
            Sets.forEach(slot(key), entry, member -> members.add(text(member)));
            assertThat(Sets.size(slot(key), entry))
                    .as(where)
                    .isEqualTo(model.get(key).size());
            requireSame(members, model.get(key));
            assertThat(small.encoding(number(key), key))
                    .as(where)
                    .isEqualTo(tables.contains(key) ? "hashtable" : "intset");
            if (!tables.contains(key)) {
                assertThat(members.stream().map(Long::valueOf)).as(where).isSorted();
            }
        }

        private void requireSame(List<String> members, Set<String> expected) {
            assertThat(members.size()).as(where).isEqualTo(expected.size());
            assertThat(new HashSet<>(members).equals(expected)).as(where).isTrue();
        }

        void end() {
            for (String key : KEYS) {
                slot(key).remove(small.key(key), 1);
            }
            while (!small.keyspace.remains().free(1_000_000)) {
                // Freed in bounded steps.
            }
            assertThat(small.keyspace.memoryUse().usedBytes()).as(where).isZero();
        }

        private long entry(String key) {
            return slot(key).peek(small.key(key), 1);
        }

        private Slot slot(String key) {
            return small.slot(number(key));
        }

        private static int number(String key) {
            return key.charAt(0);
        }

        private static String text(ByteSpan member) {
            return SmallKeyspace.text(member);
        }

        @Override
        public void close() {
            memberBuffer.close();
            small.close();
        }
    }
}
