package dev.slotmesh.keyspace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RdbStreamTest {
    private final ByteSpan span = new ByteSpan();

    @Test
    void shouldSumAsJones() {
        try (NativeBuffer bytes = new NativeBuffer(16)) {
            ByteSpan digits = bytes.put("123456789");

            assertThat(Crc64.of(Crc64.START, digits.address(), 9)).isEqualTo(0xe9c6d914c4b8d9caL);
            long half = Crc64.of(Crc64.START, digits.address(), 4);
            assertThat(Crc64.of(half, digits.address() + 4, 5)).isEqualTo(0xe9c6d914c4b8d9caL);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "63, 3f",
        "64, 4040",
        "16383, 7fff",
        "16384, 8000004000",
        "4294967295, 80ffffffff",
        "4294967296, 810000000100000000",
        "-1, 81ffffffffffffffff"
    })
    void shouldWriteLengthsAsRedisDoes(long length, String hex) {
        byte[] written = write(false, out -> out.writeLength(length));

        assertThat(hex(written)).isEqualTo(hex);
        try (NativeBuffer held = new NativeBuffer(16);
                RdbReader in = new RdbReader(RdbSource.of(held.put(written)))) {
            assertThat(in.readNumber()).isEqualTo(length);
            assertThat(in.atEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-128, c080",
        "127, c07f",
        "128, c18000",
        "-32769, c2ff7fffff",
        "2147483648, 0a32313437343833363438",
        "007, 03303037",
        "-2147483648, c200000080"
    })
    void shouldWriteStringsAsRedisDoes(String text, String hex) {
        try (NativeBuffer held = new NativeBuffer(16)) {
            assertThat(hex(write(true, out -> out.writeString(held.put(text))))).isEqualTo(hex);
        }
    }

    @ParameterizedTest(name = "pieces of {0}")
    @ValueSource(ints = {1, 2, 7, 1000, 1 << 20})
    void shouldReadWhatItWroteHoweverTheBytesCome(int piece) {
        SplittableRandom random = new SplittableRandom(piece);
        byte[][] texts = new byte[40][];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = new byte[random.nextInt(1 << random.nextInt(1, 18))];
            random.nextBytes(texts[i]);
            if (random.nextBoolean()) {
                java.util.Arrays.fill(texts[i], (byte) i);
            }
        }
        try (NativeBuffer scratch = new NativeBuffer(64);
                NativeBuffer held = new NativeBuffer(64)) {
            byte[] written = write(true, out -> {
                for (byte[] text : texts) {
                    out.writeString(scratch.put(text));
                    out.writeLong(text.length);
                }
            });

            ByteSpan all = held.put(written);
            RdbSource whole = RdbSource.of(all);
            try (RdbReader in = new RdbReader(
                    into -> whole.read(into.slice(0, Math.min(piece, into.length()))))) {
                for (byte[] text : texts) {
                    assertThat(in.readString(span).toByteArray()).isEqualTo(text);
                    assertThat(in.readLong()).isEqualTo(text.length);
                }
                assertThat(in.readBytes()).isEqualTo(written.length);
                assertThat(in.checksum())
                        .isEqualTo(Crc64.of(Crc64.START, all.address(), written.length));
                assertThat(in.atEnd()).isTrue();
            }
        }
    }

    @Test
    void shouldRefuseStringsThatAreNotThere() {
        for (String hex :
                new String[] {"05616263", "80ffffffff", "81ffffffffffffffff", "c4", "c1"}) {
            assertRefused(hex);
        }
        // LZF that promises more than it can hold.
        assertRefused("c30180200000000061");
        assertRefused("c301052000");
    }

    private void assertRefused(String hex) {
        try (NativeBuffer held = new NativeBuffer(16);
                RdbReader in = new RdbReader(RdbSource.of(held.put(bytes(hex))))) {
            assertThatThrownBy(() -> in.readString(span))
                    .as(hex)
                    .isInstanceOf(RdbFormatException.class);
        }
    }

    private static byte[] write(boolean compressing, java.util.function.Consumer<RdbWriter> what) {
        try (NativeBuffer held = new NativeBuffer(64);
                RdbWriter out = new RdbWriter(held::append, compressing)) {
            what.accept(out);
            out.flush();
            assertThat(out.writtenBytes()).isEqualTo(held.span().length());
            return held.span().toByteArray();
        }
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(String hex) {
        return java.util.HexFormat.of().parseHex(hex);
    }
}
