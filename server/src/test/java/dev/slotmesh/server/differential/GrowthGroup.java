package dev.slotmesh.server.differential;

import java.util.List;
import java.util.function.Function;

/**
 * What {@link LeakTest} runs and no comparison can: values of many and of long elements, limits of encodings that come and
 * go, keys and fields that live for a moment, waits without an end. It writes the keys that all groups know.
 */
final class GrowthGroup implements CommandGroup {
    private static final int MOST_ELEMENTS = 700;
    private static final int LONG_ONE_IN = 12;
    private static final int HUGE_ONE_IN = 3000;
    private static final int LONGEST_BYTES = 70_000;

    private static final List<Function<Words, Line>> LINES = List.of(
            words -> many(words, words.pick("RPUSH", "LPUSH"), "", false),
            words -> many(words, "SADD", "", false),
            words -> many(words, "HSET", "", true),
            words -> many(words, "ZADD", "", true),
            words -> many(words, "XADD", "*", true),
            words -> many(words, "PFADD", "", false),
            words -> many(words, "SREM", "", false),
            words -> many(words, "HDEL", "", false),
            words -> many(words, "ZREM", "", false),
            words -> Line.of(words.pick("LPOP", "RPOP", "SPOP", "ZPOPMIN"), key(words), "300"),
            GrowthGroup::lengthen,
            GrowthGroup::limit,
            words -> expireFields(words, "HPEXPIRE", words.pick("0", "1", "2", "1000000")),
            words -> expireFields(words, "HEXPIRE", words.pick("1", "1000")),
            words -> expireFields(words, "HPEXPIREAT", words.pick("1", "4000000000000")),
            GrowthGroup::persistFields,
            GrowthGroup::getFields,
            GrowthGroup::setFields,
            words -> Line.of("PEXPIRE", key(words), words.pick("1", "2", "3")),
            words -> Line.of("SET", key(words), words.value(), "PX", "1"),
            words -> Line.of("XGROUP", "CREATE", key(words), "g", "0", "MKSTREAM"),
            words -> Line.of(
                    "XREADGROUP",
                    "GROUP",
                    "g",
                    words.pick("alice", "bob"),
                    "STREAMS",
                    key(words),
                    ">"),
            GrowthGroup::await);

    @Override
    public List<Line> next(Words words) {
        return List.of(words.line(LINES));
    }

    private static String key(Words words) {
        return words.onceIn(3) ? words.pick("s", "t", "l1", "l2", "h", "z") : words.key();
    }

    private static String element(Words words) {
        if (words.onceIn(HUGE_ONE_IN)) {
            return words.text(words.below(LONGEST_BYTES));
        }
        return words.onceIn(LONG_ONE_IN)
                ? words.bytes(words.below(300))
                : Integer.toString(words.below(2000));
    }

    /** A line of few or many elements or pairs; the first of a pair may be a score. */
    private static Line many(Words words, String command, String id, boolean paired) {
        LineBuilder line = new LineBuilder(words, command).add(key(words));
        if (!id.isEmpty()) {
            line.add(id);
        }
        int count = 1 + words.below(words.onceIn(10) ? MOST_ELEMENTS : 8);
        for (int i = 0; i < count; i++) {
            if (paired) {
                line.add(words.onceIn(300) ? "x" : Integer.toString(words.below(2000)));
            }
            line.add(element(words));
        }
        return line.line();
    }

    private static Line lengthen(Words words) {
        int offset = words.below(words.onceIn(30) ? LONGEST_BYTES : 500);
        return Line.of("SETRANGE", key(words), Integer.toString(offset), "x");
    }

    private static Line limit(Words words) {
        String directive = words.pick(
                "hash-max-listpack-entries",
                "hash-max-listpack-value",
                "set-max-intset-entries",
                "zset-max-listpack-entries",
                "zset-max-listpack-value",
                "list-max-listpack-size",
                "list-compress-depth",
                "stream-node-max-entries",
                "stream-node-max-bytes",
                "hll-sparse-max-bytes");
        return Line.of("CONFIG", "SET", directive, words.pick("0", "1", "2", "5", "60", "500"));
    }

    private static Line expireFields(Words words, String command, String time) {
        LineBuilder line = new LineBuilder(words, command).add(key(words), time);
        line.maybe(5, words.pick("NX", "XX", "GT", "LT"));
        return fields(words, line);
    }

    private static Line persistFields(Words words) {
        return fields(
                words,
                new LineBuilder(words, words.pick("HPERSIST", "HTTL", "HPTTL", "HGETDEL"))
                        .add(key(words)));
    }

    private static Line getFields(Words words) {
        LineBuilder line = new LineBuilder(words, "HGETEX").add(key(words));
        if (words.onceIn(2)) {
            line.add("PX", words.pick("1", "1000000"));
        } else {
            line.maybe(2, "PERSIST");
        }
        return fields(words, line);
    }

    private static Line setFields(Words words) {
        LineBuilder line = new LineBuilder(words, "HSETEX").add(key(words));
        line.maybe(6, words.pick("FNX", "FXX"));
        if (words.onceIn(2)) {
            line.add("PX", words.pick("1", "1000000"));
        } else {
            line.maybe(2, "KEEPTTL");
        }
        int count = 1 + words.below(30);
        line.add("FIELDS", Integer.toString(count));
        for (int i = 0; i < count; i++) {
            line.add(Integer.toString(words.below(2000)), element(words));
        }
        return line.line();
    }

    private static Line fields(Words words, LineBuilder line) {
        int count = 1 + words.below(30);
        line.add("FIELDS", Integer.toString(count));
        for (int i = 0; i < count; i++) {
            line.add(Integer.toString(words.below(2000)));
        }
        return line.line();
    }

    private static Line await(Words words) {
        String time = words.pick("0", "0.5", "100");
        return switch (words.below(5)) {
            case 0 -> Line.of(words.pick("BLPOP", "BRPOP"), key(words), key(words), time);
            case 1 -> Line.of("BLMOVE", key(words), key(words), "LEFT", "RIGHT", time);
            case 2 -> Line.of(words.pick("BZPOPMIN", "BZPOPMAX"), key(words), key(words), time);
            case 3 -> Line.of("XREAD", "BLOCK", "0", "STREAMS", key(words), "$");
            default ->
                Line.of(
                        "XREADGROUP",
                        "GROUP",
                        "g",
                        "alice",
                        "BLOCK",
                        "0",
                        "STREAMS",
                        key(words),
                        ">");
        };
    }
}
