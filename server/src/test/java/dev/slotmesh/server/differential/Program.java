package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Lines of all groups to be executed one after the other on empty servers, and then compared by all that they left.
 *
 * @param protocol RESP2 or RESP3
 * @param units lines that belong together: without one of them another may not be comparable
 */
record Program(int protocol, List<List<Line>> units) {
    private static final int SPOILT_ONE_IN = 40;

    /** The program of a seed: at least so many lines. */
    static Program of(long seed, int lines, List<CommandGroup> groups) {
        Words words = new Words(new SplittableRandom(seed));
        List<List<Line>> units = new ArrayList<>();
        int count = 0;
        while (count < lines) {
            List<Line> unit = words.pick(groups).next(words);
            if (unit.size() == 1 && words.onceIn(SPOILT_ONE_IN)) {
                unit = List.of(words.spoilt(unit.get(0)));
            }
            units.add(unit);
            count += unit.size();
        }
        return new Program((seed & 1) == 0 ? 2 : 3, units);
    }

    List<Line> lines() {
        return units.stream().flatMap(List::stream).toList();
    }

    /** The same without some units from one on. */
    Program without(int from, int count) {
        List<List<Line>> left = new ArrayList<>(units.subList(0, from));
        left.addAll(units.subList(Math.min(units.size(), from + count), units.size()));
        return new Program(protocol, left);
    }
}
