package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The commands about keys and databases. */
final class KeyGroup implements CommandGroup {
    private static final List<Function<Words, Line>> LINES = List.of(
            words -> new LineBuilder(words, "DEL").addAll(words.keys(3)).line(),
            words -> new LineBuilder(words, "UNLINK").addAll(words.keys(2)).line(),
            words -> new LineBuilder(words, "EXISTS").addAll(words.keys(4)).line(),
            words -> new LineBuilder(words, "TOUCH").addAll(words.keys(4)).line(),
            words -> Line.of("TYPE", words.key()),
            words -> Line.of("KEYS", pattern(words)),
            KeyGroup::scan,
            words -> Line.of("RANDOMKEY"),
            words -> Line.of("RENAME", words.key(), words.key()),
            words -> Line.of("RENAMENX", words.key(), words.key()),
            KeyGroup::copy,
            words -> Line.of("MOVE", words.key(), words.database()),
            words -> Line.of("SELECT", words.database()),
            words -> Line.of("SWAPDB", words.database(), words.database()),
            words -> expire(words, "EXPIRE", words.secondsFromNow()),
            words -> expire(words, "PEXPIRE", words.msFromNow()),
            words -> expire(words, "EXPIREAT", words.secondsSince1970()),
            words -> expire(words, "PEXPIREAT", words.msSince1970()),
            words -> Line.of("TTL", words.key()),
            words -> Line.of("PTTL", words.key()),
            words -> Line.of("EXPIRETIME", words.key()),
            words -> Line.of("PEXPIRETIME", words.key()),
            words -> Line.of("PERSIST", words.key()),
            words -> Line.of("OBJECT", words.option("ENCODING"), words.key()),
            words -> Line.of("OBJECT", words.option("ENCODING"), words.key()),
            KeyGroup::object);

    @Override
    public List<Line> next(Words words) {
        if (words.onceIn(150)) {
            return List.of(flush(words));
        }
        if (words.onceIn(20)) {
            return size();
        }
        return words.onceIn(25) ? memoryUsage(words) : List.of(words.line(LINES));
    }

    /**
     * DBSIZE counts keys whose time has passed until they are met, and the servers may meet them at different moments: so all
     * keys are looked at first.
     */
    private static List<Line> size() {
        List<String> words = new ArrayList<>(List.of("EXISTS"));
        words.addAll(Words.allKeys());
        return List.of(new Line(words), Line.of("DBSIZE"));
    }

    private static Line flush(Words words) {
        return new LineBuilder(words, words.pick("FLUSHDB", "FLUSHALL"))
                .maybe(3, "ASYNC")
                .maybe(4, "SYNC")
                .maybe(20, "NOW")
                .line();
    }

    private static String pattern(Words words) {
        return words.pick(
                "*",
                "?",
                "a*",
                "text:?",
                "text:[12]",
                "[^a]",
                "[a-c]",
                "*x",
                "\\a",
                "nothing",
                "",
                "[",
                "**r");
    }

    /** A whole walk in one call, or a mistake: single steps visit keys in an order of each server's own. */
    private static Line scan(Words words) {
        return new LineBuilder(words, "SCAN")
                .add(
                        words.onceIn(8)
                                ? words.pick("x", "", "1x", " 1", "18446744073709551616")
                                : "0")
                .add(words.option("COUNT"), "1000000")
                .maybe(3, "MATCH", pattern(words))
                .maybe(3, "TYPE", words.pick("string", "STRING", "hash", "nothing"))
                .maybe(15, "COUNT", words.pick("0", "-1", "x", "1000001"))
                .maybe(30, "FOO", "1")
                .line();
    }

    private static Line copy(Words words) {
        return new LineBuilder(words, "COPY")
                .add(words.key(), words.key())
                .maybe(3, "DB", words.database())
                .maybe(2, "REPLACE")
                .maybe(30, "FOO")
                .line();
    }

    private static Line expire(Words words, String command, String time) {
        return new LineBuilder(words, command)
                .add(words.key(), time)
                .maybe(6, "NX")
                .maybe(6, "XX")
                .maybe(6, "GT")
                .maybe(6, "LT")
                .maybe(40, "FOO")
                .line();
    }

    private static Line object(Words words) {
        String subcommand = words.pick("REFCOUNT", "IDLETIME", "FREQ", "HELP", "ENCODING", "FOO");
        LineBuilder line = new LineBuilder(words, "OBJECT").add(words.option(subcommand));
        return subcommand.equals("HELP") ? line.line() : line.add(words.key()).line();
    }

    /** MEMORY USAGE too sees a key whose time has passed, in Redis, until something else meets it. */
    private static List<Line> memoryUsage(Words words) {
        String key = words.key();
        Line usage = new LineBuilder(words, "MEMORY")
                .add(words.option("USAGE"), key)
                .maybe(4, "SAMPLES", words.pick("0", "5", "-1", "x"))
                .maybe(20, "FOO")
                .line();
        return List.of(Line.of("EXISTS", key), usage);
    }
}
