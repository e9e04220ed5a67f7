package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The hash commands, with limits of the compact encoding that come and go. */
final class HashGroup implements CommandGroup {
    /** A key that only {@link #inOrder} writes. */
    static final String ORDERED_KEY = "hash:in order";

    private static final List<Function<Words, Line>> LINES = List.of(
            words -> pairs(words, "HSET", 1),
            words -> pairs(words, "HSET", 4),
            words -> pairs(words, "HMSET", 3),
            words -> Line.of("HSET", words.key(), field(words), words.integer()),
            words -> Line.of("HSETNX", words.key(), field(words), words.value()),
            words -> Line.of("HGET", words.key(), field(words)),
            words -> fields(words, "HMGET", 5),
            words -> fields(words, "HDEL", 2),
            words -> fields(words, "HDEL", 4),
            words -> Line.of("HGETALL", words.key()),
            words -> Line.of("HKEYS", words.key()),
            words -> Line.of("HVALS", words.key()),
            words -> Line.of("HLEN", words.key()),
            words -> Line.of("HSTRLEN", words.key(), field(words)),
            words -> Line.of("HEXISTS", words.key(), field(words)),
            words -> Line.of("HINCRBY", words.key(), field(words), words.integer()),
            words -> Line.of("HINCRBYFLOAT", words.key(), field(words), words.floating()),
            HashGroup::pick,
            HashGroup::scan,
            words -> Line.of("OBJECT", "ENCODING", words.key()),
            words -> Line.of("DEL", words.key()));

    @Override
    public List<Line> next(Words words) {
        if (words.onceIn(60)) {
            return List.of(limit(words));
        }
        return words.onceIn(30) ? inOrder(words) : List.of(words.line(LINES));
    }

    private static Line limit(Words words) {
        return words.onceIn(2)
                ? Line.of(
                        "CONFIG",
                        "SET",
                        "hash-max-listpack-entries",
                        words.pick("512", "512", "6", "3", "0"))
                : Line.of("CONFIG", "SET", "hash-max-listpack-value", words.pick("64", "64", "5"));
    }

    /** A hash as it is answered while it is a listpack: in the order of insertion. */
    private static List<Line> inOrder(Words words) {
        List<Line> lines = new ArrayList<>(List.of(
                Line.of("CONFIG", "SET", "hash-max-listpack-entries", "512"),
                Line.of("CONFIG", "SET", "hash-max-listpack-value", "64"),
                Line.of("DEL", ORDERED_KEY)));
        for (int i = words.below(20); i >= 0; i--) {
            String field = knownField(words);
            lines.add(
                    words.onceIn(4)
                            ? Line.of("HDEL", ORDERED_KEY, field)
                            : Line.of("HSET", ORDERED_KEY, field, words.text(words.below(60))));
        }
        lines.add(Line.of("OBJECT", "ENCODING", ORDERED_KEY));
        lines.add(Line.of("HGETALL", ORDERED_KEY));
        lines.add(Line.of("HKEYS", ORDERED_KEY));
        lines.add(Line.of("HVALS", ORDERED_KEY));
        lines.add(Line.of("HSCAN", ORDERED_KEY, "0"));
        return lines;
    }

    private static Line pairs(Words words, String command, int most) {
        LineBuilder line = new LineBuilder(words, command).add(words.key());
        for (int i = words.below(most); i >= 0; i--) {
            line.add(field(words), words.value());
        }
        return line.line();
    }

    private static Line fields(Words words, String command, int most) {
        LineBuilder line = new LineBuilder(words, command).add(words.key());
        for (int i = words.below(most); i >= 0; i--) {
            line.add(field(words));
        }
        return line.line();
    }

    private static Line pick(Words words) {
        LineBuilder line = new LineBuilder(words, "HRANDFIELD").add(words.key());
        if (words.onceIn(3)) {
            return line.line();
        }
        return line.add(
                        words.onceIn(10)
                                ? words.pick(
                                        "-9223372036854775808",
                                        "9223372036854775807",
                                        "5000000000000000000",
                                        "x")
                                : Integer.toString(words.below(30) - 12))
                .maybe(2, "WITHVALUES")
                .maybe(30, "FOO")
                .line();
    }

    /** A whole walk in one call, or a mistake: single steps visit fields in an order of each server's own. */
    private static Line scan(Words words) {
        return new LineBuilder(words, "HSCAN")
                .add(words.key(), words.onceIn(8) ? words.pick("x", "", "1x", " 1") : "0")
                .add(words.option("COUNT"), "1000000")
                .maybe(3, "MATCH", words.pick("*", "f*", "?", "[0-9]*", "nothing"))
                .maybe(15, "COUNT", words.pick("0", "-1", "x", "1000001"))
                .maybe(30, "TYPE", "hash")
                .line();
    }

    private static String field(Words words) {
        return words.onceIn(5) ? words.value() : knownField(words);
    }

    private static String knownField(Words words) {
        return words.pick(
                "f1",
                "f2",
                "f3",
                "f4",
                "f5",
                "",
                "1",
                "-5",
                "007",
                "100000",
                "f\u0000\u00ff",
                "a field of some more bytes than a word");
    }
}
