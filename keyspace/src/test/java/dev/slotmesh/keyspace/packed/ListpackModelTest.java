package dev.slotmesh.keyspace.packed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded random edits of a listpack and of a plain list side by side, and bytes that a real server made. */
class ListpackModelTest {
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 60_000);

    private static final String CAPTURED =
            "7b0000001500816102800100017f01c08002dfff02d00002cfff02f1001003f1008003f200800004"
                    + "f200008004f30000800005f30000008005f4000000800000000009f4000000000000008009f4ffff"
                    + "ffffffffff7f09933932323333373230333638353437373538303814822d3003833030370483312e"
                    + "3504ff";

    private final Arena arena = new Arena(1, 0x5EC2E7L);
    private final ArenaStripe stripe = arena.stripe(0);
    private final NativeBuffer value = new NativeBuffer(64);
    private final NativeBuffer scratch = new NativeBuffer(32);
    private final ByteSpan span = new ByteSpan();

    @AfterEach
    void close() {
        value.close();
        scratch.close();
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 12, 30", "2, 200, 60", "3, 60, 9000", "4, 3, 70000"})
    void shouldAnswerAsAListDoes(long seed, int mostElements, int longest) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> model = new ArrayList<>();
        long listpack = Listpack.create(stripe);
        for (int step = 0; step < OPERATIONS; step++) {
            String at = "seed " + seed + " step " + step;
            listpack = edit(listpack, model, random, mostElements, longest);
            compare(listpack, model, random, at);
        }
        Listpack.free(stripe, listpack);

        assertThat(arena.usedBytes()).isZero();
    }

    @Test
    void shouldStoreTheBytesThatTheRealServerStores() {
        // From DUMP of a list pushed by redis-server 7.0.15, in the order of the pushes.
        String[] elements = {
            "a",
            "",
            "0",
            "127",
            "128",
            "-1",
            "-4096",
            "4095",
            "4096",
            "-32768",
            "32768",
            "-8388608",
            "8388608",
            "-2147483648",
            "2147483648",
            "-9223372036854775808",
            "9223372036854775807",
            "9223372036854775808",
            "-0",
            "007",
            "1.5"
        };
        long listpack = Listpack.create(stripe);
        for (String element : elements) {
            listpack = Listpack.append(stripe, listpack, value.put(element));
        }

        byte[] bytes =
                new ByteSpan().set(listpack, Listpack.totalBytes(listpack)).toByteArray();

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(CAPTURED);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                63, 64, 122, 124, 125, 126, 127, 4095, 4096, 16_377, 16_378, 16_379, 2_097_145,
                2_097_146
            })
    void shouldWalkBackOverElementsOfEveryLength(int length) {
        long listpack = Listpack.create(stripe);
        listpack = Listpack.append(stripe, listpack, value.put("first"));
        listpack = Listpack.append(stripe, listpack, value.put("x".repeat(length)));
        listpack = Listpack.append(stripe, listpack, value.put("last"));

        int middle = Listpack.previous(listpack, Listpack.last(listpack));

        assertThat(Listpack.previous(listpack, middle)).isEqualTo(Listpack.first(listpack));
        assertThat(ListpackEntry.text(listpack + middle, span, scratch).length())
                .isEqualTo(length);
        assertThat(Listpack.isValid(listpack, Listpack.totalBytes(listpack))).isTrue();
    }

    @Test
    void shouldCountWhenTheHeaderNoLongerCan() {
        long listpack = Listpack.create(stripe);
        for (int i = 0; i < 70_000; i++) {
            listpack = Listpack.append(stripe, listpack, i);
        }
        assertThat(Listpack.count(listpack)).isEqualTo(70_000);
        int at = Listpack.seek(listpack, 69_998);
        assertThat(ListpackEntry.integer(listpack + at)).isEqualTo(69_998);
        assertThat(Listpack.seek(listpack, -70_000)).isEqualTo(Listpack.first(listpack));
        assertThat(Listpack.seek(listpack, 70_000)).isEqualTo(Listpack.NONE);
        assertThat(Listpack.seek(listpack, -70_001)).isEqualTo(Listpack.NONE);

        listpack = Listpack.deleteRange(stripe, listpack, Listpack.HEADER_BYTES, 69_000);

        assertThat(Listpack.count(listpack)).isEqualTo(1000);
        listpack = Listpack.delete(stripe, listpack, Listpack.last(listpack));
        assertThat(Listpack.count(listpack)).isEqualTo(999);
        assertThat(Listpack.isValid(listpack, Listpack.totalBytes(listpack))).isTrue();
    }

    @Test
    void shouldSkipValuesWhenFindingFields() {
        long listpack = Listpack.create(stripe);
        for (String each : new String[] {"a", "7", "7", "a", "b", "b"}) {
            listpack = Listpack.append(stripe, listpack, value.put(each));
        }
        int first = Listpack.first(listpack);

        assertThat(Listpack.find(listpack, first, value.put("7"), 1))
                .isEqualTo(Listpack.seek(listpack, 2));
        assertThat(Listpack.find(listpack, first, value.put("7"), 0))
                .isEqualTo(Listpack.seek(listpack, 1));
        assertThat(Listpack.find(listpack, first, value.put("c"), 1)).isEqualTo(Listpack.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldRefuseDamagedBytesAndNeverReadBeyondThem(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long listpack = Listpack.create(stripe);
        for (int i = 0; i < 20; i++) {
            byte[] element = element(random, 200).getBytes(StandardCharsets.ISO_8859_1);
            listpack = Listpack.append(stripe, listpack, value.put(element));
        }
        byte[] good =
                new ByteSpan().set(listpack, Listpack.totalBytes(listpack)).toByteArray();
        assertThat(isValid(good)).isTrue();
        for (int length = 0; length < good.length; length++) {
            assertThat(isValid(Arrays.copyOf(good, length))).isFalse();
        }
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = good.clone();
            damaged[random.nextInt(good.length)] = (byte) random.nextInt(256);
            if (isValid(damaged)) {
                accepted++;
                walk(damaged);
            }
        }
        // Changes inside a string or an integer are no damage that can be seen.
        assertThat(accepted).as("seed " + seed).isBetween(1, 19_999);
    }

    private boolean isValid(byte[] bytes) {
        return Listpack.isValid(value.put(bytes).address(), bytes.length);
    }

    private void walk(byte[] bytes) {
        long listpack = value.put(bytes).address();
        int elements = 0;
        for (int at = Listpack.first(listpack);
                at != Listpack.NONE;
                at = Listpack.next(listpack, at)) {
            assertThat(ListpackEntry.text(listpack + at, span, scratch).length())
                    .isNotNegative();
            elements++;
        }
        for (int at = Listpack.last(listpack);
                at != Listpack.NONE;
                at = Listpack.previous(listpack, at)) {
            elements--;
        }
        assertThat(elements).isZero();
    }

    private long edit(
            long listpack, List<String> model, SplittableRandom random, int most, int longest) {
        int dice = random.nextInt(100);
        int size = model.size();
        if (size > most) {
            int from = random.nextInt(size);
            int count = 1 + random.nextInt(size);
            model.subList(from, Math.min(size, from + count)).clear();
            return Listpack.deleteRange(stripe, listpack, Listpack.seek(listpack, from), count);
        }
        String text = element(random, longest);
        ByteSpan bytes = value.put(text.getBytes(StandardCharsets.ISO_8859_1));
        if (size == 0 || dice < 25) {
            model.add(text);
            return Listpack.append(stripe, listpack, bytes);
        }
        if (dice < 40) {
            model.add(0, text);
            return Listpack.prepend(stripe, listpack, bytes);
        }
        int index = random.nextInt(size);
        int position = Listpack.seek(listpack, random.nextBoolean() ? index : index - size);
        if (dice < 55) {
            model.add(index, text);
            return Listpack.insert(stripe, listpack, position, bytes);
        }
        if (dice < 65) {
            model.add(index + 1, text);
            return Listpack.insertAfter(stripe, listpack, position, bytes);
        }
        if (dice < 80) {
            model.set(index, text);
            return Listpack.replace(stripe, listpack, position, bytes);
        }
        model.remove(index);
        return Listpack.delete(stripe, listpack, position);
    }

    private void compare(long listpack, List<String> model, SplittableRandom random, String at) {
        assertThat(Listpack.count(listpack)).as(at).isEqualTo(model.size());
        if (!Listpack.isValid(listpack, Listpack.totalBytes(listpack))) {
            throw new AssertionError(at + ": not a listpack");
        }
        int position = Listpack.first(listpack);
        for (String expected : model) {
            String found = text(ListpackEntry.text(listpack + position, span, scratch));
            if (!found.equals(expected)) {
                assertThat(found).as(at).isEqualTo(expected);
            }
            if (ListpackEntry.isInteger(listpack + position)
                    != value.put(expected.getBytes(StandardCharsets.ISO_8859_1)).isLong()) {
                throw new AssertionError(at + ": stored in another way: " + expected);
            }
            position = Listpack.next(listpack, position);
        }
        assertThat(position).as(at).isEqualTo(Listpack.NONE);
        if (!model.isEmpty()) {
            String wanted = model.get(random.nextInt(model.size()));
            byte[] bytes = wanted.getBytes(StandardCharsets.ISO_8859_1);
            int found = Listpack.find(listpack, Listpack.first(listpack), value.put(bytes), 0);
            assertThat(found).as(at).isEqualTo(Listpack.seek(listpack, model.indexOf(wanted)));
            assertThat(ListpackEntry.isText(listpack + found, value.span()))
                    .as(at)
                    .isTrue();
        }
    }

    private static String element(SplittableRandom random, int longest) {
        int kind = random.nextInt(10);
        if (kind < 4) {
            return Long.toString(random.nextLong() >> random.nextInt(64));
        }
        int length = kind < 9 ? random.nextInt(24) : random.nextInt(longest);
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            text[i] = (char) (kind == 5 ? '0' + random.nextInt(10) : random.nextInt(256));
        }
        return new String(text);
    }

    private static String text(ByteSpan bytes) {
        return new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
    }
}
