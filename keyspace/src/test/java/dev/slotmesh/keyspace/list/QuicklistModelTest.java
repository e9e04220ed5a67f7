package dev.slotmesh.keyspace.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.packed.Listpack;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded random operations on a quicklist and on a plain list side by side; any difference names seed and step. */
class QuicklistModelTest {
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 15_000);

    /** Of a node that is packed away from the ends, in lists whose limits a test gives. */
    private static final int LEAST_ELEMENTS = 16;

    private final Arena arena = new Arena(2, 0x5EC2E7L);
    private final ArenaStripe stripe = arena.stripe(0);
    private final NativeBuffer value = new NativeBuffer(64);
    private final NativeBuffer scratch = new NativeBuffer(32);
    private final ByteSpan span = new ByteSpan();
    private final ListCursor cursor = new ListCursor();
    private final QuicklistStructure structure = new QuicklistStructure();
    private int plainFrom = Quicklist.PLAIN_FROM;

    @AfterEach
    void close() {
        value.close();
        scratch.close();
        arena.close();
    }

    @ParameterizedTest(
            name =
                    "seed {0}: node size {1}, depth {2}, at most {3} elements, plain from {4}, inner {5}")
    @CsvSource({
        "1, -2, 0, 60, 1000000, 0",
        "2, -2, 0, 3000, 1000000, 0",
        "3, 4, 0, 100, 1000000, 0",
        "4, 3, 1, 80, 1000000, 16",
        "5, 8, 3, 300, 1000000, 0",
        "6, -1, 2, 2000, 1000000, 16",
        "7, 5, 1, 100, 40, 0",
        "8, -5, 0, 9000, 1000000, 0",
        "9, 0, 0, 20, 30, 0",
        "10, 32, 0, 400, 25, 0",
        "11, -1, 1, 1500, 300, 16",
        "12, -1, 0, 3000, 1000000, 1",
        "13, -1, 0, 6000, 1000000, 2",
        "14, -1, 0, 6000, 300, 4",
        "15, 25, 0, 1500, 1000000, 3",
        "16, 16, 0, 900, 60, 2"
    })
    void shouldAnswerAsAListDoes(
            long seed, int nodeSize, int depth, int most, int plain, int inner) {
        plainFrom = plain;
        SplittableRandom random = new SplittableRandom(seed);
        List<String> model = new ArrayList<>();
        long list = Quicklist.create(stripe, nodeSize, depth, inner, LEAST_ELEMENTS);
        for (int step = 0; step < OPERATIONS; step++) {
            String at = "seed " + seed + " step " + step;
            boolean growing = model.size() < most && step / 4000 % 3 != 2;
            act(list, model, random, growing, at);
            if (step % 32 == 0 || model.size() < 20) {
                QuicklistChecks.check(list, at);
            }
            if (step % 256 == 0 || model.size() < 20) {
                compare(list, model, at);
            }
        }
        compare(list, model, "seed " + seed);
        assertThat(Quicklist.hasPacked(list)).isEqualTo(depth == 0 && inner > 0);
        copyAndFree(list, model, seed);

        assertThat(arena.usedBytes()).isZero();
    }

    @Test
    void shouldTakeWholeNodesFromListpacks() {
        long list = Quicklist.create(stripe, -2, 1);
        List<String> model = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            long listpack = Listpack.create(stripe);
            int elements = i == 7 ? 9000 : i % 5 * 20;
            for (int j = 0; j < elements; j++) {
                String text = j % 3 == 0 ? Integer.toString(j) : "element " + j;
                listpack = Listpack.append(stripe, listpack, put(text));
                model.add(text);
            }
            Quicklist.append(stripe, list, span.set(listpack, Listpack.totalBytes(listpack)));
            Listpack.free(stripe, listpack);
            if (i % 10 == 3) {
                Quicklist.appendPlain(stripe, list, put("plain " + i));
                model.add("plain " + i);
            }
        }

        QuicklistChecks.check(list, "appended");
        compare(list, model, "appended");
        assertThat(structure.free(stripe, list, Integer.MAX_VALUE)).isZero();
        assertThat(arena.usedBytes()).isZero();
    }

    @Test
    void shouldKeepLargeElementsInNodesOfTheirOwn() {
        long list = Quicklist.create(stripe, -2, 0);
        List<String> model = new ArrayList<>();
        String large = "x".repeat(100_000);
        for (int i = 0; i < 10; i++) {
            String text = i % 2 == 0 ? large + i : "small " + i;
            Quicklist.push(stripe, list, i % 3 == 0, put(text), Quicklist.PLAIN_FROM);
            model.add(i % 3 == 0 ? 0 : model.size(), text);
        }

        compare(list, model, "pushed");
        QuicklistChecks.check(list, "pushed");
        structure.free(stripe, list, Integer.MAX_VALUE);
        assertThat(arena.usedBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 22.0, 22.4", "16, 5.0, 8.0"})
    void shouldWasteLittleOnAMillionElements(int inner, double least, double most) {
        long list = Quicklist.create(stripe, -2, 0, inner, InnerPacking.LEAST_ELEMENTS);
        for (int i = 0; i < 1_000_000; i++) {
            Quicklist.push(stripe, list, (i & 1) == 0, put("element:%012d".formatted(i)), 1 << 30);
        }

        // 20 bytes, and 2 of the listpack, when nothing is packed.
        assertThat(structure.bytes(list, 0) / 1e6).isBetween(least, most);
        assertThat(structure.bytes(list, 5) / 1e6).isBetween(least, most + 0.5);
        assertThat(arena.touchedBytes()).isLessThan((long) (most * 1_000_000) + 1_100_000);
        freeInSteps(list);
        assertThat(arena.usedBytes()).isZero();
    }

    private void freeInSteps(long list) {
        long left = list;
        int steps = 0;
        while (left != 0) {
            left = structure.free(stripe, left, 100);
            steps++;
        }
        assertThat(steps).isGreaterThan(20);
    }

    private void act(
            long list, List<String> model, SplittableRandom random, boolean growing, String at) {
        int dice = random.nextInt(100);
        boolean first = random.nextBoolean();
        if (model.isEmpty() || dice < (growing ? 40 : 10)) {
            String text = text(random);
            Quicklist.push(stripe, list, first, put(text), plainFrom);
            model.add(first ? 0 : model.size(), text);
        } else if (dice < 55) {
            String popped = end(list, first);
            Quicklist.pop(stripe, list, first);
            assertThat(popped).as(at).isEqualTo(model.remove(first ? 0 : model.size() - 1));
        } else if (dice < 57) {
            int count = random.nextInt(growing ? 5 : model.size() + 1);
            Quicklist.drop(stripe, list, first, count);
            int from = first ? 0 : Math.max(0, model.size() - count);
            model.subList(from, Math.min(model.size(), from + count)).clear();
        } else if (dice < 75) {
            insert(list, model, random, at);
        } else if (dice < 90) {
            replace(list, model, random, at);
        } else if (dice < 96) {
            delete(list, model, random, at);
        } else {
            remove(list, model, random, at);
        }
    }

    private void insert(long list, List<String> model, SplittableRandom random, String at) {
        int index = random.nextInt(model.size());
        boolean before = random.nextBoolean();
        String text = text(random);
        assertThat(cursor.seek(stripe, list, index)).as(at).isTrue();
        QuicklistEdits.insert(cursor, before, put(text), plainFrom);
        cursor.close();
        model.add(before ? index : index + 1, text);
    }

    private void replace(long list, List<String> model, SplittableRandom random, String at) {
        int index = random.nextInt(model.size());
        String text = text(random);
        assertThat(cursor.seek(stripe, list, index - model.size())).as(at).isTrue();
        assertThat(text(cursor)).as(at).isEqualTo(model.get(index));
        QuicklistEdits.replace(cursor, put(text), plainFrom);
        cursor.close();
        model.set(index, text);
    }

    private void delete(long list, List<String> model, SplittableRandom random, String at) {
        int index = random.nextInt(model.size());
        boolean forwards = random.nextBoolean();
        cursor.seek(stripe, list, index);
        boolean more = QuicklistEdits.delete(cursor, forwards);
        model.remove(index);
        int now = forwards ? index : index - 1;
        assertThat(more).as(at).isEqualTo(now >= 0 && now < model.size());
        if (more) {
            assertThat(text(cursor)).as(at).isEqualTo(model.get(now));
        }
        cursor.close();
    }

    /** As LREM does: all elements equal to one of them, from either end. */
    private void remove(long list, List<String> model, SplittableRandom random, String at) {
        String text = model.get(random.nextInt(model.size()));
        boolean forwards = random.nextBoolean();
        boolean more = cursor.seek(stripe, list, forwards ? 0 : -1);
        cursor.wanted(put(text));
        int left = model.size();
        while (more) {
            if (cursor.matches()) {
                more = QuicklistEdits.delete(cursor, forwards);
                left--;
            } else {
                more = forwards ? cursor.next() : cursor.previous();
            }
        }
        cursor.close();
        model.removeAll(Collections.singleton(text));
        assertThat(left).as(at).isEqualTo(model.size());
    }

    private void copyAndFree(long list, List<String> model, long seed) {
        ArenaStripe other = arena.stripe(1);
        long copy = structure.copy(list, other);
        while (structure.free(stripe, list, 3) != 0) {
            assertThat(structure.blocks(list)).isPositive();
        }
        QuicklistChecks.check(copy, "copy, seed " + seed);
        assertThat(cursor.seek(other, copy, model.size())).isFalse();
        if (!model.isEmpty()) {
            cursor.seek(other, copy, -1);
            assertThat(text(cursor)).isEqualTo(model.get(model.size() - 1));
            cursor.close();
        }
        assertThat(structure.bytes(copy, 0)).isEqualTo(arena.usedBytes());
        structure.free(other, copy, Integer.MAX_VALUE);
    }

    private void compare(long list, List<String> model, String at) {
        assertThat(Quicklist.size(list)).as(at).isEqualTo(model.size());
        boolean more = cursor.seek(stripe, list, 0);
        for (String expected : model) {
            if (!more || !text(cursor).equals(expected)) {
                assertThat(more ? text(cursor) : "end").as(at).isEqualTo(expected);
            }
            more = cursor.next();
        }
        assertThat(more).as(at).isFalse();
        cursor.close();
        more = cursor.seek(stripe, list, -1);
        for (int i = model.size() - 1; i >= 0; i -= 7) {
            assertThat(text(cursor)).as(at).isEqualTo(model.get(i));
            for (int j = 0; j < 7 && more; j++) {
                more = cursor.previous();
            }
        }
        cursor.close();
    }

    private String end(long list, boolean first) {
        return text(
                Quicklist.isInteger(list, first)
                        ? scratch.putLong(Quicklist.integer(list, first))
                        : Quicklist.string(list, first, span));
    }

    private String text(ListCursor from) {
        return text(from.isInteger() ? scratch.putLong(from.integer()) : from.text(span, scratch));
    }

    private static String text(ByteSpan bytes) {
        return new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
    }

    private ByteSpan put(String text) {
        return value.put(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(SplittableRandom random) {
        int kind = random.nextInt(20);
        if (kind < 6) {
            return Integer.toString(random.nextInt(-5, 40));
        }
        if (kind < 8) {
            return Long.toString(random.nextLong() >> random.nextInt(64));
        }
        int length = kind == 8 ? random.nextInt(5000) : random.nextInt(50);
        char[] text = new char[length];
        int letters = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            text[i] = (char) ('a' + random.nextInt(letters));
        }
        return new String(text);
    }
}
