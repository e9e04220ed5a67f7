package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The sorted set commands, over few keys and members. Ranges of names are asked of a set whose scores are equal, or which
 * stays a listpack: in a larger one with different scores Redis's answer depends on its random levels.
 */
final class SortedSetGroup implements CommandGroup {
    private static final String SMALL = "z:small";
    private static final String NAMES = "z:names";
    private static final String LARGE = "z:large";
    private static final String TINY = "z:tiny";
    private static final String PLAIN_SET = "z:set";
    private static final int MORE_THAN_A_LISTPACK = 132;

    private static final String[] SCORES = {
        "0",
        "-0",
        "1",
        "2",
        "2.5",
        "-3",
        "0.1",
        "-0.3",
        "1e17",
        "-1e17",
        "100000000000000000",
        "9007199254740993",
        "4611686018427387904",
        "4611686018427388928",
        "9223372036854775807",
        "1e300",
        "-1.7976931348623157e308",
        "5e-324",
        "1e-320",
        "2.2250738585072011e-308",
        "1e-5",
        "0.00001234",
        "123456789.123456789",
        "3.1415926535897932384626433832795",
        "0x10",
        "0X1.8p-3",
        "inf",
        "+inf",
        "-inf",
        "Infinity",
        "-INFINITY",
        ".5",
        "5.",
        "+7.25",
        "1E5",
        "0e99999",
        "0x0p99999"
    };
    private static final String[] NOT_SCORES = {
        "nan",
        "-nan",
        "",
        " 1",
        "1 ",
        "1e",
        "1e+",
        ".",
        "0x",
        "0x.",
        "1e5000",
        "1e-5000",
        "-1e400",
        "0x1p5000",
        "0x1p-1100",
        "infin",
        "in",
        "1d",
        "1f",
        "0x1g",
        "--1",
        "1\u00001",
        "1_0",
        "abc"
    };
    private static final String[] BOUNDS = {
        "-inf",
        "+inf",
        "(1",
        "(-inf",
        "(inf",
        "1",
        "2.5",
        "(2.5",
        "0",
        "-0",
        "",
        "(",
        " 1",
        "1 ",
        "1e5000",
        "-1e5000",
        "((1",
        "( 1",
        "(nan",
        "nan",
        "1\u0000junk",
        "1e-400",
        "+",
        "-",
        "x",
        "0x2"
    };

    private static final List<Function<Words, Line>> LINES = List.of(
            SortedSetGroup::add,
            SortedSetGroup::add,
            SortedSetGroup::add,
            SortedSetGroup::addOne,
            SortedSetGroup::addOne,
            SortedSetGroup::addName,
            SortedSetGroup::addName,
            words -> Line.of("ZADD", TINY, score(words), shortMember(words)),
            words -> Line.of("ZINCRBY", key(words), score(words), member(words)),
            words -> new LineBuilder(words, "ZREM")
                    .add(key(words))
                    .addAll(members(words))
                    .line(),
            words -> new LineBuilder(words, "ZREM")
                    .add(NAMES)
                    .addAll(members(words))
                    .line(),
            words -> Line.of("ZCARD", key(words)),
            words -> Line.of("ZSCORE", key(words), member(words)),
            words -> new LineBuilder(words, "ZMSCORE")
                    .add(key(words))
                    .addAll(members(words))
                    .line(),
            words -> Line.of(words.pick("ZRANK", "ZREVRANK"), key(words), member(words)),
            words -> Line.of("ZCOUNT", key(words), bound(words), bound(words)),
            words -> Line.of("ZLEXCOUNT", nameKey(words), nameBound(words), nameBound(words)),
            SortedSetGroup::range,
            SortedSetGroup::range,
            SortedSetGroup::rangeByScore,
            SortedSetGroup::rangeByName,
            words -> Line.of(
                    words.pick("ZRANGEBYLEX", "ZREVRANGEBYLEX"),
                    TINY,
                    nameBound(words),
                    nameBound(words)),
            SortedSetGroup::rangeStore,
            SortedSetGroup::removeRange,
            SortedSetGroup::pop,
            SortedSetGroup::popFirstOf,
            SortedSetGroup::waitingPop,
            SortedSetGroup::combine,
            SortedSetGroup::combine,
            SortedSetGroup::combine,
            SortedSetGroup::count,
            SortedSetGroup::scan,
            SortedSetGroup::random,
            words -> new LineBuilder(words, "SADD")
                    .add(PLAIN_SET)
                    .addAll(members(words))
                    .line(),
            words -> Line.of("OBJECT", words.option("ENCODING"), key(words)));

    @Override
    public List<Line> next(Words words) {
        if (words.onceIn(60)) {
            return List.of(fill(words));
        }
        if (words.onceIn(60)) {
            return List.of(Line.of("DEL", words.pick(SMALL, NAMES, TINY, LARGE, PLAIN_SET)));
        }
        return List.of(words.line(LINES));
    }

    private static String key(Words words) {
        return switch (words.below(10)) {
            case 0 -> words.key();
            case 1 -> PLAIN_SET;
            case 2, 3, 4 -> SMALL;
            case 5, 6 -> LARGE;
            default -> words.pick("z:a", "z:b", "z:c");
        };
    }

