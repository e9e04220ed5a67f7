package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The HyperLogLog commands, and what any bytes under a HyperLogLog's header do to them. */
final class HyperLogLogGroup implements CommandGroup {
    private static final String HEADER = "HYLL\u0001\u0000\u0000\u0000";
    private static final List<Function<Words, Line>> LINES = List.of(
            HyperLogLogGroup::add,
            HyperLogLogGroup::add,
            HyperLogLogGroup::add,
            HyperLogLogGroup::addMany,
            words -> new LineBuilder(words, "PFCOUNT").addAll(logs(words, 1)).line(),
            words -> new LineBuilder(words, "PFCOUNT").addAll(logs(words, 3)).line(),
            words -> new LineBuilder(words, "PFMERGE").addAll(logs(words, 3)).line(),
            words -> new LineBuilder(words, "PFMERGE").addAll(logs(words, 1)).line(),
            words -> Line.of("GET", log(words)),
            words -> Line.of("GET", log(words)),
            words -> Line.of("OBJECT", "ENCODING", log(words)),
            HyperLogLogGroup::debug,
            HyperLogLogGroup::debug,
            words -> Line.of("SET", log(words), bytes(words)),
            words -> Line.of(
                    "SET", log(words), HEADER + "\u0000".repeat(7) + "\u0080" + runs(words)),
            words -> Line.of("SETRANGE", log(words), "" + words.below(16), words.bytes(1)),
            words -> Line.of("COPY", log(words), log(words), "REPLACE"),
            words -> Line.of("DEL", log(words)));

    @Override
    public List<Line> next(Words words) {
        return words.onceIn(30) ? limit(words) : List.of(words.line(LINES));
    }

    /** Another limit for sparse ones and what it does; the default afterwards, for whoever comes next. */
    private static List<Line> limit(Words words) {
        List<Line> lines = new ArrayList<>();
        String key = log(words);
        lines.add(Line.of(
                "CONFIG", "SET", "hll-sparse-max-bytes", words.pick("0", "17", "20", "40", "200")));
        for (int i = 0; i < 8; i++) {
            lines.add(Line.of("PFADD", key, "" + words.below(2000)));
            lines.add(Line.of("GET", key));
        }
        lines.add(Line.of("PFMERGE", log(words), key, log(words)));
        lines.add(Line.of("CONFIG", "SET", "hll-sparse-max-bytes", "3000"));
        return lines;
    }

    private static String log(Words words) {
        return words.onceIn(12) ? words.key() : words.pick("log:1", "log:2", "log:3");
    }

    private static List<String> logs(Words words, int most) {
        List<String> keys = new ArrayList<>();
        int count = 1 + words.below(most);
        for (int i = 0; i < count; i++) {
            keys.add(log(words));
        }
        return keys;
    }

    private static Line add(Words words) {
        LineBuilder line = new LineBuilder(words, "PFADD").add(log(words));
        int count = words.below(6);
        for (int i = 0; i < count; i++) {
            line.add(words.onceIn(2) ? words.value() : "" + words.below(100_000));
        }
        return line.line();
    }

    /** Enough for runs to meet, now and then enough for the dense form. */
    private static Line addMany(Words words) {
        LineBuilder line = new LineBuilder(words, "PFADD").add(log(words));
        int count = words.onceIn(6) ? 4000 : 300;
        int first = words.below(1_000_000);
        for (int i = 0; i < count; i++) {
            line.add("" + (first + i));
        }
        return line.line();
    }

    private static Line debug(Words words) {
        String subcommand = words.pick("DECODE", "DECODE", "ENCODING", "ENCODING", "FOO");
        if (words.onceIn(8)) {
            subcommand = words.pick("GETREG", "TODENSE");
        }
        return new LineBuilder(words, "PFDEBUG")
                .add(words.option(subcommand), log(words))
                .maybe(30, "extra")
                .line();
    }

    /**
     * A header and anything behind it but half a run at the end, which Redis completes with whatever follows the value in its
     * memory.
     */
    private static String bytes(Words words) {
        return switch (words.below(4)) {
            case 0 -> "HYLL" + words.bytes(words.below(30)) + "\u0000";
            case 1 -> HEADER + words.bytes(8 + words.below(30)) + "\u0000";
            case 2 -> "HYLL" + "\u0000".repeat(12) + words.bytes(1).repeat(12_288);
            default -> HEADER + "\u0000".repeat(8);
        };
    }

    /** Runs that are all of the registers, in unusual pieces. */
    private static String runs(Words words) {
        StringBuilder runs = new StringBuilder();
        int left = 16_384;
        while (left > 0) {
            int length = Math.min(left, 1 + words.below(words.onceIn(3) ? left : 60));
            if (length <= 4 && words.onceIn(2)) {
                runs.append((char) (0x80 | words.below(32) << 2 | length - 1));
            } else if (length <= 64) {
                runs.append((char) (length - 1));
            } else {
                runs.append((char) (0x40 | length - 1 >> 8)).append((char) (length - 1 & 0xFF));
            }
            left -= length;
        }
        return runs.toString();
    }
}
