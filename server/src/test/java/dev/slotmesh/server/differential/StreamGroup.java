package dev.slotmesh.server.differential;

import java.util.List;
import java.util.function.Function;

/** The stream commands. IDs are given, so that replies compare; only the stream "clock" gets IDs made by the servers. */
final class StreamGroup implements CommandGroup {
    private static final String[] STREAMS = {"s", "s", "s", "s", "t", "u"};
    private static final String[] GROUPS = {"g", "g", "g", "h", "bin\u0000\u00ff\r\n", ""};
    private static final String[] CONSUMERS = {"alice", "alice", "bob", "carol", "b\u0000b"};

    private static final List<Function<Words, Line>> LINES = List.of(
            StreamGroup::add,
            StreamGroup::add,
            StreamGroup::add,
            StreamGroup::addHigher,
            StreamGroup::addHigher,
            StreamGroup::addHigher,
            StreamGroup::addHigher,
            words -> Line.of("XADD", "clock", "*", "f", words.value()),
            words -> Line.of("XLEN", key(words)),
            words -> range(words, "XRANGE"),
            words -> range(words, "XREVRANGE"),
            StreamGroup::delete,
            StreamGroup::delete,
            StreamGroup::trim,
            StreamGroup::setId,
            StreamGroup::read,
            StreamGroup::read,
            StreamGroup::readGroup,
            StreamGroup::readGroup,
            StreamGroup::readGroup,
            StreamGroup::readGroup,
            StreamGroup::create,
            StreamGroup::create,
            StreamGroup::group,
            StreamGroup::acknowledge,
            StreamGroup::acknowledge,
            StreamGroup::claim,
            StreamGroup::claim,
            StreamGroup::autoClaim,
            StreamGroup::pending,
            StreamGroup::pending,
            StreamGroup::inspect,
            StreamGroup::inspect,
            StreamGroup::inspect,
            StreamGroup::others);

    @Override
    public List<Line> next(Words words) {
        return List.of(words.line(LINES));
    }

    private static String key(Words words) {
        return words.onceIn(12) ? words.key() : words.pick(STREAMS);
    }

    /** IDs close together, so that they are met. */
    private static String id(Words words) {
        if (words.onceIn(15)) {
            return words.pick(
                    "-",
                    "+",
                    "$",
                    ">",
                    "",
                    "x",
                    "1-x",
                    "1-",
                    "-1",
                    "1-1-1",
                    "(1-1",
                    " 7",
                    "+7",
                    "07-01",
                    "1--05",
                    "1--5",
                    "5\u0000x",
                    "5-*",
                    "0-0",
                    "18446744073709551615",
                    "18446744073709551615-18446744073709551615",
                    "18446744073709551616",
                    "9223372036854775807-9223372036854775808",
                    "99999999999999999999999999999999999999999999999999999999999999999999999999999-"
                            + "99999999999999999999999999999999999999999999999999999999999");
        }
        String ms = Integer.toString(words.below(60));
        return words.onceIn(3) ? ms : ms + "-" + words.below(4);
    }

    private static String bound(Words words) {
        return words.onceIn(3)
                ? words.pick("-", "+", "(" + id(words), "(0-0", "(+", "(")
                : id(words);
    }

    private static String count(Words words) {
        return words.onceIn(10) ? words.integer() : Integer.toString(words.below(12));
    }

    private static LineBuilder pairs(Words words, LineBuilder line) {
        int pairs = 1 + words.below(3);
        for (int i = 0; i < pairs; i++) {
            line.add(words.onceIn(4) ? words.value() : "field" + i, words.value());
        }
        return line;
    }

    private static LineBuilder trimming(Words words, LineBuilder line) {
        if (words.onceIn(2)) {
            line.add(words.option("MAXLEN"));
            operator(words, line);
            line.add(words.onceIn(8) ? words.integer() : Integer.toString(words.below(40)));
        } else {
            line.add(words.option("MINID"));
            operator(words, line);
            line.add(id(words));
        }
        return line.maybe(4, "LIMIT", words.onceIn(2) ? count(words) : "" + words.below(300))
                .maybe(40, "MAXLEN", "3");
    }

    private static void operator(Words words, LineBuilder line) {
        if (words.onceIn(2)) {
            line.add(words.pick("~", "~", "=", "<"));
        }
    }