    private static String nameKey(Words words) {
        return words.pick(NAMES, NAMES, TINY);
    }

    private static List<String> keys(Words words) {
        List<String> keys = new ArrayList<>();
        do {
            keys.add(key(words));
        } while (!words.onceIn(2));
        return keys;
    }

    private static String shortMember(Words words) {
        return switch (words.below(4)) {
            case 0 -> Integer.toString(words.below(12) - 3);
            case 1 -> words.bytes(words.below(2));
            case 2 -> Integer.toString(words.below(30) * 77);
            default -> words.text(words.below(4));
        };
    }

    private static String member(Words words) {
        return words.onceIn(20) ? words.value() : shortMember(words);
    }

    private static List<String> members(Words words) {
        List<String> members = new ArrayList<>();
        do {
            members.add(member(words));
        } while (!words.onceIn(3));
        return members;
    }

    private static String score(Words words) {
        if (words.onceIn(25)) {
            return words.pick(NOT_SCORES);
        }
        return switch (words.below(4)) {
            case 0 -> Double.toString((words.below(2_000_000) - 1_000_000) / 1000.0);
            case 1 -> words.pick(SCORES);
            default -> Integer.toString(words.below(20) - 10);
        };
    }

    private static String bound(Words words) {
        return words.onceIn(2)
                ? words.pick(BOUNDS)
                : (words.onceIn(3) ? "(" : "") + (words.below(24) - 12);
    }

    private static String nameBound(Words words) {
        return switch (words.below(8)) {
            case 0 -> "-";
            case 1 -> "+";
            case 2 -> words.pick("", "a", "-a", "+a", "-\u0000a", "+\u0000", "[", "(", "[\u0000");
            default -> words.pick("[", "(") + shortMember(words);
        };
    }

    private static Line add(Words words) {
        LineBuilder line = new LineBuilder(words, "ZADD").add(key(words));
        options(words, line);
        do {
            line.add(score(words), member(words));
        } while (!words.onceIn(4));
        return line.line();
    }

    private static Line addOne(Words words) {
        LineBuilder line = new LineBuilder(words, "ZADD").add(key(words));
        options(words, line);
        return line.maybe(2, "INCR").add(score(words), member(words)).line();
    }

    private static void options(Words words, LineBuilder line) {
        line.maybe(8, "NX").maybe(8, "XX").maybe(8, "GT").maybe(8, "LT").maybe(5, "CH");
    }

    /** A member of the set whose scores are all 0. */
    private static Line addName(Words words) {
        LineBuilder line = new LineBuilder(words, "ZADD").add(NAMES);
        do {
            line.add("0", member(words));
        } while (!words.onceIn(6));
        return line.line();
    }

    /** About as many members as a listpack takes. */
    private static Line fill(Words words) {
        boolean names = words.onceIn(3);
        LineBuilder line = new LineBuilder(words, "ZADD").add(names ? NAMES : LARGE);
        int count = MORE_THAN_A_LISTPACK - words.below(8);
        for (int i = 0; i < count; i++) {
            line.add(names ? "0" : Integer.toString(i / 3), Integer.toString(i * 77));
        }
        return line.line();
    }

    private static String rank(Words words) {
        return words.onceIn(20) ? words.integer() : Integer.toString(words.below(40) - 20);
    }

    private static LineBuilder limit(Words words, LineBuilder line) {
        if (words.onceIn(3)) {
            line.add(words.option("LIMIT"), limitNumber(words));
            if (!words.onceIn(30)) {
                line.add(limitNumber(words));
            }
        }
        return line;
    }

    private static String limitNumber(Words words) {
        return words.onceIn(20) ? words.integer() : Integer.toString(words.below(8) - 1);
    }

    private static Line range(Words words) {
        if (words.onceIn(3)) {
            return new LineBuilder(words, words.pick("ZRANGE", "ZREVRANGE"))
                    .add(key(words), rank(words), rank(words))
                    .maybe(2, "WITHSCORES")
                    .line();
        }
        int by = words.below(3);
        LineBuilder line = new LineBuilder(words, "ZRANGE").add(by == 2 ? NAMES : key(words));
        ends(words, line, by);
        line.maybe(3, "REV");
        limit(words, line);
        return line.maybe(3, "WITHSCORES").maybe(60, "FOO").line();
    }

    /** The ends of a range by rank (0), score (1) or name (2), and the option that says so. */
    private static void ends(Words words, LineBuilder line, int by) {
        switch (by) {
            case 0 -> line.add(rank(words), rank(words));
            case 1 -> line.add(bound(words), bound(words), words.option("BYSCORE"));
            default -> line.add(nameBound(words), nameBound(words), words.option("BYLEX"));
        }
    }

    private static Line rangeByScore(Words words) {
        LineBuilder line = new LineBuilder(words, words.pick("ZRANGEBYSCORE", "ZREVRANGEBYSCORE"))
                .add(key(words), bound(words), bound(words))
                .maybe(3, "WITHSCORES");
        return limit(words, line).maybe(30, "REV").line();
    }

