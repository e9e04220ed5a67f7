package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * SORT and SORT_RO of lists, sets and sorted sets, with weights in strings and hashes. The order of a set's members and of
 * equal weights is each server's own: so a set is not read unsorted, and weights as text are the elements' own.
 *
 * <p>No element or weight is a number out of range: having met one, in whatever command, Redis 7.0 takes every number it sorts
 * by for one as well, until something resets the C library's error code. What other groups read is of any kind, so each
 * sort comes behind a line that resets it.
 */
final class SortGroup implements CommandGroup {
    private static final int SPOILT_ONE_IN = 40;

    /** Fails whatever the key holds, its timeout being read first, which is what resets the error code. */
    private static final Line RESET_OF_ERROR_CODE = Line.of("BLPOP", "list", "x");

    private static final List<Function<Words, Line>> CHANGES = List.of(
            words -> new LineBuilder(words, "RPUSH")
                    .add(words.pick("list", "list", "stored"))
                    .addAll(elements(words))
                    .line(),
            words -> new LineBuilder(words, "SADD")
                    .add("set")
                    .addAll(elements(words))
                    .line(),
            words -> new LineBuilder(words, "GEOADD")
                    .add("zset", Integer.toString(words.below(180)), "0", element(words))
                    .line(),
            words -> Line.of("SET", "w_" + element(words), weight(words)),
            words -> Line.of("HSET", "h_" + element(words), "f", weight(words)),
            words -> Line.of("DEL", words.pick("list", "stored", "set", "zset", "w_3", "h_4")));

    private static final List<Function<Words, Line>> SORTS =
            List.of(SortGroup::sort, SortGroup::sort, SortGroup::sortAsText, SortGroup::unsorted);

    @Override
    public List<Line> next(Words words) {
        if (words.onceIn(2)) {
            Line sort = words.line(SORTS);
            return List.of(
                    RESET_OF_ERROR_CODE, words.onceIn(SPOILT_ONE_IN) ? words.spoilt(sort) : sort);
        }
        // Two lines, which are never spoilt: a value of any kind would get into what is sorted.
        Line look = words.onceIn(2)
                ? Line.of("LRANGE", "stored", "0", "-1")
                : Line.of("OBJECT", "ENCODING", words.pick("zset", "stored", "list"));
        return List.of(words.line(CHANGES), look);
    }

    private static String source(Words words) {
        return words.pick("list", "set", "zset", "stored", "none", "w_1", "h_2");
    }

    private static String element(Words words) {
        return words.onceIn(30)
                ? words.pick("x", "", " 3", "1e3", "-0", "0x1F", "inf", "nan", "3 ")
                : Integer.toString(words.below(20) - 4);
    }

    private static List<String> elements(Words words) {
        List<String> elements = new ArrayList<>();
        do {
            elements.add(element(words));
        } while (!words.onceIn(3));
        return elements;
    }

    private static String weight(Words words) {
        return words.onceIn(20) ? words.text(3) : words.pick("1", "2.5", "-7", "1e2", "30", "");
    }

    private static String pattern(Words words) {
        return words.pick("w_*", "h_*->f", "h_*->g", "w_*->f", "h_*", "#", "x", "w_*->", "#*");
    }

    private static LineBuilder limit(Words words, LineBuilder line) {
        if (words.onceIn(3)) {
            line.add(words.option("LIMIT"));
            line.add(words.onceIn(6) ? words.integer() : Integer.toString(words.below(8)));
            line.add(words.onceIn(6) ? words.integer() : Integer.toString(words.below(8)));
        }
        return line;
    }

    private static LineBuilder answers(Words words, LineBuilder line) {
        line.maybe(3, "ASC").maybe(3, "DESC");
        while (words.onceIn(3)) {
            line.add(words.option("GET"), pattern(words));
        }
        return line.maybe(40, "GET").maybe(40, "FOO");
    }

    private static Line sort(Words words) {
        boolean readOnly = words.onceIn(3);
        LineBuilder line = new LineBuilder(words, readOnly ? "SORT_RO" : "SORT").add(source(words));
        if (words.onceIn(2)) {
            line.add(words.option("BY"), words.pick("w_*", "h_*->f"));
        }
        answers(words, limit(words, line));
        return line.maybe(5, "STORE", "stored").line();
    }

    private static Line sortAsText(Words words) {
        LineBuilder line = new LineBuilder(words, "SORT").add(source(words), words.option("ALPHA"));
        return answers(words, limit(words, line)).maybe(4, "STORE", "stored").line();
    }

    private static Line unsorted(Words words) {
        LineBuilder line = new LineBuilder(words, "SORT")
                .add(words.pick("list", "zset", "stored", "none"))
                .add(words.option("BY"), words.pick("nosort", "x", ""));
        return answers(words, limit(words, line)).maybe(4, "STORE", "stored").line();
    }
}
