package dev.slotmesh.keyspace.packed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LzfTest {
    private static final String CAPTURED = "02616261e0ff01e07c0102656e64";

    private final NativeBuffer plain = new NativeBuffer(64);
    private final NativeBuffer packed = new NativeBuffer(64);
    private final NativeBuffer restored = new NativeBuffer(64);
    private final NativeBuffer table = new NativeBuffer(Lzf.TABLE_BYTES);

    @AfterEach
    void close() {
        plain.close();
        packed.close();
        restored.close();
        table.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldGiveBackWhatWasCompressed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = repetitive(random);

            byte[] compressed = compress(bytes, 2 * bytes.length + 8);

            assertThat(decompress(compressed, bytes.length))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void shouldShrinkTextThatRepeatsItself() {
        byte[] bytes = "element:000000012345,".repeat(400).getBytes(StandardCharsets.US_ASCII);

        assertThat(compress(bytes, bytes.length)).hasSizeLessThan(bytes.length / 20);
    }

    @Test
    void shouldSaySoWhenThereIsNotEnoughRoom() {
        byte[] bytes = new byte[1000];
        new SplittableRandom(7).nextBytes(bytes);
        int needed = compress(bytes, 2000).length;

        assertThat(compress(bytes, needed)).hasSize(needed);
        for (int room = 0; room < needed; room++) {
            assertThat(compress(bytes, room)).as("room %d", room).isEmpty();
        }
    }

    @Test
    void shouldReadWhatTheRealServerWrites() {
        // A string of 403 bytes as redis-server 7.0.15 dumps it: 200 x "ab" and "end".
        byte[] compressed = HexFormat.of().parseHex(CAPTURED);

        byte[] bytes = decompress(compressed, 403);

        assertThat(new String(bytes, StandardCharsets.US_ASCII))
                .isEqualTo("ab".repeat(200) + "end");
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void shouldRefuseBrokenBytesWithoutTouchingOthers(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] broken = new byte[random.nextInt(40)];
            random.nextBytes(broken);
            int expected = random.nextInt(200);

            restored.put(filled(expected + 64));
            boolean done = Lzf.decompress(
                    packed.put(broken).address(),
                    broken.length,
                    restored.span().address(),
                    expected);

            byte[] after = restored.span().toByteArray();
            assertThat(Arrays.copyOfRange(after, expected, after.length))
                    .as("seed %d round %d done %s", seed, round, done)
                    .containsOnly(0x55);
        }
    }

    @Test
    void shouldRefuseEveryPrefix() {
        byte[] bytes =
                "abcabcabcabcabcabc, then something else".getBytes(StandardCharsets.US_ASCII);
        byte[] compressed = compress(bytes, 100);

        for (int length = 0; length < compressed.length; length++) {
            packed.put(Arrays.copyOf(compressed, length));
            restored.zeros(bytes.length);
            assertThat(Lzf.decompress(
                            packed.span().address(),
                            length,
                            restored.span().address(),
                            bytes.length))
                    .isFalse();
        }
        assertThat(decompress(compressed, bytes.length)).isEqualTo(bytes);
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0x55);
        return bytes;
    }

    private byte[] compress(byte[] bytes, int room) {
        packed.zeros(Math.max(1, room));
        table.zeros(Lzf.TABLE_BYTES);
        int length = Lzf.compress(
                plain.put(bytes).address(),
                bytes.length,
                packed.span().address(),
                room,
                table.span().address());
        return Arrays.copyOf(packed.span().toByteArray(), length);
    }

    private byte[] decompress(byte[] compressed, int expected) {
        packed.put(compressed);
        restored.zeros(Math.max(1, expected));
        assertThat(Lzf.decompress(
                        packed.span().address(),
                        compressed.length,
                        restored.span().address(),
                        expected))
                .isTrue();
        return Arrays.copyOf(restored.span().toByteArray(), expected);
    }

    private static byte[] repetitive(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 30_000 : 600)];
        int letters = 1 + random.nextInt(200);
        int at = 0;
        while (at < bytes.length) {
            int run = Math.min(bytes.length - at, 1 + random.nextInt(400));
            if (at > 0 && random.nextInt(3) > 0) {
                int from = random.nextInt(at);
                for (int i = 0; i < run; i++) {
                    bytes[at + i] = bytes[from + i];
                }
            } else {
                for (int i = 0; i < run; i++) {
                    bytes[at + i] = (byte) random.nextInt(letters);
                }
            }
            at += run;
        }
        return bytes;
    }
}
