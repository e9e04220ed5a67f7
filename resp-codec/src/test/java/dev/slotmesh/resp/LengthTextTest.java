package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LengthTextTest {
    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                9,
                10,
                -1,
                -10,
                123456789,
                Long.MAX_VALUE - 1,
                -Long.MAX_VALUE,
                Long.MIN_VALUE,
                1000000000000000000L
            })
    void shouldReadNumbers(long value) {
        assertThat(parse(Long.toString(value))).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "-0",
                "00",
                "01",
                "-01",
                "+1",
                " 1",
                "1 ",
                "1a",
                "1\0",
                "--1",
                "9223372036854775808",
                "-9223372036854775809",
                "9999999999999999999",
                "10000000000000000000",
                "99999999999999999999"
            })
    void shouldRefuseAllElse(String text) {
        assertThat(parse(text)).isEqualTo(LengthText.INVALID);
    }

    @Test
    void shouldReadWordsExactlyAsLines() {
        for (int seed = 0; seed < 200_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < Long.BYTES; i++) {
                line.append("$$*\r\r\n0123456789012345678901234567890123456789:/"
                        .charAt(random.nextInt(48)));
            }
            line.setCharAt(0, random.nextInt(9) == 0 ? line.charAt(0) : '$');

            long word = word(line);

            int end = line.indexOf("\r");
            long expected = line.charAt(0) == '$' && end > 0 ? parse(line.substring(1, end)) : -1;
            int quick =
                    Math.max(LengthText.oneOrTwoDigits(word), LengthText.threeToSixDigits(word));
            assertThat(Math.max(quick, -1)).as("seed %d: %s", seed, line).isEqualTo((int)
                    (expected < 0 || end > 7 || expected > 999_999 ? -1 : expected));
        }
    }

    @Test
    void shouldReadTailsWithoutWhatLiesBeyond() {
        ByteBuf tight = Wire.direct("abcdefg");
        ByteBuf roomy = Wire.direct("abcdefghijklmnop");

        for (int length = 0; length <= 7; length++) {
            long expected = word(new StringBuilder("abcdefg".substring(0, length))
                    .append("\0".repeat(8 - length)));
            assertThat(LengthText.tail(tight, 3, 3 + length)).isEqualTo(expected);
            assertThat(LengthText.tail(roomy, 3, 3 + length)).isEqualTo(expected);
        }
        tight.release();
        roomy.release();
    }

    private static long word(CharSequence text) {
        long word = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            word = word << 8 | text.charAt(i);
        }
        return word;
    }

    private static long parse(String text) {
        ByteBuf in = Wire.direct(text);
        try {
            return LengthText.parse(in, in.readerIndex(), in.writerIndex());
        } finally {
            in.release();
        }
    }
}