    private static Line add(Words words) {
        LineBuilder line = new LineBuilder(words, "XADD").add(key(words)).maybe(5, "NOMKSTREAM");
        if (words.onceIn(3)) {
            trimming(words, line);
        }
        line.add(words.onceIn(3) ? id(words) : words.below(60) + "-*");
        return pairs(words, line).line();
    }

    /** Mostly after what is there, and with many entries of the same fields, so that nodes fill. */
    private static Line addHigher(Words words) {
        LineBuilder line = new LineBuilder(words, "XADD").add(words.pick(STREAMS));
        line.add((40 + words.below(20)) + "-*");
        return words.onceIn(4)
                ? pairs(words, line).line()
                : line.add("field0", words.value()).line();
    }

    private static Line range(Words words, String command) {
        return new LineBuilder(words, command)
                .add(key(words), bound(words), bound(words))
                .maybe(2, "COUNT", count(words))
                .maybe(30, "FOO")
                .line();
    }

    private static Line delete(Words words) {
        LineBuilder line = new LineBuilder(words, "XDEL").add(key(words));
        int ids = 1 + words.below(4);
        for (int i = 0; i < ids; i++) {
            line.add(words.onceIn(2) ? (40 + words.below(20)) + "-" + words.below(60) : id(words));
        }
        return line.line();
    }

    private static Line trim(Words words) {
        LineBuilder line = new LineBuilder(words, "XTRIM").add(key(words));
        return (words.onceIn(20) ? line.maybe(2, "LIMIT", "5") : trimming(words, line)).line();
    }

    private static Line setId(Words words) {
        return new LineBuilder(words, "XSETID")
                .add(key(words), words.onceIn(2) ? "59-" + words.below(3000) : id(words))
                .maybe(3, "ENTRIESADDED", words.onceIn(3) ? words.integer() : "" + words.below(500))
                .maybe(3, "MAXDELETEDID", id(words))
                .maybe(30, "FOO")
                .line();
    }

    private static LineBuilder streams(Words words, LineBuilder line, boolean grouped) {
        line.add(words.option("STREAMS"));
        int streams = words.onceIn(2) ? 1 : 1 + words.below(3);
        for (int i = 0; i < streams; i++) {
            line.add(key(words));
        }
        for (int i = 0; i < streams; i++) {
            line.add(
                    grouped && !words.onceIn(3)
                            ? ">"
                            : words.onceIn(4) ? words.pick("$", "0", "0-0") : id(words));
        }
        return words.onceIn(40) ? line.add("x") : line;
    }

    private static Line read(Words words) {
        LineBuilder line = new LineBuilder(words, "XREAD")
                .maybe(2, "COUNT", count(words))
                .maybe(8, "BLOCK", words.pick("1", "2", "-1", "x", "9223372036854775807x"))
                .maybe(60, "NOACK")
                .maybe(60, "GROUP", "g");
        return streams(words, line, false).line();
    }

    private static Line readGroup(Words words) {
        LineBuilder line = new LineBuilder(words, "XREADGROUP");
        if (!words.onceIn(60)) {
            line.add(words.option("GROUP"), words.pick(GROUPS), words.pick(CONSUMERS));
        }
        line.maybe(2, "COUNT", count(words))
                .maybe(8, "BLOCK", words.pick("1", "2", "-1", "x"))
                .maybe(5, "NOACK");
        return streams(words, line, true).line();
    }

    private static Line create(Words words) {
        return new LineBuilder(words, "XGROUP")
                .add(words.option("CREATE"), key(words), words.pick(GROUPS))
                .add(words.onceIn(2) ? words.pick("$", "0") : id(words))
                .maybe(2, "MKSTREAM")
                .maybe(4, "ENTRIESREAD", words.pick("0", "3", "-1", "-2", "x", "7"))
                .maybe(30, "FOO")
                .line();
    }