    private static Line rangeByName(Words words) {
        LineBuilder line = new LineBuilder(words, words.pick("ZRANGEBYLEX", "ZREVRANGEBYLEX"))
                .add(NAMES, nameBound(words), nameBound(words));
        return limit(words, line).maybe(30, "WITHSCORES").line();
    }

    private static Line rangeStore(Words words) {
        int by = words.below(3);
        LineBuilder line = new LineBuilder(words, "ZRANGESTORE")
                .add(words.pick("z:a", "z:b", SMALL), by == 2 ? NAMES : key(words));
        ends(words, line, by);
        line.maybe(3, "REV");
        return limit(words, line).maybe(30, "WITHSCORES").line();
    }

    private static Line removeRange(Words words) {
        return switch (words.below(3)) {
            case 0 -> Line.of("ZREMRANGEBYRANK", key(words), rank(words), rank(words));
            case 1 -> Line.of("ZREMRANGEBYSCORE", key(words), bound(words), bound(words));
            default ->
                Line.of("ZREMRANGEBYLEX", nameKey(words), nameBound(words), nameBound(words));
        };
    }

    private static Line pop(Words words) {
        LineBuilder line = new LineBuilder(words, words.pick("ZPOPMIN", "ZPOPMAX")).add(key(words));
        return words.onceIn(2) ? line.line() : line.add(count(words, 6)).line();
    }

    private static String count(Words words, int most) {
        return words.onceIn(12) ? words.integer() : Integer.toString(words.below(most));
    }

    private static Line popFirstOf(Words words) {
        List<String> keys = keys(words);
        String number = words.onceIn(10) ? words.integer() : Integer.toString(keys.size());
        return new LineBuilder(words, "ZMPOP")
                .add(number)
                .addAll(keys)
                .add(words.onceIn(20) ? "MID" : words.option(words.pick("MIN", "MAX")))
                .maybe(2, "COUNT", count(words, 5))
                .maybe(30, "COUNT", "1")
                .line();
    }

    /** Waiting is a matter for another test: one of the keys has a member or is of another type. */
    private static Line waitingPop(Words words) {
        String timeout = words.pick("abc", "-1", "", "nan", "1e300", "1x");
        if (words.onceIn(2)) {
            return new LineBuilder(words, words.pick("BZPOPMIN", "BZPOPMAX"))
                    .addAll(keys(words))
                    .add(timeout)
                    .line();
        }
        List<String> keys = keys(words);
        return new LineBuilder(words, "BZMPOP")
                .add(timeout, Integer.toString(keys.size()))
                .addAll(keys)
                .add("MIN")
                .line();
    }

    private static Line combine(Words words) {
        boolean stored = words.onceIn(3);
        String command = words.pick("ZUNION", "ZINTER", "ZDIFF") + (stored ? "STORE" : "");
        List<String> keys = keys(words);
        LineBuilder line = new LineBuilder(words, command);
        if (stored) {
            line.add(words.pick("z:a", "z:b", "z:c"));
        }
        line.add(words.onceIn(20) ? words.integer() : Integer.toString(keys.size()))
                .addAll(keys);
        boolean difference = command.startsWith("ZDIFF");
        if (words.onceIn(difference ? 30 : 3)) {
            line.add(words.option("WEIGHTS"));
            for (int i = words.onceIn(20) ? 1 : 0; i < keys.size(); i++) {
                line.add(score(words));
            }
        }
        line.maybe(difference ? 30 : 3, "AGGREGATE", words.pick("SUM", "MIN", "MAX", "max", "AVG"));
        return line.maybe(stored ? 30 : 2, "WITHSCORES").line();
    }

    private static Line count(Words words) {
        List<String> keys = keys(words);
        String number = words.onceIn(10) ? words.integer() : Integer.toString(keys.size());
        return new LineBuilder(words, "ZINTERCARD")
                .add(number)
                .addAll(keys)
                .maybe(3, "LIMIT", words.onceIn(4) ? words.integer() : words.pick("0", "1", "2"))
                .maybe(20, "WITHSCORES")
                .line();
    }

    /** A whole walk in one call, or a mistake. */
    private static Line scan(Words words) {
        return new LineBuilder(words, "ZSCAN")
                .add(key(words), words.onceIn(8) ? words.pick("x", "", "1x", " 1") : "0")
                .add(words.option("COUNT"), "1000000")
                .maybe(3, "MATCH", words.pick("*", "1*", "?", "[a-c]*", "", "-?"))
                .maybe(15, "COUNT", words.pick("0", "-1", "x", "1000001"))
                .maybe(30, "TYPE", "zset")
                .line();
    }

    private static Line random(Words words) {
        LineBuilder line = new LineBuilder(words, "ZRANDMEMBER").add(key(words));
        if (words.onceIn(2)) {
            line.add(
                    words.onceIn(8)
                            ? words.pick("x", "", "-9223372036854775808", "9223372036854775807")
                            : Integer.toString(words.below(40) - 20));
        }
        return line.maybe(3, "WITHSCORES").line();
    }
}
