package dev.slotmesh.server.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GlobTest {
    private static final String ALPHABET = "ab-]^[\\?*c\u00ff";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "hello, hello, true",
                "h?llo, hallo, true",
                "h?llo, hllo, false",
                "h*llo, heeeello, true",
                "h[ae]llo, hello, true",
                "h[ae]llo, hillo, false",
                "h[^e]llo, hallo, true",
                "h[^e]llo, hello, false",
                "h[a-b]llo, hbllo, true",
                "h[b-a]llo, hallo, true",
                "a\\*b, a*b, true",
                "a\\*b, axb, false",
                "a\\, a\\, true",
                "[abc, b, true",
                "[a\\]]x, ]x, true",
                "[], a, false",
                "[^], a, true",
                "**a**, bab, true",
                "A, a, false",
            })
    void shouldMatchAsRedisDoes(String pattern, String text, boolean expected) {
        assertThat(glob(pattern).matches(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "HZ, hz, true",
        "h[A-Z], hz, true",
        "h[^Z], hz, false",
        "[Z-a], z, false",
        "\\H?, HZ, true"
    })
    void shouldIgnoreCaseOfAsciiLettersWhenAsked(String pattern, String text, boolean expected) {
        assertThat(Glob.compileIgnoringCase(bytes(pattern)).matches(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldFindTheSameKeysAsRedis(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            TreeSet<String> keys = new TreeSet<>();
            for (int i = 0; i < 300; i++) {
                String key = random(random, 1, 6);
                keys.add(key);
                assertThat(client.call("SET", key, "")).isEqualTo("+OK\r\n");
            }

            for (int i = 0; i < 1500; i++) {
                String pattern = random(random, 0, 9);
                List<String> expected = elements(client.call("KEYS", pattern));
                Glob glob = glob(pattern);
                assertThat(keys.stream().filter(glob::matches).toList())
                        .as("pattern <%s>, seed %d", pattern, seed)
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    @Test
    void shouldFindTheSameDirectivesAsRedisWhateverTheCase() {
        SplittableRandom random = new SplittableRandom(7);
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            List<String> names = everyOther(elements(client.call("CONFIG", "GET", "*")));
            for (int i = 0; i < 500; i++) {
                String pattern = "*" + random(random, 1, 4, "hzHZ-[]^aEe?") + "*";
                Glob glob = Glob.compileIgnoringCase(bytes(pattern));
                assertThat(names.stream().filter(glob::matches).toList())
                        .as("pattern <%s>", pattern)
                        .containsExactlyInAnyOrderElementsOf(
                                everyOther(elements(client.call("CONFIG", "GET", pattern))));
            }
        }
    }

    @Test
    void shouldDecideHostilePatternsInBoundedTime() {
        Glob hostile = glob("a*".repeat(500) + "b");
        byte[] text = bytes("a".repeat(5000));

        Assertions.assertTimeout(
                Duration.ofSeconds(5), () -> assertThat(hostile.matches(text)).isFalse());
    }

    @Test
    void shouldMatchARangeOfAnArrayAndRefuseOneOutsideOfIt() {
        byte[] text = bytes("xxkeyxx");

        assertThat(glob("k*y").matches(text, 2, 3)).isTrue();
        assertThat(glob("k*y").matches(text, 2, 4)).isFalse();
        assertThat(glob("").matches(text, 7, 0)).isTrue();
        assertThatThrownBy(() -> glob("*").matches(text, 5, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldKnowWhichPatternsMatchEverything() {
        assertThat(glob("*").matchesEverything()).isTrue();
        assertThat(glob("***").matchesEverything()).isTrue();
        assertThat(glob("*?").matchesEverything()).isFalse();
        assertThat(glob("").matchesEverything()).isFalse();
        assertThat(glob("**").matches("")).isTrue();
    }

    private static Glob glob(String pattern) {
        return Glob.compile(bytes(pattern));
    }

    private static String random(SplittableRandom random, int least, int most) {
        return random(random, least, most, ALPHABET);
    }

    private static String random(SplittableRandom random, int least, int most, String alphabet) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(least, most + 1);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** The strings of a flat array of bulk strings none of which contains a line end. */
    private static List<String> elements(String reply) {
        String[] lines = reply.split("\r\n", -1);
        assertThat(lines[0]).startsWith("*");
        List<String> elements = new ArrayList<>();
        for (int at = 2; at < lines.length; at += 2) {
            elements.add(lines[at]);
        }
        return elements;
    }

    private static List<String> everyOther(List<String> pairs) {
        List<String> names = new ArrayList<>();
        for (int at = 0; at < pairs.size(); at += 2) {
            names.add(pairs.get(at));
        }
        return names;
    }

    private static byte[] bytes(String text) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.ISO_8859_1), text.length());
    }
}
