package dev.slotmesh.server.commands.strings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommonSubsequenceTest {
    private static final int PAIRS = 300;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldFindOneAsLongAsAFullTableFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < PAIRS; i++) {
            String left = text(random);
            String right = text(random);

            String common = common(left, right, false);

            assertThat(common).as("seed %s: %s %s", seed, left, right).hasSize(length(left, right));
            assertThat(isSubsequence(common, left)).as("%s of %s", common, left).isTrue();
            assertThat(isSubsequence(common, right))
                    .as("%s of %s", common, right)
                    .isTrue();
        }
    }

    @Test
    void shouldNeedNoTableForTheLengthAlone() {
        assertThat(common("ohmytext", "mynewtext", true)).isEqualTo("6");
        assertThat(common("", "mynewtext", true)).isEqualTo("0");
    }

    @Test
    void shouldReportStretchesFromTheLastToTheFirst() {
        StringBuilder matches = new StringBuilder();
        try (NativeBuffer left = new NativeBuffer(16);
                NativeBuffer right = new NativeBuffer(16)) {
            CommonSubsequence.of(left.put("ohmytext"), right.put("mynewtext"), false)
                    .forEachMatch((first, second, length) -> matches.append(first)
                            .append('-')
                            .append(second)
                            .append('x')
                            .append(length)
                            .append(' '));
        }

        assertThat(matches).hasToString("4-5x4 2-0x2 ");
    }

    private static String common(String left, String right, boolean lengthOnly) {
        try (NativeBuffer first = new NativeBuffer(1);
                NativeBuffer second = new NativeBuffer(1)) {
            CommonSubsequence common =
                    CommonSubsequence.of(first.put(left), second.put(right), lengthOnly);
            return lengthOnly
                    ? Integer.toString(common.length())
                    : new String(common.bytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(40);
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(4)));
        }
        return text.toString();
    }

    private static int length(String left, String right) {
        int[][] table = new int[left.length() + 1][right.length() + 1];
        for (int i = 1; i <= left.length(); i++) {
            for (int j = 1; j <= right.length(); j++) {
                table[i][j] = left.charAt(i - 1) == right.charAt(j - 1)
                        ? table[i - 1][j - 1] + 1
                        : Math.max(table[i - 1][j], table[i][j - 1]);
            }
        }
        return table[left.length()][right.length()];
    }

    private static boolean isSubsequence(String part, String whole) {
        int at = 0;
        for (char c : part.toCharArray()) {
            at = whole.indexOf(c, at) + 1;
            if (at == 0) {
                return false;
            }
        }
        return true;
    }
}
