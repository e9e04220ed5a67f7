package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The commands of lists, over nodes of every size; those that wait with very short timeouts or inside a transaction. */
final class ListGroup implements CommandGroup {
    private static final List<Function<Words, Line>> LINES = List.of(
            words -> push(words, "LPUSH"),
            words -> push(words, "RPUSH"),
            words -> push(words, "RPUSH"),
            words -> push(words, words.pick("LPUSHX", "RPUSHX")),
            words -> pop(words, "LPOP"),
            words -> pop(words, "RPOP"),
            words -> Line.of("LLEN", words.key()),
            words -> Line.of("LINDEX", words.key(), words.index()),
            words -> Line.of("LINDEX", words.key(), words.index()),
            words -> Line.of("LRANGE", words.key(), words.index(), words.index()),
            words -> Line.of("LRANGE", words.key(), "0", "-1"),
            words -> Line.of("LRANGE", words.key(), "0", "-1"),
            words -> Line.of("LTRIM", words.key(), nearStart(words), nearEnd(words)),
            words -> Line.of("LTRIM", words.key(), words.index(), words.index()),
            words -> Line.of("LSET", words.key(), words.index(), element(words)),
            words -> Line.of("LSET", words.key(), words.index(), element(words)),
            words -> Line.of("LREM", words.key(), words.index(), element(words)),
            ListGroup::insert,
            ListGroup::insert,
            ListGroup::position,
            ListGroup::position,
            words -> move(words).line(),
            words -> Line.of("RPOPLPUSH", words.key(), words.key()),
            words -> popOfMany(words, "LMPOP", false),
            words -> Line.of("OBJECT", "ENCODING", words.key()),
            words -> Line.of("DEL", words.key()));

    @Override
    public List<Line> next(Words words) {
        return switch (words.below(60)) {
            case 0 -> List.of(settings(words));
            // Two lines, as a single one may get a word too many: a timeout of hours.
            case 1 -> List.of(waiting(words), Line.of("LLEN", words.key()));
            case 2, 3 -> List.of(Line.of("MULTI"), waiting(words), waiting(words), Line.of("EXEC"));
            default -> List.of(words.line(LINES));
        };
    }

    private static Line settings(Words words) {
        return switch (words.below(3)) {
            case 0 ->
                Line.of(
                        "CONFIG",
                        "SET",
                        "list-max-listpack-size",
                        words.pick("-1", "-2", "-3", "-5", "1", "2", "5", "16", "128"));
            case 1 ->
                Line.of("CONFIG", "SET", "list-compress-depth", words.pick("0", "1", "2", "3"));
            default ->
                Line.of(
                        "DEBUG",
                        words.option("QUICKLIST-PACKED-THRESHOLD"),
                        words.pick("0", "1", "10", "40b", "1kb", "4gb", "-1", "x", "5gb"));
        };
    }

    private static Line push(Words words, String command) {
        LineBuilder line = new LineBuilder(words, command).add(words.key());
        int count = words.onceIn(20) ? 60 : 1 + words.below(5);
        for (int i = 0; i < count; i++) {
            line.add(element(words));
        }
        return line.line();
    }

    private static Line pop(Words words, String command) {
        LineBuilder line = new LineBuilder(words, command).add(words.key());
        return words.onceIn(3) ? line.add(count(words)).line() : line.line();
    }

    private static Line insert(Words words) {
        return new LineBuilder(words, "LINSERT")
                .add(words.key(), side(words), element(words), element(words))
                .line();
    }

    private static String side(Words words) {
        return words.onceIn(30) ? "BESIDE" : words.option(words.pick("BEFORE", "AFTER"));
    }

    private static Line position(Words words) {
        return new LineBuilder(words, "LPOS")
                .add(words.key(), element(words))
                .maybe(
                        3,
                        "RANK",
                        words.onceIn(4) ? words.integer() : words.pick("1", "-1", "2", "-3"))
                .maybe(3, "COUNT", count(words))
                .maybe(4, "MAXLEN", count(words))
                .maybe(40, "FOO", "1")
                .line();
    }

    private static LineBuilder move(Words words) {
        return new LineBuilder(words, "LMOVE")
                .add(words.key(), words.key(), end(words), end(words));
    }

    private static Line popOfMany(Words words, String command, boolean waits) {
        LineBuilder line = new LineBuilder(words, command);
        if (waits) {
            line.add(timeout(words));
        }
        List<String> keys = words.keys(3);
        line.add(words.onceIn(15) ? words.index() : Integer.toString(keys.size()));
        return line.addAll(keys)
                .add(end(words))
                .maybe(2, "COUNT", count(words))
                .maybe(40, "COUNT", "1")
                .line();
    }

    private static Line waiting(Words words) {
        return switch (words.below(5)) {
            case 0, 1 -> {
                List<String> line = new ArrayList<>(List.of(words.pick("BLPOP", "BRPOP")));
                line.addAll(words.keys(3));
                line.add(timeout(words));
                yield new Line(line);
            }
            case 2 ->
                new LineBuilder(words, "BLMOVE")
                        .add(words.key(), words.key(), end(words), end(words), timeout(words))
                        .line();
            case 3 -> Line.of("BRPOPLPUSH", words.key(), words.key(), timeout(words));
            default -> popOfMany(words, "BLMPOP", true);
        };
    }

    private static String timeout(Words words) {
        return words.onceIn(6)
                ? words.pick(
                        "-1",
                        "-0.5",
                        "x",
                        "",
                        " 1",
                        "1 ",
                        "inf",
                        "nan",
                        "1e400",
                        "1e5000",
                        "9223372036854775808",
                        "1e16")
                : words.pick("0.001", "0.002", "1e-3", "+.001", "0x1p-10");
    }

    private static String end(Words words) {
        return words.onceIn(30) ? "MIDDLE" : words.option(words.pick("LEFT", "RIGHT"));
    }

    private static String count(Words words) {
        return words.onceIn(12) ? words.integer() : Integer.toString(words.below(8));
    }

    private static String nearStart(Words words) {
        return words.pick("0", "0", "1", "2", "5", "-1000");
    }

    private static String nearEnd(Words words) {
        return words.pick("-1", "-1", "-2", "-6", "1000");
    }

    /** Mostly one of few, so that what is looked for is there. */
    private static String element(Words words) {
        if (words.onceIn(60)) {
            return words.text(words.pick(List.of(3000, 8170, 8190, 9000, 20_000)));
        }
        return words.onceIn(3)
                ? words.value()
                : words.pick("a", "b", "c", "", "1", "2", "-7", "5000", "x".repeat(70));
    }
}
