package dev.slotmesh.server.commands.bitmaps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BitFieldTest {
    private static final int BYTES = 24;
    private static final int FIELDS = 2000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldWriteItsOwnBitsOnlyAndReadThemBack(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (NativeBuffer buffer = new NativeBuffer(BYTES)) {
            ByteSpan value = buffer.zeros(BYTES);
            BigInteger model = BigInteger.ZERO;
            for (int i = 0; i < FIELDS; i++) {
                boolean signed = random.nextBoolean();
                int bits = 1 + random.nextInt(signed ? 64 : 63);
                int offset = random.nextInt(BYTES * 8 - bits + 1);
                BitField field = new BitField(signed, bits, offset);
                long number = field.fitted(random.nextLong(), 0, 1, BitField.Overflow.WRAP);

                field.write(value, number);

                model = replaced(model, offset, bits, number);
                assertThat(field.read(value)).as("seed %s: %s", seed, field).isEqualTo(number);
                assertThat(new BigInteger(1, value.toByteArray())).isEqualTo(model);
            }
        }
    }

    private static BigInteger replaced(BigInteger model, int offset, int bits, long number) {
        int shift = BYTES * 8 - offset - bits;
        BigInteger mask = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
        BigInteger low = BigInteger.valueOf(number).and(mask);
        return model.andNot(mask.shiftLeft(shift)).or(low.shiftLeft(shift));
    }

    @Test
    void shouldReadZerosPastTheEnd() {
        try (NativeBuffer buffer = new NativeBuffer(1)) {
            ByteSpan value = buffer.put(new byte[] {(byte) 0xFF});

            assertThat(new BitField(false, 8, 4).read(value)).isEqualTo(0xF0);
            assertThat(new BitField(true, 64, 1000).read(value)).isZero();
        }
    }

    @Test
    void shouldSaturateFarBelowASignedFieldToItsHighestAsRedisDoes() {
        BitField field = new BitField(true, 36, 0);

        assertThat(field.overflow(Long.MIN_VALUE, 0)).isEqualTo(1);
        assertThat(field.overflow(-(1L << 40), 0)).isEqualTo(-1);
        assertThat(new BitField(true, 64, 0).overflow(Long.MIN_VALUE, 0)).isZero();
    }
}