    private static Line group(Words words) {
        String subcommand = words.pick(
                "SETID",
                "SETID",
                "DESTROY",
                "CREATECONSUMER",
                "CREATECONSUMER",
                "DELCONSUMER",
                "DELCONSUMER",
                "HELP",
                "FOO");
        LineBuilder line = new LineBuilder(words, "XGROUP").add(words.option(subcommand));
        if (subcommand.equals("HELP")) {
            return line.line();
        }
        line.add(key(words), words.pick(GROUPS));
        return switch (subcommand) {
            case "SETID" ->
                line.add(words.onceIn(2) ? words.pick("$", "0") : id(words))
                        .maybe(3, "ENTRIESREAD", words.pick("0", "3", "-1", "-2", "x", "7"))
                        .line();
            case "DESTROY" -> line.line();
            default -> line.add(words.pick(CONSUMERS)).line();
        };
    }

    private static LineBuilder ids(Words words, LineBuilder line) {
        int ids = 1 + words.below(5);
        for (int i = 0; i < ids; i++) {
            line.add(words.onceIn(2) ? (40 + words.below(20)) + "-" + words.below(30) : id(words));
        }
        return line;
    }

    private static Line acknowledge(Words words) {
        return ids(words, new LineBuilder(words, "XACK").add(key(words), words.pick(GROUPS)))
                .line();
    }

    private static Line claim(Words words) {
        LineBuilder line = new LineBuilder(words, "XCLAIM")
                .add(key(words), words.pick(GROUPS), words.pick(CONSUMERS))
                .add(idle(words));
        return ids(words, line)
                .maybe(4, "IDLE", words.pick("0", "100000000", "-1", "x"))
                .maybe(4, "TIME", words.pick("0", "1000", "-1", "x", "9999999999999999"))
                .maybe(4, "RETRYCOUNT", words.pick("0", "1", "7", "-1", "x", "4294967297"))
                .maybe(2, "FORCE")
                .maybe(4, "JUSTID")
                .maybe(8, "LASTID", id(words))
                .maybe(40, "FOO")
                .line();
    }

    private static String idle(Words words) {
        return words.onceIn(3) ? words.pick("100000", "-1", "x", "1000000000") : "0";
    }

    private static Line autoClaim(Words words) {
        return new LineBuilder(words, "XAUTOCLAIM")
                .add(key(words), words.pick(GROUPS), words.pick(CONSUMERS))
                .add(idle(words), words.onceIn(2) ? "0" : bound(words))
                .maybe(2, "COUNT", words.pick("1", "2", "3", "5", "0", "-1", "x"))
                .maybe(3, "JUSTID")
                .maybe(40, "FOO")
                .line();
    }

    private static Line pending(Words words) {
        LineBuilder line = new LineBuilder(words, "XPENDING").add(key(words), words.pick(GROUPS));
        if (words.onceIn(3)) {
            return line.line();
        }
        return line.maybe(4, "IDLE", idle(words))
                .add(
                        words.onceIn(2) ? "-" : bound(words),
                        words.onceIn(2) ? "+" : bound(words),
                        count(words))
                .addAll(words.onceIn(3) ? List.of(words.pick(CONSUMERS)) : List.of())
                .line();
    }

    private static Line inspect(Words words) {
        LineBuilder line = new LineBuilder(words, "XINFO");
        return switch (words.below(8)) {
            case 0 -> line.add(words.option("GROUPS"), key(words)).line();
            case 1 ->
                line.add(words.option("CONSUMERS"), key(words), words.pick(GROUPS))
                        .line();
            case 2 ->
                line.add(words.pick("HELP", "FOO", "STREAM", "stream FULL", "")).line();
            case 3, 4 ->
                line.add(words.option("STREAM"), key(words)).maybe(20, "FOO").line();
            default ->
                line.add(words.option("STREAM"), key(words), words.option("FULL"))
                        .maybe(2, "COUNT", words.onceIn(3) ? "0" : count(words))
                        .line();
        };
    }

    private static Line others(Words words) {
        return switch (words.below(6)) {
            case 0 -> Line.of("DEL", words.pick("s", "t", "u", "u", "clock"));
            case 1 -> Line.of("COPY", words.pick(STREAMS), words.pick(STREAMS), "REPLACE");
            case 2 -> Line.of("RENAME", words.pick("s", "t", "u"), words.pick("s", "t", "u"));
            case 3 -> Line.of("TYPE", words.pick(STREAMS));
            case 4 -> Line.of("SET", "u", "text");
            default -> Line.of("OBJECT", "ENCODING", words.pick(STREAMS));
        };
    }
}
