package dev.slotmesh.keyspace.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory that another thread makes ready. */
@Timeout(60)
final class MemoryAheadTest {
    private static final long READY =
            (long) MemoryAhead.SEGMENTS_AHEAD * (SpanTable.SPANS - 1) * SpanTable.SPAN_BYTES;

    private final MemoryAccount account = new MemoryAccount();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepMemoryReadyAndGiveBackWhatIsLeft(boolean hugePages) {
        SpanPool pool = new SpanPool(account, new MallocTuning(true, hugePages));
        List<Long> records = new ArrayList<>();

        try (MemoryAhead ahead = new MemoryAhead(pool)) {
            assertThat(ahead).isNotNull();
            for (int i = 0; i < 20 * SpanTable.SPANS; i++) {
                if (i % SpanTable.SPANS == 0) {
                    awaitSpare(pool);
                }
                long record = pool.take(0, 0);
                assertThat(SpanTable.touched(record)).isEqualTo(SpanTable.SPAN_BYTES);
                records.add(record);
            }
            awaitSpare(pool);
        }

        assertThat(records).doesNotHaveDuplicates();
        pool.giveBackFree();
        long segments = records.stream().map(SpanTable::segmentOf).distinct().count();
        assertThat(pool.reservedBytes()).isEqualTo(segments * SpanTable.SEGMENT_BYTES);
        records.forEach(pool::give);
        pool.giveBackFree();
        assertThat(pool.reservedBytes()).isEqualTo(SpanTable.SEGMENT_BYTES);
        pool.close();
        assertThat(account.touchedBytes()).isZero();
    }

    /** Whoever stores does not wait for it. */
    @Test
    void shouldServeMoreThanIsReady() {
        SpanPool pool = new SpanPool(account, new MallocTuning(true, false));
        Set<Long> records = new HashSet<>();

        try (MemoryAhead ahead = new MemoryAhead(pool)) {
            assertThat(ahead).isNotNull();
            for (int i = 0; i < 40 * SpanTable.SPANS; i++) {
                assertThat(records.add(pool.take(0, 0))).isTrue();
            }
        }

        pool.close();
        assertThat(account.touchedBytes()).isZero();
    }

    private static void awaitSpare(SpanPool pool) {
        while (pool.spareBytes() < READY) {
            Thread.onSpinWait();
        }
    }
}
