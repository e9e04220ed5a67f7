package dev.slotmesh.keyspace.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded random operations on a table and on a plain map side by side; any difference names seed and step. */
class ElementTableModelTest {
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 150_000);

    private final Arena arena = new Arena(4, 0x5EC2E7L);
    private final ArenaStripe stripe = arena.stripe(1);
    private final NativeBuffer nameBuffer = new NativeBuffer(64);
    private final NativeBuffer valueBuffer = new NativeBuffer(64);
    private final TableStructure structure = new TableStructure();

    @AfterEach
    void close() {
        nameBuffer.close();
        valueBuffer.close();
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 6", "2, 60", "3, 3000", "4, 20000", "5, 60000"})
    void shouldAnswerAsAMapDoes(long seed, int names) {
        Run run = new Run(seed, names);
        for (int step = 0; step < OPERATIONS; step++) {
            run.step(step);
        }
        run.compare(OPERATIONS);
        run.removeAll();
        run.compare(OPERATIONS);
        free(run.table);

        assertThat(arena.usedBytes()).as("seed %d: leaked", seed).isZero();
    }

    @ParameterizedTest
    @CsvSource({"11, 5", "12, 900", "13, 30000"})
    void shouldCopyMeasureAndFreeInSteps(long seed, int names) {
        Run run = new Run(seed, names);
        for (int step = 0; step < 3 * names; step++) {
            run.step(step);
        }
        long before = arena.usedBytes();

        assertThat(structure.bytes(run.table, 0)).isEqualTo(before);
        long copy = structure.copy(run.table, arena.stripe(2));
        assertThat(arena.usedBytes()).isEqualTo(2 * before);
        free(run.table);

        run.table = copy;
        run.compare(-1);
        int calls = 0;
        long left = copy;
        while (left != 0) {
            long used = arena.usedBytes();
            left = structure.free(arena.stripe(2), left, 100);
            calls++;
            assertThat(arena.usedBytes()).as("seed %d", seed).isLessThan(used);
        }
        assertThat(calls).isGreaterThanOrEqualTo(run.model.size() / 300);
        assertThat(arena.usedBytes()).isZero();
    }

    @Test
    void shouldShowEveryElementThatStaysWhileTheTableGrowsAndShrinks() {
        for (long seed = 1; seed <= 12; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long table = ElementTable.create(stripe, TableKind.MEMBERS);
            int lasting = random.nextInt(1, 4000);
            for (int i = 0; i < lasting; i++) {
                add(table, "stays" + i);
            }
            int passing = seed % 2 == 0 ? 30_000 : 0;
            for (int i = 0; i < passing; i++) {
                add(table, "goes" + i);
            }

            Set<String> seen = new HashSet<>();
            ByteSpan name = new ByteSpan();
            long position = 0;
            int added = 0;
            while (position < ElementTable.END) {
                long next = ElementTable.scan(
                        table,
                        position,
                        element -> seen.add(Element.name(element, name).toString()));
                assertThat(next).isGreaterThan(position);
                position = next;
                for (int i = random.nextInt(40); i > 0; i--) {
                    if (passing > 0 && random.nextInt(4) != 0) {
                        take(table, "goes" + --passing);
                    } else if (added < 30_000) {
                        add(table, "comes" + added++);
                    }
                }
            }

            for (int i = 0; i < lasting; i++) {
                assertThat(seen).as("seed %d", seed).contains("stays" + i);
            }
            free(table);
        }
        assertThat(arena.usedBytes()).isZero();
    }

    @Test
    void shouldShowEachElementOnceWhileNothingChanges() {
        long table = ElementTable.create(stripe, TableKind.MEMBERS);
        for (int i = 0; i < 20_000; i++) {
            add(table, "m" + i);
        }

        List<Long> seen = new ArrayList<>();
        for (long at = 0; at < ElementTable.END; ) {
            at = ElementTable.scan(table, at, seen::add);
        }

        assertThat(seen).hasSize(20_000).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"3", "20", "5000"})
    void shouldPickEveryElementAboutEquallyOften(int size) {
        long table = ElementTable.create(stripe, TableKind.MEMBERS);
        for (int i = 0; i < 2 * size; i++) {
            add(table, "m" + i);
        }
        for (int i = size; i < 2 * size; i++) {
            take(table, "m" + i);
        }
        SplittableRandom random = new SplittableRandom(77);

        Map<Long, Integer> picked = new HashMap<>();
        int picks = 400 * size;
        for (int i = 0; i < picks; i++) {
            picked.merge(ElementTable.random(table, random), 1, Integer::sum);
        }

        double chiSquare = 0;
        for (int count : picked.values()) {
            chiSquare += (count - 400.0) * (count - 400.0) / 400.0;
        }
        assertThat(picked).hasSize(size);
        assertThat(chiSquare).isLessThan(size + 5 * Math.sqrt(2.0 * size) + 10);
    }

    @Test
    void shouldEstimateBytesFromSamples() {
        long table = ElementTable.create(stripe, TableKind.MEMBERS);
        for (int i = 0; i < 5000; i++) {
            add(table, "m".repeat(i % 40) + i);
        }

        assertThat((double) structure.bytes(table, 100))
                .isBetween(arena.usedBytes() * 0.8, arena.usedBytes() * 1.2);
    }

    @Test
    void shouldKeepASmallTableSmall() {
        long table = ElementTable.create(stripe, TableKind.MEMBERS);
        for (int i = 0; i < 5; i++) {
            add(table, "a member of 20 byte" + i);
        }

        assertThat(arena.usedBytes()).isEqualTo(40 + 64 + 5 * 24);
    }

    private void add(long table, String name) {
        ByteSpan span = nameBuffer.put(name);
        ElementTable.insert(stripe, table, span, stripe.hashes().of(span));
    }

    private void take(long table, String name) {
        ByteSpan span = nameBuffer.put(name);
        long hash = stripe.hashes().of(span);
        ElementTable.remove(stripe, table, ElementTable.find(table, span, hash), hash);
    }

    private void free(long table) {
        assertThat(structure.free(stripe, table, Integer.MAX_VALUE)).isZero();
    }

    private record Value(byte[] bytes, long deadlineMs) {}

    private final class Run {
        private final long seed;
        private final SplittableRandom random;
        private final int names;
        private final Map<String, Value> model = new HashMap<>();
        private final ByteSpan view = new ByteSpan();
        private long table = ElementTable.create(stripe, TableKind.FIELDS);

        Run(long seed, int names) {
            this.seed = seed;
            this.names = names;
            this.random = new SplittableRandom(seed);
        }

        void step(int step) {
            String at = "seed " + seed + " step " + step;
            boolean shrinking = step / (names + 1) % 2 == 1;
            String name = name(random.nextInt(names));
            ByteSpan span = nameBuffer.put(name);
            long hash = stripe.hashes().of(span);
            long element = ElementTable.find(table, span, hash);
            assertThat(element != ElementTable.ABSENT).as(at).isEqualTo(model.containsKey(name));
            if (element == ElementTable.ABSENT) {
                if (!shrinking || random.nextInt(8) == 0) {
                    byte[] value = value();
                    ElementTable.insertField(stripe, table, span, hash, valueBuffer.put(value));
                    model.put(name, new Value(value, 0));
                }
            } else {
                change(name, hash, element, shrinking, at);
            }
            if (step % (names * 2 + 50) == 0) {
                compare(step);
            }
        }

        private void change(String name, long hash, long element, boolean shrinking, String at) {
            Value old = model.get(name);
            assertThat(Element.value(element, view).contentEquals(old.bytes))
                    .as(at)
                    .isTrue();
            assertThat(Element.deadline(element)).as(at).isEqualTo(old.deadlineMs);
            int dice = random.nextInt(shrinking ? 3 : 8);
            if (dice == 0) {
                long deadline = random.nextInt(3) == 0 ? 0 : random.nextLong(1, 1L << 46);
                ElementTable.deadline(stripe, table, element, hash, deadline);
                model.put(name, new Value(old.bytes, deadline));
            } else if (dice < 3 && (shrinking || dice == 1)) {
                ElementTable.remove(stripe, table, element, hash);
                model.remove(name);
            } else {
                byte[] value = value();
                ElementTable.replace(stripe, table, element, hash, valueBuffer.put(value));
                model.put(name, new Value(value, old.deadlineMs));
            }
        }

        void removeAll() {
            for (String name : new ArrayList<>(model.keySet())) {
                take(table, name);
                model.remove(name);
            }
        }

        void compare(int step) {
            String at = "seed " + seed + " step " + step;
            TableInvariants.check(table, stripe.hashes(), at);
            assertThat(ElementTable.size(table)).as(at).isEqualTo(model.size());
            ByteSpan value = new ByteSpan();
            ElementTable.forEach(table, element -> {
                byte[] name = Element.name(element, view).toByteArray();
                Value expected = model.get(new String(name, StandardCharsets.UTF_8));
                assertThat(expected).as(at).isNotNull();
                assertThat(Element.value(element, value).contentEquals(expected.bytes))
                        .as(at)
                        .isTrue();
                assertThat(Element.deadline(element)).as(at).isEqualTo(expected.deadlineMs);
            });
        }

        /** Most short, some of each longer form. */
        private String name(int number) {
            int length = number % 50 == 0 ? 5000 : number % 20 == 0 ? 100 : number % 7;
            return "n" + number + "-" + "x".repeat(length);
        }

        private byte[] value() {
            int dice = random.nextInt(100);
            int length = dice == 0
                    ? random.nextInt(150_000)
                    : dice < 5 ? random.nextInt(3000) : random.nextInt(40);
            byte[] value = new byte[length];
            random.nextBytes(value);
            return value;
        }
    }
}
