package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Quoting in inline requests; the first table's right side is what redis-server 7.0.15 made of the
 * left.
 */
class InlineArgumentsTest {
    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("PING", List.of("PING")),
                Arguments.of("PING\r", List.of("PING")),
                Arguments.of("PING\rx", List.of("PING", "x")),
                Arguments.of("  ECHO \t a  ", List.of("ECHO", "a")),
                Arguments.of("\tPING\u000b\f", List.of("PING\u000b\f")),
                Arguments.of("\u000b\fPING", List.of("PING")),
                Arguments.of("ECHO \"a\\x41\\n\\q\"", List.of("ECHO", "aA\nq")),
                Arguments.of("ECHO \"\\t\\b\\a\\r\\\\\\\"\"", List.of("ECHO", "\t\b\u0007\r\\\"")),
                Arguments.of("ECHO \"\\xg1\"", List.of("ECHO", "xg1")),
                Arguments.of("ECHO \"\\x4\"", List.of("ECHO", "x4")),
                Arguments.of("ECHO \"\\xff\\x00\"", List.of("ECHO", "\u00ff\u0000")),
                Arguments.of("ECHO 'a\\'b\\n'", List.of("ECHO", "a'b\\n")),
                Arguments.of("ECHO a\"b\"", List.of("ECHO", "ab")),
                Arguments.of("ECHO a'b'", List.of("ECHO", "ab")),
                Arguments.of("ECHO \"a\"\u000bb", List.of("ECHO", "a", "b")),
                Arguments.of("ECHO \"\" ''", List.of("ECHO", "", "")),
                Arguments.of("\"\"", List.of("")),
                Arguments.of("ECHO \u0085\u00a0", List.of("ECHO", "\u0085\u00a0")),
                Arguments.of("+PING", List.of("+PING")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void shouldSplitAsRedisDoes(String line, List<String> arguments) {
        assertThat(RequestStream.of(line + "\r\n").requests).containsExactly(arguments);
        assertThat(RequestStream.of(line + "\n").requests).containsExactly(arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ECHO \"a\"b",
                "ECHO \"a",
                "ECHO a\"b c\"d",
                "ECHO 'a",
                "ECHO 'a'b",
                "ECHO \"a\\\"",
                "ECHO 'a\\'",
                "ECHO \"a\\",
                "\"",
                "'"
            })
    void shouldRefuseUnbalancedQuotes(String line) {
        assertThat(RequestStream.of(line + "\r\n").error)
                .isEqualTo("Protocol error: unbalanced quotes in request");
    }

    @Test
    void shouldTakeZeroBytesForOrdinaryOnes() {
        assertThat(RequestStream.of("ECHO a\0b \"\0\" '\0'\r\n").requests)
                .containsExactly(List.of("ECHO", "a\0b", "\0", "\0"));
    }

    @Test
    void shouldReadBackAnyQuotedBytes() {
        for (int seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] argument = Wire.random(random, random.nextInt(20));
            String quoted = quoted(argument, random);

            RequestStream stream = RequestStream.of("a " + quoted + " b\r\n");

            assertThat(stream.requests)
                    .as("seed %d: %s", seed, quoted)
                    .containsExactly(List.of("a", Wire.text(argument), "b"));
        }
    }

    private static String quoted(byte[] bytes, SplittableRandom random) {
        StringBuilder text = new StringBuilder("\"");
        for (byte b : bytes) {
            if (b == '\n' || random.nextInt(4) == 0) {
                text.append(String.format("\\x%02X", b));
            } else if (b == '"' || b == '\\') {
                text.append('\\').append((char) b);
            } else {
                text.append((char) (b & 0xFF));
            }
        }
        return text.append('"').toString();
    }
}
