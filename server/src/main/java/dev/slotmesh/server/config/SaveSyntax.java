package dev.slotmesh.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code save <seconds> <changes> ...}; an empty word clears all rules. */
final class SaveSyntax implements Syntax<List<SavePoint>> {
    static final List<SavePoint> INITIAL =
            List.of(new SavePoint(3600, 1), new SavePoint(300, 100), new SavePoint(60, 10000));

    @Override
    public Parsed<List<SavePoint>> parse(List<String> given, List<SavePoint> current) {
        if (given.isEmpty() || given.size() == 1 && given.get(0).isEmpty()) {
            return Parsed.of(List.of());
        }
        // All rules may stand in one quoted word: --save "900 1 300 10".
        List<String> words = given.size() == 1 ? List.of(given.get(0).trim().split(" +")) : given;
        List<SavePoint> points = new ArrayList<>();
        for (int at = 0; at + 1 < words.size(); at += 2) {
            Optional<Long> seconds = WholeNumber.parse(words.get(at)).filter(value -> value >= 1);
            Optional<Long> changes = WholeNumber.parse(words.get(at + 1))
                    .filter(value -> value >= 0 && value <= Integer.MAX_VALUE);
            if (seconds.isEmpty() || changes.isEmpty()) {
                return invalid();
            }
            points.add(new SavePoint(seconds.get(), changes.get().intValue()));
        }
        return words.size() % 2 != 0 ? invalid() : Parsed.of(List.copyOf(points));
    }

    /**
     * The first line takes the place of the default; each further one adds to it, unless it clears. Redis 7.0.15 forgets this
     * once it has read an {@code include}, after which each line replaces all before it; that is not imitated.
     */
    @Override
    public Parsed<List<SavePoint>> parseLine(
            List<String> words, List<SavePoint> current, boolean repeated) {
        Parsed<List<SavePoint>> line = parse(words, current);
        if (!repeated || line.refusal().isPresent() || line.value().isEmpty()) {
            return line;
        }
        List<SavePoint> all = new ArrayList<>(current);
        all.addAll(line.value());
        return Parsed.of(List.copyOf(all));
    }

    @Override
    public String format(List<SavePoint> value) {
        return value.stream().map(SaveSyntax::words).collect(Collectors.joining(" "));
    }

    @Override
    public List<ConfigLine> lines(List<SavePoint> value, List<SavePoint> initial) {
        boolean needed = !value.equals(initial);
        if (value.isEmpty()) {
            return List.of(new ConfigLine("\"\"", needed));
        }
        return value.stream().map(point -> new ConfigLine(words(point), needed)).toList();
    }

    private static String words(SavePoint point) {
        return point.seconds() + " " + point.changes();
    }

    private static Parsed<List<SavePoint>> invalid() {
        return Parsed.refused("Invalid save parameters");
    }
}
