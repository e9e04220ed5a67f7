package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoubleTextTest {
    @Test
    void shouldPrintWhatTheCLibraryPrints() throws IOException {
        List<String> lines;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                DoubleTextTest.class.getResourceAsStream("doubles.txt"),
                StandardCharsets.US_ASCII))) {
            lines = reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toList());
        }

        assertThat(lines).hasSizeGreaterThan(2000);
        for (String line : lines) {
            double value =
                    Double.longBitsToDouble(Long.parseUnsignedLong(line.substring(0, 16), 16));
            assertThat(DoubleText.of(value)).as(line).isEqualTo(line.substring(17));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Infinity, inf",
        "-Infinity, -inf",
        "NaN, nan",
        "0, 0",
        "-0.0, -0",
        "3, 3",
        "-17, -17",
        "3.141, 3.141",
        "0.1, 0.10000000000000001",
        "1e15, 1000000000000000",
        "1e16, 10000000000000000",
        "1e17, 1e+17",
        "123456789012345678, 1.2345678901234568e+17",
        "1e300, 1.0000000000000001e+300",
        "1e-4, 0.0001",
        "1e-5, 1.0000000000000001e-05",
        "4.9e-324, 4.9406564584124654e-324",
    })
    void shouldPrintLandmarks(double value, String text) {
        assertThat(DoubleText.of(value)).isEqualTo(text);
    }

    /** Around every power of two and of ten, and where 17 digits are rounded. */
    @Test
    void shouldPrintWhatExactArithmeticPrints() {
        SplittableRandom random = new SplittableRandom(99);
        for (int binary = -1074; binary < 1024; binary++) {
            double power = Math.scalb(1.0, binary);
            checkAround(power);
            checkAround(power * (1 + random.nextDouble()));
        }
        for (int decimal = -323; decimal <= 308; decimal++) {
            checkAround(Double.parseDouble("1e" + decimal));
        }
        for (int i = 0; i < 50_000; i++) {
            checkAround(random.nextLong(1L << 53) / (double) (1L << random.nextInt(60)));
            checkAround(random.nextInt(100_000_000) / 1000.0);
        }
    }

    private static void checkAround(double value) {
        for (double near : new double[] {Math.nextDown(value), value, Math.nextUp(value)}) {
            if (near != 0) {
                assertThat(new BigDecimal(DoubleText.of(near)))
                        .as("%a", near)
                        .isEqualByComparingTo(new BigDecimal(near)
                                .round(new MathContext(17, RoundingMode.HALF_EVEN)));
            }
        }
    }

    @Test
    void shouldReadBackAsTheSameNumber() {
        for (int seed = 0; seed < 20_000; seed++) {
            double value = Double.longBitsToDouble(new SplittableRandom(seed).nextLong());

            String text = DoubleText.of(value);

            assertThat(NumberText.isDouble(text)).as("seed %d: %s", seed, text).isTrue();
            assertThat(NumberText.doubleValue(text))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(Double.valueOf(value));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, true", "-1.5, true", "+1, true", ".5, true", "5., true", "1e5, true", "1E-05, true",
                "inf, true", "-inf, true",
        "nan, true", "-nan, true", "'', false", "., false", "-, false", "e5, false", "1e, false",
                "1e+, false", "1d, false",
        "0x1p3, false", "Infinity, false", "NaN, false", "1.5.2, false", "' 1', false",
                "'1 ', false", "--1, false",
    })
    void shouldAdmitDecimalTextsOnly(String text, boolean admitted) {
        assertThat(NumberText.isDouble(text)).isEqualTo(admitted);
    }
}
