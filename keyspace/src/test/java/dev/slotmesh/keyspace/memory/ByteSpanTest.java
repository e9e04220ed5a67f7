package dev.slotmesh.keyspace.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSpanTest {
    private final NativeBuffer buffer = new NativeBuffer(8);
    private final NativeBuffer other = new NativeBuffer(8);

    @AfterEach
    void close() {
        buffer.close();
        other.close();
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                -1,
                9,
                10,
                -10,
                99,
                1234567890,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MIN_VALUE + 1
            })
    void shouldParseWhatItWrites(long value) {
        ByteSpan written = buffer.putLong(value);

        assertThat(written.toString()).isEqualTo(Long.toString(value));
        assertThat(written.isLong()).isTrue();
        assertThat(written.parseLong()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                "-0",
                "00",
                "01",
                "-01",
                " 1",
                "1 ",
                "1a",
                "0x1",
                "1.0",
                "9223372036854775808",
                "-9223372036854775809",
                "9999999999999999999",
                "-9999999999999999999",
                "18446744073709551617",
                "92233720368547758070",
                "100000000000000000000"
            })
    void shouldRefuseWhatIsNoInteger(String text) {
        ByteSpan span = buffer.put(text);

        assertThat(span.isLong()).as(text).isFalse();
        assertThatThrownBy(span::parseLong).isInstanceOf(NumberFormatException.class);
    }

    @Test
    void shouldParseAsTheJdkDoes() {
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);

            assertThat(buffer.putLong(value).parseLong()).as("seed %d", seed).isEqualTo(value);
        }
    }

    @Test
    void shouldCompareAsUnsignedBytes() {
        long seed = 6;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] left = new byte[random.nextInt(40)];
            random.nextBytes(left);
            byte[] right = random.nextInt(3) == 0 ? left.clone() : new byte[random.nextInt(40)];
            if (right.length > 0 && random.nextBoolean()) {
                right[random.nextInt(right.length)] ^= (byte) random.nextInt(3);
            }
            ByteSpan a = buffer.put(left);
            ByteSpan b = other.put(right);

            assertThat(Integer.signum(a.compareContent(b)))
                    .as("seed %d round %d", seed, i)
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(left, right)));
            assertThat(a.contentEquals(b)).isEqualTo(Arrays.equals(left, right));
            assertThat(a.contentEquals(right)).isEqualTo(Arrays.equals(left, right));
        }
    }

    @Test
    void shouldCopyEveryLength() {
        for (int length = 0; length <= 400; length++) {
            byte[] bytes = new byte[length];
            new SplittableRandom(length).nextBytes(bytes);
            ByteSpan target = other.zeros(length + 2);

            target.copyFrom(buffer.put(bytes), 1);

            assertThat(target.byteAt(0)).isZero();
            assertThat(target.byteAt(length + 1)).isZero();
            assertThat(target.slice(1, length).toByteArray()).isEqualTo(bytes);
        }
    }

    @Test
    void shouldHashEveryByteAndLength() {
        KeyHash hash = new KeyHash(42);
        for (int length = 0; length <= 64; length++) {
            byte[] bytes = new byte[length];
            long whole = hash.of(buffer.put(bytes));
            assertThat(hash.of(buffer.put(new byte[length + 1]))).isNotEqualTo(whole);
            for (int i = 0; i < length; i++) {
                bytes[i] = 1;
                assertThat(hash.of(buffer.put(bytes)))
                        .as("length %d byte %d", length, i)
                        .isNotEqualTo(whole);
                bytes[i] = 0;
            }
        }
        assertThat(new KeyHash(43).of(buffer.put("a"))).isNotEqualTo(hash.of(buffer.put("a")));
    }

    @Test
    void shouldSpreadHashesEvenly() {
        KeyHash hash = new KeyHash(7);
        int[] top = new int[256];
        int[] low = new int[128];
        for (int i = 0; i < 256_000; i++) {
            long value = hash.of(buffer.put("key:" + i));
            top[(int) (value >>> 56)]++;
            low[(int) value & 127]++;
        }

        assertThat(Arrays.stream(top).min().getAsInt()).isGreaterThan(800);
        assertThat(Arrays.stream(top).max().getAsInt()).isLessThan(1200);
        assertThat(Arrays.stream(low).min().getAsInt()).isGreaterThan(1750);
        assertThat(Arrays.stream(low).max().getAsInt()).isLessThan(2250);
    }

    @Test
    void shouldRefuseEveryAccessOutside() {
        ByteSpan span = buffer.put("12345678");
        byte[] heap = new byte[4];

        assertThatThrownBy(() -> span.byteAt(8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> span.byteAt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> span.setByte(8, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> span.longAt(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> span.setLong(1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> span.zero(7, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> span.slice(0, 9)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> span.slice(Integer.MAX_VALUE, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> span.copyTo(0, 5, heap, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> span.copyTo(5, 4, heap, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> span.set(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> span.set(8, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseAClosedBuffer() {
        NativeBuffer closed = new NativeBuffer(4);
        closed.close();
        closed.close();

        assertThatThrownBy(() -> closed.put("x")).isInstanceOf(IllegalStateException.class);
        assertThat(buffer.put("text".repeat(1000)).toByteArray())
                .isEqualTo("text".repeat(1000).getBytes(StandardCharsets.UTF_8));
    }
}
