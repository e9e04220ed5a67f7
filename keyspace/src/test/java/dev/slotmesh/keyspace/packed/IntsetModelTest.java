package dev.slotmesh.keyspace.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Intsets against a sorted set of Java, byte for byte. {@code -Dslotmesh.model.operations=N} does N operations. */
final class IntsetModelTest {
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 50_000);
    private static final long[] EDGES = {
        0,
        -1,
        32767,
        32768,
        -32768,
        -32769,
        2147483647L,
        2147483648L,
        -2147483648L,
        -2147483649L,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final Arena arena = new Arena(2, 0x5EC2E7L);
    private final ArenaStripe stripe = arena.stripe(1);
    private final NativeBuffer buffer = new NativeBuffer(64);
    private final ByteSpan span = new ByteSpan();

    @AfterEach
    void close() {
        buffer.close();
        arena.close();
    }

    @Test
    void shouldKeepRedissBytesAtEachStep() {
        long seed = 20270;
        SplittableRandom random = new SplittableRandom(seed);
        TreeSet<Long> model = new TreeSet<>();
        int width = 2;
        long set = Intset.create(stripe);
        for (int step = 0; step < OPERATIONS; step++) {
            String where = "seed " + seed + " step " + step;
            long value = value(random, step);
            boolean adds = random.nextInt(100) < (step / 2000 % 2 == 0 ? 70 : 30);
            long moved = adds ? Intset.add(stripe, set, value) : Intset.remove(stripe, set, value);

            assertThat(moved != 0)
                    .as(where)
                    .isEqualTo(adds ? model.add(value) : model.remove(value));

            set = moved == 0 ? set : moved;
            width = adds ? Math.max(width, widthOf(value)) : width;
            assertThat(Intset.contains(set, value)).as(where).isEqualTo(model.contains(value));
            if (step % 16 == 0) {
                assertThat(Intset.bytes(set, span).toByteArray())
                        .as(where)
                        .isEqualTo(bytes(model, width));
                assertThat(arena.usedBytes()).as(where).isEqualTo(Intset.blockBytes(set));
            }
            if (step % 10_000 == 9_999) {
                Intset.free(stripe, set);
                assertThat(arena.usedBytes()).isZero();
                set = Intset.create(stripe);
                model.clear();
                width = 2;
            }
        }
        Intset.free(stripe, set);
        assertThat(arena.usedBytes()).isZero();
    }

    @Test
    void shouldLoadCopyAndFreeWhatItDumped() {
        IntsetStructure structure = new IntsetStructure();
        long set = Intset.create(stripe);
        for (long value = -300; value < 300; value++) {
            set = Intset.add(stripe, set, value * 1_000_003);
        }
        long loaded = Intset.load(arena.stripe(0), buffer.put(Intset.bytes(set, span)));
        long copied = structure.copy(set, arena.stripe(0));

        assertThat(Intset.bytes(loaded, span).toByteArray())
                .isEqualTo(Intset.bytes(set, new ByteSpan()).toByteArray());
        assertThat(Intset.bytes(copied, span).contentEquals(Intset.bytes(set, new ByteSpan())))
                .isTrue();
        assertThat(structure.blocks(set)).isEqualTo(1);
        assertThat(structure.bytes(set, 5)).isEqualTo(Intset.blockBytes(set)).isGreaterThan(2400);

        assertThat(structure.free(stripe, set, 1)).isZero();
        assertThat(structure.free(arena.stripe(0), loaded, 1)).isZero();
        assertThat(structure.free(arena.stripe(0), copied, 1)).isZero();
        assertThat(arena.usedBytes()).isZero();
    }

    @Test
    void shouldRefuseForeignBytesThatAreNoSet() {
        byte[] good = bytes(new TreeSet<>(java.util.List.of(-5L, 0L, 70_000L)), 4);
        assertThat(Intset.isValid(buffer.put(good))).isTrue();
        for (int length = 0; length < good.length; length++) {
            assertThat(Intset.isValid(buffer.put(java.util.Arrays.copyOf(good, length))))
                    .as("%d bytes", length)
                    .isFalse();
        }
        assertThat(Intset.isValid(buffer.put(java.util.Arrays.copyOf(good, good.length + 4))))
                .isFalse();
        for (int width : new int[] {0, 1, 3, 16, -4}) {
            assertThat(Intset.isValid(buffer.put(with(good, 0, width))))
                    .as("%d", width)
                    .isFalse();
        }
        for (int count : new int[] {0, 2, 4, -1, Integer.MAX_VALUE, 0x4000_0003}) {
            assertThat(Intset.isValid(buffer.put(with(good, 4, count))))
                    .as("%d", count)
                    .isFalse();
        }
        assertThat(Intset.isValid(buffer.put(with(good, 12, -5)))).as("twice").isFalse();
        assertThat(Intset.isValid(buffer.put(with(good, 12, -6))))
                .as("descending")
                .isFalse();
        assertThatThrownBy(() -> Intset.load(stripe, buffer.put(with(good, 4, 9))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(arena.usedBytes()).isZero();
    }

    @Test
    void shouldFindTheIndexOfMembersAndWhereOthersBelong() {
        long set = Intset.create(stripe);
        assertThat(Intset.search(set, 1)).isEqualTo(-1);
        for (long value : new long[] {30, 10, 20}) {
            set = Intset.add(stripe, set, value);
        }

        assertThat(Intset.count(set)).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(Intset.get(set, i)).isEqualTo(10 * (i + 1));
            assertThat(Intset.search(set, 10 * (i + 1))).isEqualTo(i);
            assertThat(Intset.search(set, 10 * i + 5)).isEqualTo(-1 - i);
        }
        assertThat(Intset.search(set, Long.MAX_VALUE)).isEqualTo(-4);
        set = Intset.removeAt(stripe, set, 1);
        assertThat(Intset.get(set, 1)).isEqualTo(30);
    }

    private static byte[] with(byte[] bytes, int offset, int value) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        return changed;
    }

    private static byte[] bytes(TreeSet<Long> model, int width) {
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + model.size() * width).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(width).putInt(model.size());
        for (long value : model) {
            switch (width) {
                case 2 -> bytes.putShort((short) value);
                case 4 -> bytes.putInt((int) value);
                default -> bytes.putLong(value);
            }
        }
        return bytes.array();
    }

    private static int widthOf(long value) {
        if (value >= -32768 && value <= 32767) {
            return 2;
        }
        return value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE ? 4 : 8;
    }

    /** Small ones first, wider ones later in each life of the set. */
    private static long value(SplittableRandom random, int step) {
        int phase = step % 10_000;
        if (phase > 2_000 && random.nextInt(50) == 0) {
            long edge = EDGES[random.nextInt(EDGES.length)];
            return phase > 5_000 || edge == (int) edge ? edge : 7;
        }
        return random.nextInt(-600, 600) * (phase > 7_000 ? 10_000_000_019L : 1);
    }
}
