package dev.slotmesh.keyspace.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArenaTest {
    private final Arena arena = new Arena(4, 0x5EC2E7L);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void shouldRoundSizesUpByAtMostAnEighth() {
        for (int size = 1; size <= SizeClasses.LARGEST_SMALL; size++) {
            int rounded = SizeClasses.sizeOf(SizeClasses.classOf(size));
            int slack =
                    size <= SizeClasses.SMALLEST ? SizeClasses.SMALLEST - 1 : Math.max(7, size / 8);

            assertThat(rounded - size).as("size %d", size).isBetween(0, slack);
            assertThat(SizeClasses.classOf(rounded)).isEqualTo(SizeClasses.classOf(size));
        }
        assertThat(SizeClasses.classOf(SizeClasses.LARGEST_SMALL)).isEqualTo(SizeClasses.COUNT - 1);
        assertThat(SizeClasses.blockSize(88)).isEqualTo(88);
        assertThat(SizeClasses.blockSize(640)).isEqualTo(640);
        assertThat(SizeClasses.blockSize(SizeClasses.LARGEST_SMALL + 1)).isEqualTo(36_864);
    }

    @Test
    void shouldGiveBlocksThatDoNotOverlap() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        ArenaStripe stripe = arena.stripe(0);
        List<long[]> blocks = new ArrayList<>();
        long expected = 0;
        for (int step = 0; step < 200_000; step++) {
            if (blocks.isEmpty() || random.nextInt(100) < (step / 20_000 % 2 == 0 ? 60 : 40)) {
                int size = 1
                        + (random.nextInt(50) == 0 ? random.nextInt(80_000) : random.nextInt(700));
                long block = stripe.allocate(size);
                long stamp = random.nextLong();
                NativeMemory.writeLong(block, stamp);
                NativeMemory.writeLong(block + SizeClasses.blockSize(size) - 8, stamp);
                blocks.add(new long[] {block, size, stamp});
                expected += SizeClasses.blockSize(size);
            } else {
                long[] freed = blocks.remove(random.nextInt(blocks.size()));
                long last = freed[0] + SizeClasses.blockSize(freed[1]) - 8;
                assertThat(NativeMemory.readLong(last))
                        .as("seed %d step %d", seed, step)
                        .isEqualTo(freed[2]);
                if (SizeClasses.blockSize(freed[1]) > 16) {
                    assertThat(NativeMemory.readLong(freed[0]))
                            .as("seed %d", seed)
                            .isEqualTo(freed[2]);
                }
                stripe.free(freed[0], freed[1]);
                expected -= SizeClasses.blockSize(freed[1]);
            }
        }
        assertThat(arena.usedBytes()).isEqualTo(expected);

        for (long[] block : blocks) {
            stripe.free(block[0], block[1]);
        }

        assertThat(arena.usedBytes()).isZero();
        arena.giveBackFree();
        assertThat(arena.reservedBytes()).isEqualTo(SpanTable.SEGMENT_BYTES);
    }

    @Test
    void shouldUseFreedSpansForOtherSizes() {
        ArenaStripe stripe = arena.stripe(0);
        List<Long> small = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            small.add(stripe.allocate(96));
        }
        long reserved = arena.reservedBytes();
        small.forEach(block -> stripe.free(block, 96));

        for (int i = 0; i < 3000; i++) {
            stripe.allocate(960);
        }

        assertThat(arena.reservedBytes()).isLessThanOrEqualTo(reserved);
        assertThat(arena.touchedBytes()).isLessThanOrEqualTo(arena.reservedBytes());
    }

    @Test
    void shouldUseFreedSpansOfOneStripeInAnother() {
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            blocks.add(arena.stripe(0).allocate(96));
        }
        long kept = arena.stripe(1).allocate(96);
        long reserved = arena.reservedBytes();
        blocks.forEach(block -> arena.stripe(0).free(block, 96));

        for (int i = 0; i < 20_000; i++) {
            arena.stripe(1 + i % 3).allocate(96);
        }

        assertThat(arena.reservedBytes()).isLessThanOrEqualTo(reserved);
        assertThatThrownBy(() -> arena.stripe(0).free(kept, 96))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldEmptyTheSegmentsThatOthersHaveRoomFor() {
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            blocks.add(arena.stripe(i % 2).allocate(16_384));
        }
        for (int i = 0; i < 2000; i++) {
            if (i % 16 > 1) {
                arena.stripe(i % 2).free(blocks.get(i), 16_384);
            }
        }
        LeavingSpans leaving = new LeavingSpans();

        int segments = arena.chooseSegments();
        for (int i = 0; i < 4; i++) {
            arena.stripe(i).chooseLeaving(leaving);
        }

        assertThat(segments).isPositive();
        assertThat(blocks.stream().filter(leaving::mayHold)).isNotEmpty();
        long used = arena.usedBytes();
        arena.stripe(3).allocate(64);
        for (int i = 0; i < 4; i++) {
            arena.stripe(i).keepLeaving(Integer.MAX_VALUE);
            assertThat(arena.stripe(i).hasLeaving()).isFalse();
        }
        arena.keepSegments();
        assertThat(arena.usedBytes()).isEqualTo(used + 64);
        assertThat(arena.chooseSegments()).isEqualTo(segments);
    }

    @Test
    void shouldGiveEmptySegmentsAndLargeBlocksBack() {
        ArenaStripe stripe = arena.stripe(0);
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            blocks.add(stripe.allocate(16_384));
        }
        long large = stripe.allocate(64 << 20);
        assertThat(arena.reservedBytes()).isGreaterThan(80 << 20);

        blocks.forEach(block -> stripe.free(block, 16_384));
        stripe.free(large, 64 << 20);

        assertThat(arena.usedBytes()).isZero();
        assertThat(arena.largeReleases().waitingCount()).isOne();
        assertThat(arena.largeReleases().releaseOne()).isTrue();
        arena.giveBackFree();
        assertThat(arena.reservedBytes()).isEqualTo(SpanTable.SEGMENT_BYTES);
        assertThat(arena.spareBytes()).isLessThan(SpanTable.SEGMENT_BYTES);
    }

    @Test
    void shouldNotLetLargeBlocksPileUpBeforeTheyAreReleased() {
        ArenaStripe stripe = arena.stripe(0);

        for (int i = 0; i < 100; i++) {
            stripe.free(stripe.allocate(8 << 20), 8 << 20);
        }

        assertThat(arena.reservedBytes()).isLessThanOrEqualTo(136 << 20);
    }

    @Test
    void shouldReportToTheAccountWithinAGrain() {
        SplittableRandom random = new SplittableRandom(7);
        ArenaStripe stripe = arena.stripe(0);
        long[] blocks = new long[500];
        int[] sizes = new int[blocks.length];
        long leftBefore = arena.account().usedBytes();

        for (int i = 0; i < 20_000; i++) {
            int at = random.nextInt(blocks.length);
            if (blocks[at] != 0) {
                stripe.free(blocks[at], sizes[at]);
            }
            sizes[at] = 1 + random.nextInt(i % 100 == 0 ? 100_000 : 2_000);
            blocks[at] = stripe.allocate(sizes[at]);
            long held = arena.touchedBytes() - arena.spareBytes();

            assertThat(arena.account().usedBytes() - arena.usedBytes() - arena.headBytes())
                    .isBetween((long) -MemoryAccount.GRAIN_BYTES, (long) MemoryAccount.GRAIN_BYTES);
            assertThat(arena.account().heldBytes() - held)
                    .isBetween((long) -MemoryAccount.GRAIN_BYTES, (long) MemoryAccount.GRAIN_BYTES);
        }

        assertThat(leftBefore).isZero();
    }

    @Test
    void shouldRefuseBlocksFreedTwice() {
        ArenaStripe stripe = arena.stripe(0);
        long kept = stripe.allocate(88);
        long block = stripe.allocate(88);
        long large = stripe.allocate(100_000);
        stripe.free(block, 88);
        stripe.free(large, 100_000);

        assertThatThrownBy(() -> stripe.free(block, 88)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> stripe.free(large, 100_000))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> stripe.free(kept, 96)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> stripe.free(kept + 8, 88))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> stripe.free(kept + 880, 88))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> stripe.allocate(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNoticeWritesToFreeBlocks() {
        ArenaStripe stripe = arena.stripe(0);
        stripe.allocate(64);
        long block = stripe.allocate(64);
        stripe.free(block, 64);

        NativeMemory.writeLong(block + 8, 1);

        assertThatThrownBy(() -> stripe.allocate(64)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldCountIndexApart() {
        ArenaStripe stripe = arena.stripe(3);

        long table = stripe.allocateIndex(640);
        long entry = stripe.allocate(88);

        assertThat(arena.indexBytes()).isEqualTo(640);
        assertThat(arena.usedBytes()).isEqualTo(728);
        assertThat(table % 64).isZero();
        stripe.freeIndex(table, 640);
        stripe.free(entry, 88);
        assertThat(arena.indexBytes()).isZero();
    }

    @Test
    void shouldServeSeveralThreadsAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                long seed = 100 + i;
                ArenaStripe stripe = arena.stripe(i % 2);
                done.add(threads.submit(() -> allocateAndCheck(stripe, seed)));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(arena.usedBytes()).isZero();
    }

    private static void allocateAndCheck(ArenaStripe stripe, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] blocks = new long[500];
        int[] sizes = new int[500];
        for (int step = 0; step < 100_000; step++) {
            int i = random.nextInt(500);
            if (blocks[i] == 0) {
                sizes[i] = 16 + random.nextInt(300);
                blocks[i] = stripe.allocate(sizes[i]);
                NativeMemory.writeLong(blocks[i], seed << 32 | i);
            } else {
                assertThat(NativeMemory.readLong(blocks[i]))
                        .as("seed %d", seed)
                        .isEqualTo(seed << 32 | i);
                stripe.free(blocks[i], sizes[i]);
                blocks[i] = 0;
            }
        }
        for (int i = 0; i < 500; i++) {
            if (blocks[i] != 0) {
                stripe.free(blocks[i], sizes[i]);
            }
        }
    }
}
