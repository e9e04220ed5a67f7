package dev.slotmesh.server.differential;

import java.util.List;
import java.util.function.Function;

/** DUMP and RESTORE with their options and mistakes; what values they carry is compared by whole programs. */
final class DumpGroup implements CommandGroup {
    private static final String HELLO = "\u0000\u0005hello\n\u0000cr\u00dfve4 \n";
    private static final String SET = "\u000b\u000e\u0002\u0000\u0000\u0000\u0003\u0000\u0000\u0000"
            + "\u0001\u0000\u0002\u0000\u0003\u0000\n\u0000\u00a5\u0002\\\u00e2mnM\u001b";
    private static final String HASH =
            "\u0010\u0012\u0012\u0000\u0000\u0000\u0004\u0000\u0081f\u0002"
                    + "\u0081v\u0002\u0081n\u0002\u0005\u0001\u00ff\n\u0000\u0084\u0090\u0093\u009fW\u00b4"
                    + "\u00f3\u00c2";
    private static final List<Function<Words, Line>> LINES = List.of(
            DumpGroup::restore,
            DumpGroup::restore,
            DumpGroup::restore,
            words -> Line.of("DUMP", words.key()),
            words -> Line.of("DEBUG", words.option("DIGEST-VALUE"), words.key(), words.key()),
            words -> Line.of("PTTL", words.key()),
            words -> Line.of("OBJECT", "ENCODING", words.key()));

    @Override
    public List<Line> next(Words words) {
        return List.of(words.line(LINES));
    }

    private static Line restore(Words words) {
        boolean absolute = words.onceIn(4);
        LineBuilder line = new LineBuilder(
                        words, words.pick("RESTORE", "RESTORE", "RESTORE-ASKING"))
                .add(words.key(), ttl(words, absolute), payload(words));
        if (absolute) {
            line.add(words.option("ABSTTL"));
        }
        return line.maybe(2, "REPLACE")
                .maybe(8, "IDLETIME", words.pick("0", "1000", "-1", "x", "99999999999"))
                .maybe(8, "FREQ", words.pick("0", "255", "256", "-1", "x"))
                .maybe(40, "FOO")
                .line();
    }

    private static String ttl(Words words, boolean absolute) {
        if (words.onceIn(3)) {
            return words.pick("0", "0", "0", "-1", "x", "", "1.5");
        }
        // Both are far ahead when ABSTTL is lost: a millisecond from now would be a race.
        return absolute ? words.pick("1000000000000", "4000000000000") : words.msFromNow();
    }

    private static String payload(Words words) {
        return switch (words.below(10)) {
            case 0 -> words.bytes(words.below(20));
            case 1 -> HELLO.replace("\n\u0000", "\u000b\u0000");
            case 2 -> HELLO.substring(1);
            case 3, 4, 5 -> SET;
            case 6, 7 -> HASH;
            default -> HELLO;
        };
    }
}
