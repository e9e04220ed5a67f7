package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The commands of sets, over few keys and few members, so that sets overlap and lose their last member. */
final class SetGroup implements CommandGroup {
    private static final int MORE_THAN_AN_INTSET = 520;

    private static final List<Function<Words, Line>> LINES = List.of(
            SetGroup::add,
            SetGroup::add,
            SetGroup::add,
            words -> new LineBuilder(words, "SREM")
                    .add(key(words))
                    .addAll(members(words, 4))
                    .line(),
            words -> new LineBuilder(words, "SMOVE")
                    .add(key(words), key(words), member(words))
                    .line(),
            words -> new LineBuilder(words, "SISMEMBER")
                    .add(key(words), member(words))
                    .line(),
            words -> new LineBuilder(words, "SMISMEMBER")
                    .add(key(words))
                    .addAll(members(words, 4))
                    .line(),
            words -> new LineBuilder(words, "SCARD").add(key(words)).line(),
            words -> new LineBuilder(words, "SMEMBERS").add(key(words)).line(),
            words -> new LineBuilder(words, words.pick("SINTER", "SUNION", "SDIFF"))
                    .addAll(keys(words))
                    .line(),
            words -> new LineBuilder(words, words.pick("SINTERSTORE", "SUNIONSTORE", "SDIFFSTORE"))
                    .add(key(words))
                    .addAll(keys(words))
                    .line(),
            SetGroup::interCard,
            SetGroup::scan,
            words -> Line.of("OBJECT", words.option("ENCODING"), key(words)));

    @Override
    public List<Line> next(Words words) {
        if (words.onceIn(60)) {
            return List.of(fill(words));
        }
        if (words.onceIn(12)) {
            return words.onceIn(2) ? pop(words) : randomMembers(words);
        }
        return List.of(words.line(LINES));
    }

    private static String key(Words words) {
        return words.onceIn(5) ? words.key() : words.pick("a", "b", "c", "{tag}x");
    }

    private static List<String> keys(Words words) {
        List<String> keys = new ArrayList<>();
        do {
            keys.add(key(words));
        } while (!words.onceIn(3));
        return keys;
    }

    private static String member(Words words) {
        return switch (words.below(6)) {
            case 0, 1, 2 -> Integer.toString(words.below(12) - 3);
            case 3 -> words.integer();
            case 4 -> words.text(words.below(3));
            default -> words.onceIn(3) ? words.value() : words.bytes(1);
        };
    }

    private static List<String> members(Words words, int most) {
        List<String> members = new ArrayList<>();
        boolean integers = words.onceIn(2);
        for (int i = words.below(most); i >= 0; i--) {
            members.add(integers ? Integer.toString(words.below(40_000)) : member(words));
        }
        return members;
    }

    private static Line add(Words words) {
        return new LineBuilder(words, "SADD")
                .add(key(words))
                .addAll(members(words, 8))
                .line();
    }

    /** About as many integers as an intset takes. */
    private static Line fill(Words words) {
        LineBuilder line = new LineBuilder(words, "SADD").add(key(words));
        int count = MORE_THAN_AN_INTSET - words.below(20);
        for (int i = 0; i < count; i++) {
            line.add(Integer.toString(i * 3));
        }
        return line.line();
    }

    private static Line interCard(Words words) {
        List<String> keys = keys(words);
        String count = words.onceIn(10) ? words.integer() : Integer.toString(keys.size());
        return new LineBuilder(words, "SINTERCARD")
                .add(count)
                .addAll(keys)
                .maybe(3, "LIMIT", words.onceIn(4) ? words.integer() : words.pick("0", "1", "2"))
                .maybe(20, "FOO")
                .line();
    }

    /** A whole walk in one call, or a mistake. */
    private static Line scan(Words words) {
        return new LineBuilder(words, "SSCAN")
                .add(key(words), words.onceIn(8) ? words.pick("x", "", "1x", " 1") : "0")
                .add(words.option("COUNT"), "1000000")
                .maybe(3, "MATCH", words.pick("*", "1*", "?", "[a-c]*", "", "-?"))
                .maybe(15, "COUNT", words.pick("0", "-1", "x", "1000001"))
                .maybe(30, "TYPE", "set")
                .line();
    }

    /** Two lines, which are never spoilt: a huge negative count would keep either server answering for hours. */
    private static List<Line> randomMembers(Words words) {
        String key = key(words);
        LineBuilder line = new LineBuilder(words, "SRANDMEMBER").add(key);
        if (!words.onceIn(3)) {
            line.add(count(words));
        }
        return List.of(line.line(), Line.of("SCARD", key));
    }

    private static String count(Words words) {
        return switch (words.below(6)) {
            case 0 ->
                words.pick("x", "", "1.5", "-9223372036854775808", "9223372036854775808", "0");
            case 1 -> "9223372036854775807";
            case 2 -> Integer.toString(-words.below(30));
            default -> Integer.toString(words.below(30));
        };
    }

    /** What is left after members were taken at random differs: so the key goes with them. */
    private static List<Line> pop(Words words) {
        String key = key(words);
        LineBuilder line = new LineBuilder(words, "SPOP").add(key);
        if (!words.onceIn(3)) {
            line.add(count(words)).maybe(30, "FOO");
        }
        return List.of(line.line(), Line.of("DEL", key));
    }
}
