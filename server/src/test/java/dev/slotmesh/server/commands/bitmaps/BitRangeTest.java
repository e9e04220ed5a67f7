package dev.slotmesh.server.commands.bitmaps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.Strings;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BitRangeTest {
    private static final int RANGES = 3000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldCountAndFindAsBitByBit(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (NativeBuffer buffer = new NativeBuffer(64)) {
            for (int i = 0; i < RANGES; i++) {
                ByteSpan value = buffer.put(bytes(random));
                int bits = 8 * value.length();
                long start = random.nextInt(-bits - 9, bits + 9);
                long end = random.nextInt(-bits - 9, bits + 9);
                int bit = random.nextInt(2);

                BitRange range = BitRange.between(start, end, value, 1);

                String what = "seed " + seed + ": " + range + " of " + value.length() + " bytes";
                long from = Math.max(0, start < 0 ? start + bits : start);
                long to = Math.min(bits - 1, Math.max(0, end < 0 ? end + bits : end));
                assertThat(range.isEmpty()).as(what).isEqualTo(from > to);
                assertThat(range.count(value)).as(what).isEqualTo(count(value, from, to));
                if (!range.isEmpty()) {
                    assertThat(range.find(value, bit))
                            .as(what)
                            .isEqualTo(find(value, bit, from, to));
                }
            }
        }
    }

    /** Mostly all ones or all zeros, so that a search must go far. */
    private static byte[] bytes(SplittableRandom random) {
        byte[] bytes = new byte[1 + random.nextInt(40)];
        Arrays.fill(bytes, (byte) (random.nextBoolean() ? 0xFF : 0));
        if (random.nextInt(3) > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static long count(ByteSpan value, long from, long to) {
        long count = 0;
        for (long at = from; at <= to; at++) {
            count += Strings.getBit(value, at);
        }
        return count;
    }

    private static long find(ByteSpan value, int bit, long from, long to) {
        for (long at = from; at <= to; at++) {
            if (Strings.getBit(value, at) == bit) {
                return at;
            }
        }
        return -1;
    }
}
