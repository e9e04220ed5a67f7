package dev.slotmesh.server.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected texts are what redis-server 7.0.15 on x86-64 answered. */
final class LongDoubleTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.1, 0.1",
        "0.1, 0.2, 0.3",
        "0.3, -0.3, 0",
        "5.0e3, 2.0e2, 5200",
        "0x1.8p3, 0XA, 22",
        "1e20, 0.1, 100000000000000000000",
        "-1e20, 1, -100000000000000000000",
        "9223372036854775807, 0.5, 9223372036854775807.5",
        "18446744073709551615, 1, 18446744073709551616",
        "18446744073709551615, 1.5, 18446744073709551616",
        "1e23, 0, 100000000000000000000000",
        "5e-18, 0, 0",
        "5.1e-18, 0, 0.00000000000000001",
        "-5e-18, 0, 0",
        "1e-4949, 0, 0",
        ".5, 5., 5.5",
        "0e99999999999999, 1, 1"
    })
    void shouldAddAndPrintAsRedisDoes(String left, String right, String sum) {
        assertThat(number(left).plus(number(right)).text()).isEqualTo(sum);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 1",
                "1 ",
                "+",
                "-",
                ".",
                "e5",
                "1e",
                "1e+",
                "0x",
                "0x.",
                "0xg",
                "0x1p",
                "1p3",
                "--1",
                "1_0",
                "nan",
                "-nan",
                "infinit",
                "1e5000",
                "-1e5000",
                "1e-5000",
                "1e99999999999",
                "0x1p16384",
                "1.19e4932",
                "1\u0000",
                "\u0661"
            })
    void shouldRefuseWhatIsNoNumberOfTheFormat(String text) {
        assertThat(parse(text)).isEmpty();
    }

    @Test
    void shouldKnowInfinities() {
        LongDouble infinite = number("INF");

        assertThat(infinite.isFinite()).isFalse();
        assertThat(infinite.plus(number("-infinity")).isFinite()).isFalse();
        assertThat(number("1.18e4932").plus(number("1.18e4932")).isFinite()).isFalse();
    }

    @Test
    void shouldReadTheLongestTextAndNoLonger() {
        String longest = "1" + "0".repeat(4000) + "." + "3".repeat(LongDouble.LONGEST_TEXT - 4002);

        assertThat(parse(longest)).isPresent();
        assertThat(parse(longest + "3")).isEmpty();
    }

    private static LongDouble number(String text) {
        return parse(text).orElseThrow();
    }

    private static Optional<LongDouble> parse(String text) {
        return LongDouble.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
