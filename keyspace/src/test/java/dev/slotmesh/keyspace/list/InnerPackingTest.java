package dev.slotmesh.keyspace.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InnerPackingTest {
    private static final int NODE_SIZE = -2;
    private static final int ELEMENTS = 100_000;

    private final Arena arena = new Arena(2, 0x1A9EL);
    private final ArenaStripe stripe = arena.stripe(0);
    private final NativeBuffer value = new NativeBuffer(64);
    private final ListCursor cursor = new ListCursor();
    private final QuicklistStructure structure = new QuicklistStructure();

    @AfterEach
    void close() {
        value.close();
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPackAllNodesButThoseNearTheEnds(boolean first) {
        long list = Quicklist.create(stripe, NODE_SIZE, 0);

        pushNumbered(list, first, ELEMENTS);

        int nodes = Quicklist.nodeCount(list);
        assertThat(count(list, QuicklistNode::isCompressed))
                .isEqualTo(nodes - 2 * InnerPacking.DEPTH);
        assertThat((double) structure.bytes(list, 0) / ELEMENTS).isBetween(7.0, 9.0);
        QuicklistChecks.check(list, "pushed");
        free(list);
    }

    @Test
    void shouldLeaveListsOfFewNodesAlone() {
        long list = Quicklist.create(stripe, NODE_SIZE, 0);

        while (Quicklist.nodeCount(list) < 2 * InnerPacking.DEPTH) {
            pushNumbered(list, false, 1);
        }

        assertThat(count(list, QuicklistNode::isCompressed)).isZero();
        free(list);
    }

    @Test
    void shouldNotTouchPackedNodesWhenAnEndMovesToAndFro() {
        long list = Quicklist.create(stripe, NODE_SIZE, 0);
        pushNumbered(list, true, ELEMENTS);
        int perNode = QuicklistNode.elements(QuicklistNode.next(Quicklist.firstNode(list)));
        pushNumbered(list, true, perNode * InnerPacking.DEPTH);
        long packed = count(list, QuicklistNode::isCompressed);

        for (int round = 0; round < 3; round++) {
            Quicklist.drop(stripe, list, true, perNode * (InnerPacking.DEPTH / 2 - 1));
            assertThat(count(list, QuicklistNode::isCompressed)).isEqualTo(packed);
            pushNumbered(list, true, perNode * (InnerPacking.DEPTH / 2 - 1));
            assertThat(count(list, QuicklistNode::isCompressed)).isEqualTo(packed);
        }
        free(list);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldUnpackNodesBeforePoppingReachesThem(boolean first) {
        long list = Quicklist.create(stripe, NODE_SIZE, 0);
        pushNumbered(list, true, ELEMENTS);

        for (int i = 0; i < ELEMENTS; i++) {
            ByteSpan span = Quicklist.string(list, first, new ByteSpan());
            int number = first ? ELEMENTS - 1 - i : i;
            assertThat(span.contentEquals(numbered(number))).as("element %d", i).isTrue();
            Quicklist.pop(stripe, list, first);
            if (i % 1000 == 0) {
                QuicklistChecks.check(list, "popped " + i);
            }
        }

        free(list);
    }

    @Test
    void shouldSeldomTryAgainWhereNothingIsSaved() {
        long list = Quicklist.create(stripe, NODE_SIZE, 0);
        pushNoise(list, ELEMENTS);

        assertThat(count(list, QuicklistNode::isCompressed)).isZero();
        assertThat(Quicklist.innerLastWait(list)).isEqualTo(16);

        pushNumbered(list, true, ELEMENTS);
        assertThat(Quicklist.innerLastWait(list)).isZero();
        long most = Quicklist.nodeCount(list) / 2;
        assertThat(count(list, QuicklistNode::isCompressed))
                .isBetween(most - 3 * InnerPacking.DEPTH, most);
        free(list);
    }

    @Test
    void shouldPackAgainWhatWasEditedInside() {
        long list = Quicklist.create(stripe, NODE_SIZE, 0);
        pushNumbered(list, false, ELEMENTS);
        long packed = count(list, QuicklistNode::isCompressed);

        cursor.seek(stripe, list, ELEMENTS / 2);
        QuicklistEdits.replace(cursor, numbered(7), Quicklist.PLAIN_FROM);
        cursor.close();
        assertThat(count(list, QuicklistNode::isCompressed)).isEqualTo(packed);

        cursor.seek(stripe, list, ELEMENTS / 2);
        assertThat(cursor.wanted(numbered(7)).matches()).isTrue();
        QuicklistEdits.insert(cursor, true, numbered(8), Quicklist.PLAIN_FROM);
        cursor.close();
        assertThat(count(list, QuicklistNode::isCompressed)).isGreaterThanOrEqualTo(packed);
        QuicklistChecks.check(list, "inserted");
        free(list);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldHaveTheNodesThatAnUnpackedListHas(long seed) {
        long packing = Quicklist.create(stripe, -1, 0, 2, 16);
        long plain = Quicklist.create(stripe, -1, 0, 0, 16);
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < 20_000; step++) {
            long script = random.nextLong();
            play(packing, new SplittableRandom(script));
            play(plain, new SplittableRandom(script));
            if (step % 100 == 0) {
                requireSameNodes(packing, plain, "seed " + seed + " step " + step);
            }
        }

        assertThat(count(packing, QuicklistNode::isCompressed)).isPositive();
        structure.free(stripe, packing, Integer.MAX_VALUE);
        free(plain);
    }

    /** One random command: pushes mostly; inserts, replacements, runs of deletions and trims. */
    private void play(long list, SplittableRandom random) {
        long size = Quicklist.size(list);
        int dice = random.nextInt(100);
        boolean first = random.nextBoolean();
        if (size < 100 || dice < 50) {
            pushNumbered(list, first, random.nextInt(40));
        } else if (dice < 60) {
            Quicklist.drop(stripe, list, first, random.nextLong(100));
        } else {
            cursor.seek(stripe, list, random.nextLong(size));
            if (dice < 85) {
                ByteSpan text = numbered(random.nextInt(1 << random.nextInt(30)));
                QuicklistEdits.insert(cursor, first, text, Quicklist.PLAIN_FROM);
            } else if (dice < 95) {
                ByteSpan text = value.putLong(random.nextInt(1000));
                QuicklistEdits.replace(cursor, text, Quicklist.PLAIN_FROM);
            } else {
                int left = random.nextInt(200);
                while (left > 0 && QuicklistEdits.delete(cursor, first)) {
                    left--;
                }
            }
            cursor.close();
        }
    }

    private static void requireSameNodes(long left, long right, String at) {
        assertThat(Quicklist.nodeCount(left)).as(at).isEqualTo(Quicklist.nodeCount(right));
        long other = Quicklist.firstNode(right);
        for (long node = Quicklist.firstNode(left); node != 0; node = QuicklistNode.next(node)) {
            assertThat(QuicklistNode.elements(node))
                    .as(at)
                    .isEqualTo(QuicklistNode.elements(other));
            assertThat(QuicklistNode.contentBytes(node))
                    .as(at)
                    .isEqualTo(QuicklistNode.contentBytes(other));
            other = QuicklistNode.next(other);
        }
    }

    private void pushNumbered(long list, boolean first, int count) {
        for (int i = 0; i < count; i++) {
            ByteSpan text = numbered((int) Quicklist.size(list));
            Quicklist.push(stripe, list, first, text, Quicklist.PLAIN_FROM);
        }
    }

    private void pushNoise(long list, int count) {
        SplittableRandom random = new SplittableRandom(99);
        byte[] noise = new byte[20];
        for (int i = 0; i < count; i++) {
            random.nextBytes(noise);
            Quicklist.push(stripe, list, false, value.put(noise), Quicklist.PLAIN_FROM);
        }
    }

    private ByteSpan numbered(int number) {
        return value.put("element:%012d".formatted(number));
    }

    private static long count(long list, LongPredicate which) {
        long count = 0;
        for (long node = Quicklist.firstNode(list); node != 0; node = QuicklistNode.next(node)) {
            count += which.test(node) ? 1 : 0;
        }
        return count;
    }

    private void free(long list) {
        assertThat(structure.free(stripe, list, Integer.MAX_VALUE)).isZero();
        assertThat(arena.usedBytes()).isZero();
    }
}
