package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Random words for command lines: few keys, so that commands meet; values and numbers near every edge; options in any case.
 *
 * <p>Times are far in the past or in the future, never near: a key that lives for a moment would be seen by one server and
 * not by the other.
 */
final class Words {
    /** Behind which one more number is a time to wait, or how many members are drawn: either may take minutes. */
    private static final Set<String> NEVER_SPOILT = Set.of(
            "BLMOVE",
            "BLMPOP",
            "BLPOP",
            "BRPOP",
            "BRPOPLPUSH",
            "BZMPOP",
            "BZPOPMAX",
            "BZPOPMIN",
            "HRANDFIELD",
            "SRANDMEMBER",
            "XREAD",
            "XREADGROUP",
            "ZRANDMEMBER");

    private static final List<String> KEYS = List.of(
            "a",
            "b",
            "c",
            "counter",
            "bits",
            "text:1",
            "text:2",
            "{tag}x",
            "",
            "bin\u0000\u00ff\r\n",
            "a key that is a good deal longer than one machine word or a cache line of them");
    private static final String[] INTEGERS = {
        "0",
        "1",
        "-1",
        "2",
        "5",
        "10",
        "-10",
        "100",
        "9999",
        "10000",
        "4294967296",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775806"
    };
    private static final String[] NOT_INTEGERS = {
        "",
        " 1",
        "1 ",
        "+1",
        "-0",
        "00",
        "01",
        "1.0",
        "abc",
        "-",
        "0x10",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616"
    };
    private static final String[] FLOATS = {
        "0.1",
        "-0.1",
        "3.0e3",
        "5e-18",
        "-5E-17",
        "1e17",
        "123456789.123456789",
        "0x1.8p3",
        "0xA",
        "1e20",
        "-1e20",
        ".5",
        "5.",
        "+7.25",
        "99999999999999999999999",
        "1.7976931348623157e308",
        "1e-4949"
    };
    private static final String[] NOT_FLOATS = {
        "inf",
        "-Infinity",
        "nan",
        "0x",
        "1e",
        ".",
        " 1",
        "1 ",
        "1e5000",
        "1e-5000",
        "1p3",
        "",
        "--1"
    };

    private final SplittableRandom random;

    Words(SplittableRandom random) {
        this.random = random;
    }

    static List<String> allKeys() {
        return KEYS;
    }

    /** A number from 0 to {@code bound} - 1. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** True once in {@code times} draws. */
    boolean onceIn(int times) {
        return random.nextInt(times) == 0;
    }

    String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A line made by one of these, each as likely as the others. */
    Line line(List<Function<Words, Line>> makers) {
        return pick(makers).apply(this);
    }

    String key() {
        return pick(KEYS);
    }

    /** One to {@code most} keys, repeated ones among them. */
    List<String> keys(int most) {
        List<String> keys = new ArrayList<>();
        int count = 1 + random.nextInt(most);
        for (int i = 0; i < count; i++) {
            keys.add(key());
        }
        return keys;
    }

    /** A word in upper, lower or mixed case. */
    String option(String word) {
        return switch (random.nextInt(3)) {
            case 0 -> word;
            case 1 -> word.toLowerCase(Locale.ROOT);
            default -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
        };
    }

    /** What may be stored: integers, floats, text, any bytes, nothing, long ones. */
    String value() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> integer();
            case 2 -> pick(FLOATS);
            case 3 -> pick(NOT_INTEGERS);
            case 4 -> bytes(random.nextInt(20));
            case 5 -> bytes(43 + random.nextInt(4));
            case 6 -> text(random.nextInt(60));
            default -> onceIn(8) ? text(1000 + random.nextInt(2000)) : text(random.nextInt(12));
        };
    }

    /** Text of few different letters, so that two of them have much in common. */
    String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("abc".charAt(random.nextInt(3)));
        }
        return text.toString();
    }

    String bytes(int length) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < length; i++) {
            bytes.append((char) random.nextInt(256));
        }
        return bytes.toString();
    }

    /** Mostly an integer of 64 bits, sometimes what only resembles one. */
    String integer() {
        return onceIn(12) ? pick(NOT_INTEGERS) : properInteger();
    }

    private String properInteger() {
        return switch (random.nextInt(3)) {
            case 0 -> pick(INTEGERS);
            case 1 -> Integer.toString(random.nextInt(-50, 50));
            default -> Long.toString(random.nextLong() >> random.nextInt(64));
        };
    }

    /** A small integer, seldom a large one or none at all. */
    String index() {
        return onceIn(12) ? integer() : Integer.toString(random.nextInt(-70, 70));
    }

    String floating() {
        return onceIn(8) ? pick(NOT_FLOATS) : onceIn(3) ? properInteger() : pick(FLOATS);
    }

    /** An offset of a bit that is written: below 20,000, or refused. */
    String writtenBit() {
        return switch (random.nextInt(12)) {
            case 0 -> pick("-1", "4294967296", "9223372036854775807", "abc", "", "1.5");
            case 1 -> Integer.toString(random.nextInt(20_000));
            default -> Integer.toString(random.nextInt(200));
        };
    }

    /** Seconds from now: far ahead, or refused. */
    String secondsFromNow() {
        return onceIn(4) ? wrongTime() : Long.toString(random.nextLong(1_000, 1_000_000_000));
    }

    /** Milliseconds from now: far ahead, or refused. */
    String msFromNow() {
        return onceIn(4)
                ? wrongTime()
                : Long.toString(random.nextLong(1_000_000, 1_000_000_000_000L));
    }

    /** Seconds since 1970: long ago, far ahead, or refused. */
    String secondsSince1970() {
        if (onceIn(4)) {
            return onceIn(2) ? wrongTime() : pick("1", "1000000000");
        }
        return Long.toString(4_000_000_000L + 100L * random.nextInt(20));
    }

    /** Milliseconds since 1970: long ago, far ahead, or refused. */
    String msSince1970() {
        if (onceIn(4)) {
            return onceIn(2) ? wrongTime() : pick("1", "1000000000000");
        }
        return Long.toString(4_000_000_000_000L + 100_000L * random.nextInt(20));
    }

    /** Refused by SET; taken by EXPIRE when it lies in the past. */
    private String wrongTime() {
        return pick(
                "0",
                "-1",
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854776",
                "-9223372036854776",
                "abc",
                "",
                "1.5");
    }

    String database() {
        return onceIn(8)
                ? pick("-1", "16", "99999999999", "abc", "", "9223372036854775808")
                : Integer.toString(random.nextInt(3));
    }

    /** The line with a word lost or one too many, but for the few that {@link #NEVER_SPOILT} names. */
    Line spoilt(Line line) {
        if (NEVER_SPOILT.contains(line.name())) {
            return line;
        }
        List<String> words = new ArrayList<>(line.words());
        if (words.size() > 1 && onceIn(2)) {
            words.remove(words.size() - 1);
        } else {
            words.add(onceIn(2) ? value() : integer());
        }
        return new Line(words);
    }
}
