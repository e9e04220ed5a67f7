package dev.slotmesh.keyspace.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalDoubleTest {
    private final NativeBuffer buffer = new NativeBuffer(2048);

    @AfterEach
    void close() {
        buffer.close();
    }

    @Test
    void shouldReadAnyTextOfRandomNumbersAsTheRuntimeDoes() {
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 60_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (!Double.isFinite(value)) {
                continue;
            }
            check(Double.toString(value), seed);
            check(
                    new BigDecimal(value)
                            .round(new MathContext(1 + random.nextInt(25)))
                            .toString(),
                    seed);
            check(
                    random.nextLong(1L << random.nextInt(1, 63)) + "e" + random.nextInt(-345, 312),
                    seed);
            check(random.nextInt(100_000) + "." + random.nextInt(1_000_000), seed);
        }
    }

    /** Numbers in the middle between two doubles, and just beside. */
    @Test
    void shouldRoundTiesToEven() {
        SplittableRandom random = new SplittableRandom(6);
        for (int i = 0; i < 5_000; i++) {
            double value = Math.scalb(1 + random.nextDouble(), random.nextInt(-60, 60));
            BigDecimal middle = new BigDecimal(value)
                    .add(new BigDecimal(Math.nextUp(value)))
                    .divide(BigDecimal.valueOf(2));
            check(middle.toString(), 6);
            check(middle.add(middle.ulp()).toString(), 6);
            check(middle.subtract(middle.ulp()).toString(), 6);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "+1",
                ".5",
                "5.",
                "1e5",
                "1E+05",
                "00001",
                "1e400",
                "-1e400",
                "1e-400",
                "4.9e-324",
                "2.4e-324",
                "9999999999999999999",
                "9999999999999999999e-343",
                "1.7976931348623159e308",
                "2.2250738585072011e-308",
                "9007199254740993",
                "1e99999999999",
                "0.000000000000000000000000000000000000000000000001e48",
                "18446744073709551615"
            })
    void shouldReadLandmarks(String text) {
        check(text, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "+", "-", ".", "e5", "1e", "1e+", "1.2.3", "1 ", " 1", "0x10", "inf", "nan",
                "1d", "1f", "--1", "1e5.0", "+-1"
            })
    void shouldRefuseOtherText(String text) {
        assertThat(DecimalDouble.parse(buffer.put(text))).as(text).isNaN();
    }

    private void check(String text, long seed) {
        assertThat(DecimalDouble.parse(buffer.put(text)))
                .as("seed %d: %s", seed, text)
                .isEqualTo(Double.parseDouble(text));
    }
}
