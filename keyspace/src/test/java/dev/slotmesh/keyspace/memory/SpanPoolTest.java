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
        MemoryAccount account = new MemoryAccount();
        SpanPool pool = new SpanPool(account, new MallocTuning(fixedThreshold, hugePages));

        List<Long> records = take(pool, SPANS + 1);

        long headBytes = hugePages ? SpanTable.SPAN_BYTES : SpanTable.HEAD_BYTES;
        assertThat(account.usedBytes()).isEqualTo(2 * headBytes);
        assertThat(account.heldBytes()).isEqualTo(2 * headBytes);
        assertThat(account.spareBytes())
                .isEqualTo(hugePages ? (SPANS - 1L) * SpanTable.SPAN_BYTES : 0);
        records.forEach(pool::give);
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

    @Test
    void shouldNotOpenAndCloseASegmentByTurns() {
        SpanPool pool = new SpanPool(new MemoryAccount(), new MallocTuning(true, false));
        List<Long> records = take(pool, SPANS);
        int spare = SpanPool.KEPT_SPANS - 1;
        for (int i = 0; i < spare; i++) {
            pool.give(records.remove(0));
        }
        List<Long> beyond = take(pool, spare + 1);
        long segment = SpanTable.segmentOf(beyond.get(spare));

        pool.give(beyond.remove(spare));
        for (int i = 0; i < 100; i++) {
            List<Long> burst = take(pool, 3);
            burst.forEach(pool::give);
        }

        assertThat(SpanTable.isSegment(segment)).isTrue();
        assertThat(pool.reservedBytes()).isEqualTo(2L * SpanTable.SEGMENT_BYTES);
        List<Long> emptied = new ArrayList<>(beyond);
        emptied.addAll(records);
        emptied.forEach(pool::give);
        assertThat(pool.reservedBytes()).isEqualTo(SpanTable.SEGMENT_BYTES);
        pool.close();
    }

    /** What was kept for others' sake while they were in use. */
    @Test
    void shouldGiveAnEmptySegmentBackWhenOthersHaveRoomLater() {
        SpanPool pool = new SpanPool(new MemoryAccount(), new MallocTuning(true, true));
        List<Long> records = take(pool, SPANS);
        pool.give(pool.take(0, 0));
        assertThat(pool.reservedBytes()).isEqualTo(2L * SpanTable.SEGMENT_BYTES);
        for (int i = 0; i < SpanPool.KEPT_SPANS; i++) {
            pool.give(records.remove(0));
        }
        assertThat(pool.reservedBytes()).isEqualTo(2L * SpanTable.SEGMENT_BYTES);

        assertThat(pool.chooseSegments()).isEqualTo(1);

        assertThat(pool.reservedBytes()).isEqualTo(SpanTable.SEGMENT_BYTES);
        assertThat(pool.leavingSpansOf(0)).isEmpty();
        pool.keepSegments();
        records.forEach(pool::give);
        assertThat(pool.spareBytes()).isEqualTo((long) SPANS * SpanTable.SPAN_BYTES);
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
