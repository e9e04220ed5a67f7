package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** The string commands. */
final class StringGroup implements CommandGroup {
    private static final List<Function<Words, Line>> LINES = List.of(
            words -> Line.of("GET", words.key()),
            words -> Line.of("SET", words.key(), words.value()),
            StringGroup::set,
            StringGroup::set,
            words -> Line.of("SETNX", words.key(), words.value()),
            words -> Line.of("SETEX", words.key(), words.secondsFromNow(), words.value()),
            words -> Line.of("PSETEX", words.key(), words.msFromNow(), words.value()),
            words -> Line.of("GETSET", words.key(), words.value()),
            words -> Line.of("GETDEL", words.key()),
            StringGroup::getex,
            words -> new LineBuilder(words, "MGET").addAll(words.keys(4)).line(),
            words -> pairs(words, "MSET"),
            words -> pairs(words, "MSETNX"),
            words -> Line.of("APPEND", words.key(), words.value()),
            words -> Line.of("STRLEN", words.key()),
            StringGroup::setRange,
            words -> Line.of("GETRANGE", words.key(), words.index(), words.index()),
            words -> Line.of("SUBSTR", words.key(), words.index(), words.index()),
            words -> Line.of("INCR", words.key()),
            words -> Line.of("DECR", words.key()),
            words -> Line.of("INCRBY", words.key(), words.integer()),
            words -> Line.of("DECRBY", words.key(), words.integer()),
            words -> Line.of("INCRBYFLOAT", words.key(), words.floating()),
            StringGroup::setNumber,
            StringGroup::setText,
            StringGroup::lcs);

    @Override
    public List<Line> next(Words words) {
        return List.of(words.line(LINES));
    }

    private static Line set(Words words) {
        List<Function<LineBuilder, LineBuilder>> options = new ArrayList<>(List.of(
                line -> line.maybe(3, "NX"),
                line -> line.maybe(3, "XX"),
                line -> line.maybe(3, "GET"),
                line -> line.maybe(6, "KEEPTTL"),
                line -> line.maybe(40, "PERSIST"),
                line -> line.maybe(6, "EX", words.secondsFromNow()),
                line -> line.maybe(6, "PX", words.msFromNow()),
                line -> line.maybe(6, "EXAT", words.secondsSince1970()),
                line -> line.maybe(6, "PXAT", words.msSince1970())));
        Collections.shuffle(options, new java.util.Random(words.below(Integer.MAX_VALUE)));
        LineBuilder line = new LineBuilder(words, "SET").add(words.key(), words.value());
        for (Function<LineBuilder, LineBuilder> option : options) {
            option.apply(line);
        }
        return line.line();
    }

    private static Line getex(Words words) {
        return new LineBuilder(words, "GETEX")
                .add(words.key())
                .maybe(4, "PERSIST")
                .maybe(5, "EX", words.secondsFromNow())
                .maybe(5, "PX", words.msFromNow())
                .maybe(5, "EXAT", words.secondsSince1970())
                .maybe(5, "PXAT", words.msSince1970())
                .maybe(40, "KEEPTTL")
                .line();
    }

    private static Line pairs(Words words, String command) {
        LineBuilder line = new LineBuilder(words, command);
        for (String key : words.keys(3)) {
            line.add(key, words.value());
        }
        return line.line();
    }

    private static Line setRange(Words words) {
        String offset =
                words.onceIn(6) ? words.pick("-1", "536870912", "9223372036854775807", "x") : "";
        return Line.of(
                "SETRANGE",
                words.key(),
                offset.isEmpty() ? Integer.toString(words.below(100)) : offset,
                words.value());
    }

    private static Line setNumber(Words words) {
        return Line.of("SET", words.key(), words.onceIn(2) ? words.integer() : words.floating());
    }

    private static Line setText(Words words) {
        return Line.of("SET", words.pick("text:1", "text:2"), words.text(words.below(200)));
    }

    private static Line lcs(Words words) {
        return new LineBuilder(words, "LCS")
                .add(words.onceIn(3) ? words.key() : "text:1")
                .add(words.onceIn(3) ? words.key() : "text:2")
                .maybe(4, "LEN")
                .maybe(2, "IDX")
                .maybe(2, "WITHMATCHLEN")
                .maybe(3, "MINMATCHLEN", words.index())
                .line();
    }
}
