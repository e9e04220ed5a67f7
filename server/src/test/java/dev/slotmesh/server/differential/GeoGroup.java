package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The geo commands over few members all over the world and crowded in places. Positions are random numbers, so that no two
 * distances are equal: which of two equally distant members comes first is not defined. Stored distances are compared by the
 * order they make, since the last bit of a sine depends on the C library.
 */
final class GeoGroup implements CommandGroup {
    private static final List<Function<Words, Line>> LINES = List.of(
            GeoGroup::add,
            GeoGroup::add,
            GeoGroup::add,
            words -> new LineBuilder(words, "GEOPOS")
                    .add(key(words))
                    .addAll(members(words))
                    .line(),
            words -> new LineBuilder(words, "GEOHASH")
                    .add(key(words))
                    .addAll(members(words))
                    .line(),
            words -> new LineBuilder(words, "GEODIST")
                    .add(key(words), member(words), member(words))
                    .maybe(2, unit(words))
                    .line(),
            words -> search(words, "GEOSEARCH").line(),
            words -> search(words, "GEOSEARCH").line(),
            words -> search(words, "GEOSEARCH").line(),
            GeoGroup::searchStore,
            words -> radius(words, words.pick("GEORADIUS", "GEORADIUS_RO")),
            words -> radius(words, words.pick("GEORADIUSBYMEMBER", "GEORADIUSBYMEMBER_RO")));

    @Override
    public List<Line> next(Words words) {
        return words.onceIn(15) ? storedDistances(words) : List.of(words.line(LINES));
    }

    private static String key(Words words) {
        return words.onceIn(6) ? words.key() : words.pick("geo", "a", "{tag}x");
    }

    private static String member(Words words) {
        return words.onceIn(15) ? words.value() : "m" + words.below(25);
    }

    private static List<String> members(Words words) {
        List<String> members = new ArrayList<>();
        do {
            members.add(member(words));
        } while (!words.onceIn(3));
        return members;
    }

    private static String longitude(Words words) {
        return words.onceIn(30)
                ? words.pick("180", "-180", "0", "180.0001", "x", "", "inf", "1e2", "0x10", "nan")
                : degrees(words, 360, 13.36);
    }

    private static String latitude(Words words) {
        return words.onceIn(30)
                ? words.pick("85.05112878", "-85.05112878", "0", "-86", "y", " 1", "-inf", "4e1")
                : degrees(words, 170, 38.12);
    }

    /** Anywhere in the range, near one place, or very near it. */
    private static String degrees(Words words, double range, double place) {
        double share = words.below(1_000_000_007) / 1_000_000_007.0 - 0.5;
        double degrees = switch (words.below(3)) {
            case 0 -> share * range;
            case 1 -> place + share * 4;
            default -> place + share / 50;
        };
        return String.format(Locale.ROOT, "%.9f", degrees);
    }

    private static String unit(Words words) {
        return words.onceIn(20) ? "parsec" : words.option(words.pick("m", "km", "ft", "mi"));
    }

    private static String length(Words words) {
        if (words.onceIn(25)) {
            return words.pick("-1", "x", "", "inf", "nan", "0", "1e400");
        }
        return String.format(
                Locale.ROOT, "%.3f", words.below(1_000_003) * Math.pow(10, words.below(6) - 4));
    }

    private static Line add(Words words) {
        LineBuilder line = new LineBuilder(words, "GEOADD")
                .add(key(words))
                .maybe(6, "NX")
                .maybe(6, "XX")
                .maybe(5, "CH");
        do {
            line.add(longitude(words), latitude(words), member(words));
        } while (!words.onceIn(4));
        return line.line();
    }

    private static LineBuilder search(Words words, String command) {
        LineBuilder line = new LineBuilder(words, command);
        if (command.equals("GEOSEARCHSTORE")) {
            line.add(key(words));
        }
        line.add(key(words));
        if (words.onceIn(2)) {
            line.add(words.option("FROMMEMBER"), member(words));
        } else if (!words.onceIn(30)) {
            line.add(words.option("FROMLONLAT"), longitude(words), latitude(words));
        }
        if (words.onceIn(2)) {
            line.add(words.option("BYRADIUS"), length(words), unit(words));
        } else if (!words.onceIn(30)) {
            line.add(words.option("BYBOX"), length(words), length(words), unit(words));
        }
        return order(words, line)
                .maybe(30, "BYRADIUS", "1")
                .maybe(30, "FROMMEMBER", "m1")
                .maybe(40, "STORE", "b");
    }

    /** The options of every search. */
    private static LineBuilder order(Words words, LineBuilder line) {
        line.maybe(3, "ASC").maybe(4, "DESC");
        if (words.onceIn(3)) {
            line.add(words.option("COUNT"));
            line.add(words.onceIn(10) ? words.index() : Integer.toString(1 + words.below(12)));
            line.maybe(3, "ANY");
        }
        return line.maybe(30, "ANY")
                .maybe(3, "WITHDIST")
                .maybe(4, "WITHHASH")
                .maybe(4, "WITHCOORD");
    }

    private static Line searchStore(Words words) {
        LineBuilder line = new LineBuilder(words, "GEOSEARCHSTORE")
                .add(key(words), key(words))
                .add(words.option("FROMLONLAT"), longitude(words), latitude(words))
                .add(words.option("BYRADIUS"), length(words), unit(words));
        return line.maybe(3, "COUNT", Integer.toString(1 + words.below(12)))
                .maybe(30, "WITHDIST")
                .line();
    }

    private static Line radius(Words words, String command) {
        LineBuilder line = new LineBuilder(words, command).add(key(words));
        if (command.contains("MEMBER")) {
            line.add(member(words));
        } else {
            line.add(longitude(words), latitude(words));
        }
        line.add(length(words), unit(words));
        boolean stores = words.onceIn(5);
        if (stores) {
            return line.add(words.option("STORE"), key(words))
                    .maybe(3, "COUNT", Integer.toString(1 + words.below(12)))
                    .maybe(20, "WITHCOORD")
                    .line();
        }
        return order(words, line).line();
    }

    private static List<Line> storedDistances(Words words) {
        String key = "distances";
        Line store = words.onceIn(2)
                ? search(words, "GEOSEARCHSTORE").maybe(1, "STOREDIST").line()
                : new LineBuilder(words, "GEORADIUS")
                        .add(key(words), longitude(words), latitude(words))
                        .add(length(words), unit(words))
                        .add(words.option("STOREDIST"), key)
                        .line();
        String target = store.name().equals("GEORADIUS") ? key : store.words().get(1);
        // Were a set there and nothing stored, it would come out in an order of its own.
        return List.of(
                Line.of("DEL", target),
                store,
                Line.of("SORT", target, "BY", "score"),
                Line.of("DEL", target));
    }
}
