package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.hyperloglog.CardinalityEstimate;
import dev.slotmesh.keyspace.hyperloglog.HyperLogLogHeader;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HyperLogLogTest {
    private static final long NOW = SmallKeyspace.NOW;
    private static final int SLOT = 1;

    private final ByteSpan span = new ByteSpan();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void shouldHoldWhatAnArrayOfRegistersHolds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] model = new byte[HyperLogLog.REGISTERS];
        try (SmallKeyspace small = new SmallKeyspace()) {
            long before = small.keyspace.memoryUse().usedBytes();
            HyperLogLog log = HyperLogLog.create(small.slot(SLOT), small.key("log"), NOW);

            for (int i = 0; i < 6000; i++) {
                int register = random.nextInt(HyperLogLog.REGISTERS) >> random.nextInt(8);
                int rank = 1 + random.nextInt(random.nextInt(1000) == 0 ? 51 : 8);
                HyperLogLog.Change change = log.raise(register, rank);
                assertThat(change == HyperLogLog.Change.RAISED)
                        .as("seed %d, step %d", seed, i)
                        .isEqualTo(rank > model[register]);
                model[register] = (byte) Math.max(model[register], rank);
                if (i % 200 == 0) {
                    log.markStale();
                    byte[] held = new byte[HyperLogLog.REGISTERS];
                    assertThat(log.readInto(held))
                            .as("seed %d, step %d", seed, i)
                            .isTrue();
                    assertThat(held).as("seed %d, step %d", seed, i).isEqualTo(model);
                    assertThat(log.estimate()).isEqualTo(CardinalityEstimate.of(model));
                }
            }

            assertThat(log.isSparse()).isFalse();
            small.slot(SLOT).remove(small.key("log"), NOW);
            assertThat(small.keyspace.memoryUse().usedBytes() - before)
                    .as("bytes left, index tables aside")
                    .isLessThan(1024);
        }
    }

    @Test
    void shouldEstimateWithinTwoPercent() {
        try (SmallKeyspace small = new SmallKeyspace();
                NativeBuffer element = new NativeBuffer(32)) {
            HyperLogLog log = HyperLogLog.create(small.slot(SLOT), small.key("log"), NOW);

            for (int i = 1; i <= 100_000; i++) {
                log.add(element.putLong(i));
                if (i == 100 || i == 3_000 || i == 100_000) {
                    log.markStale();
                    assertThat((double) log.estimate()).isBetween(0.98 * i, 1.02 * i);
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12})
    void shouldSurviveAnyBytesUnderItsHeader(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (SmallKeyspace small = new SmallKeyspace();
                NativeBuffer bytes = new NativeBuffer(64)) {
            Slot slot = small.slot(SLOT);
            for (int i = 0; i < 20_000; i++) {
                byte[] made = new byte[HyperLogLogHeader.BYTES + random.nextInt(12)];
                random.nextBytes(made);
                System.arraycopy(new byte[] {'H', 'Y', 'L', 'L', 1}, 0, made, 0, 5);
                long entry = slot.putString(small.key("log"), bytes.put(made), Slot.NO_EXPIRY, NOW);

                assertThat(HyperLogLog.isOne(slot, entry, span)).isTrue();
                HyperLogLog log = HyperLogLog.open(slot, entry, NOW);
                log.describe();
                log.estimate();
                log.raise(random.nextInt(HyperLogLog.REGISTERS), 1 + random.nextInt(51));
                boolean whole = log.readInto(new byte[HyperLogLog.REGISTERS]);
                assertThat(log.toDense()).as("seed %d, case %d", seed, i).isEqualTo(whole);
            }
        }
    }
}
