package dev.slotmesh.keyspace.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Segments as malloc gives them, and what they are counted as. */
final class SpanPoolTest {
    private static final int SPANS = SpanTable.SPANS - 1;

    private final MemoryAccount account = new MemoryAccount();

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, false, false, false",
                "none, true, true, false",
                "glibc.malloc.hugetlb=1, false, false, true",
                "glibc.malloc.hugetlb=0:glibc.malloc.mmap_threshold=1048576, false, true, false",
                "glibc.malloc.hugetlb=2:glibc.malloc.mmap_threshold=1048576, false, true, true",
                "glibc.malloc.check=3, false, false, false"
            })
    void shouldReadTheEnvironment(
            String tunables, boolean oldThreshold, boolean fixedThreshold, boolean hugePages) {
        assertThat(MallocTuning.of(tunables, oldThreshold))
                .isEqualTo(new MallocTuning(fixedThreshold, hugePages));
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "true, true"})
    void shouldCountWhatIsResident(boolean fixedThreshold, boolean hugePages) {
        SpanPool pool = new SpanPool(account, new MallocTuning(fixedThreshold, hugePages));

        List<Long> records = take(pool, SPANS + 1);

        long headBytes = hugePages ? SpanTable.SPAN_BYTES : SpanTable.HEAD_BYTES;
        assertThat(account.usedBytes()).isEqualTo(2 * headBytes);
        assertThat(account.heldBytes()).isEqualTo(2 * headBytes);
        assertThat(account.spareBytes())
                .isEqualTo(hugePages ? (SPANS - 1L) * SpanTable.SPAN_BYTES : 0);
        records.forEach(pool::give);
        pool.giveBackFree();
        assertThat(pool.reservedBytes()).isEqualTo(SpanTable.SEGMENT_BYTES);
        pool.close();
        assertThat(account.touchedBytes()).isZero();
        assertThat(account.usedBytes()).isZero();
    }

    @Test
    void shouldKeepOffTheEndsOfASegment() {
        SpanPool pool = new SpanPool(new MemoryAccount(), new MallocTuning(true, false));

        for (long record : take(pool, SPANS)) {
            long span = SpanTable.spanOf(record);
            long segment = SpanTable.segmentOf(span);

            assertThat(SpanTable.recordOf(span)).isEqualTo(record);
            assertThat(SpanTable.isSegment(segment)).isTrue();
            assertThat(span - segment).isGreaterThanOrEqualTo(SpanTable.HEAD_BYTES);
            assertThat(span + SpanTable.roomOf(record) - segment)
                    .isLessThanOrEqualTo(SpanTable.SEGMENT_BYTES - SpanTable.UNUSED_BYTES);
        }
        pool.close();
    }

    /** To make and clear a segment each time would cost more than all else. */
    @Test
    void shouldUseAnEmptiedSegmentAgain() {
        SpanPool pool = new SpanPool(account, new MallocTuning(true, true));
        List<Long> records = take(pool, SPANS);
        long spare = pool.take(0, 0);
        long segment = SpanTable.segmentOf(spare);
        pool.give(spare);

        for (int i = 0; i < 100; i++) {
            List<Long> burst = take(pool, 3);
            assertThat(burst).allMatch(record -> SpanTable.segmentOf(record) == segment);
            burst.forEach(pool::give);
            assertThat(pool.reservedBytes()).isEqualTo(2L * SpanTable.SEGMENT_BYTES);
        }

        assertThat(pool.spareBytes()).isEqualTo((long) SPANS * SpanTable.SPAN_BYTES);
        records.forEach(pool::give);
        pool.close();
    }

    @Test
    void shouldGiveBackWhatNobodyNeededForAWhile() {
        SpanPool pool = new SpanPool(account, new MallocTuning(true, true));
        List<Long> records = take(pool, 10 * SPANS);
        records.subList(SPANS, 10 * SPANS).forEach(pool::give);
        pool.giveBackIdle();
        assertThat(pool.reservedBytes()).as("none yet").isEqualTo(10L * SpanTable.SEGMENT_BYTES);

        List<Long> used = take(pool, 3 * SPANS);
        used.forEach(pool::give);
        pool.giveBackIdle();
        assertThat(pool.reservedBytes()).as("six").isEqualTo(4L * SpanTable.SEGMENT_BYTES);
        pool.giveBackIdle();
        assertThat(pool.reservedBytes()).as("all").isEqualTo(SpanTable.SEGMENT_BYTES);

        records.subList(0, SPANS).forEach(pool::give);
        pool.giveBackFree();
        assertThat(pool.reservedBytes()).as("but the last").isEqualTo(SpanTable.SEGMENT_BYTES);
        assertThat(take(pool, SPANS)).doesNotHaveDuplicates();
        pool.close();
        assertThat(account.touchedBytes()).isZero();
    }

    @Test
    void shouldKeepNoMoreThanABoundedNumberOfEmptySegments() {
        SpanPool pool = new SpanPool(account, new MallocTuning(true, false));
        List<Long> records = take(pool, (SpanPool.MOST_IDLE + 10) * SPANS);

        records.forEach(pool::give);

        assertThat(pool.reservedBytes())
                .isEqualTo((long) SpanPool.MOST_IDLE * SpanTable.SEGMENT_BYTES);
        pool.close();
        assertThat(account.touchedBytes()).isZero();
    }

    /** What is empty already is the first to go. */
    @Test
    void shouldGiveEmptySegmentsBackWhenSegmentsAreChosen() {
        SpanPool pool = new SpanPool(account, new MallocTuning(true, true));
        List<Long> records = take(pool, 3 * SPANS);
        records.subList(SPANS, 3 * SPANS).forEach(pool::give);
        pool.give(records.get(0));

        assertThat(pool.chooseSegments()).isEqualTo(1);

        assertThat(pool.reservedBytes()).isEqualTo(2L * SpanTable.SEGMENT_BYTES);
        assertThat(pool.leavingSpansOf(0)).isEmpty();
        pool.keepSegments();
        assertThat(take(pool, SPANS + 1)).doesNotHaveDuplicates();
        assertThat(pool.reservedBytes()).isEqualTo(2L * SpanTable.SEGMENT_BYTES);
        pool.close();
    }

    private static List<Long> take(SpanPool pool, int count) {
        List<Long> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(pool.take(0, 0));
        }
        return records;
    }
}
