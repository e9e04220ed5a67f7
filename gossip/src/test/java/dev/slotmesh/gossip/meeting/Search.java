package dev.slotmesh.gossip.meeting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Breadth-first search over the states of a {@link World}: every sequence of choices up to a depth, states met with before not again.
 * The properties are checked after every choice; every state at the full depth is left to a network that behaves, and
 * must come to a good end.
 */
final class Search {
    private final Scenario scenario;
    private final int depth;
    private final Fingerprints known = new Fingerprints();
    private final Set<Long> watched = new HashSet<>();

    private long choices;
    private long paths;
    private long leaves;

    Search(Scenario scenario, int depth) {
        this.scenario = scenario;
        this.depth = depth;
    }

    /**
     * What a search found.
     *
     * @param states different states, the first one included
     * @param choices choices carried out from them
     * @param paths sequences of choices these stand for; one that comes to a state seen at a lesser depth ends there
     * @param leaves states at the full depth, each settled
     * @param ends settled worlds that differ in more than times, each watched for a while
     * @param violation null when there is none
     */
    record Outcome(
            long states, long choices, long paths, long leaves, long ends, Violation violation) {}

    /** A property that does not hold, and a shortest path to where it does not. */
    record Violation(String what, List<String> script) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(what).append('\n');
            for (int i = 0; i < script.size(); i++) {
                text.append(String.format("%4d %s%n", i, script.get(i)));
            }
            return text.toString();
        }
    }

    /** A state of the level being expanded: the path to it, and how many paths there are. */
    private static final class Reached {
        final byte[] path;
        long paths;

        Reached(byte[] path, long paths) {
            this.path = path;
            this.paths = paths;
        }
    }

    Outcome run() {
        known.add(Fingerprint.of(new World(scenario)));
        List<Reached> level = List.of(new Reached(new byte[0], 1));
        for (int step = 1; step <= depth; step++) {
            Map<Long, Reached> next = new HashMap<>();
            List<Reached> ordered = new ArrayList<>();
            for (Reached state : level) {
                Violation violation = expand(state, step == depth, next, ordered);
                if (violation != null) {
                    return outcome(violation);
                }
            }
            level = ordered;
        }
        for (Reached state : level) {
            paths += state.paths;
        }
        return outcome(null);
    }

    /** The violation with the shortest path there is, found by going deeper step by step; null when there is none to that depth. */
    static Violation shortestViolation(Scenario scenario, int mostDepth) {
        Violation violation = null;
        for (int depth = 1; violation == null && depth <= mostDepth; depth++) {
            violation = new Search(scenario, depth).run().violation();
        }
        return violation;
    }

    private Outcome outcome(Violation violation) {
        return new Outcome(known.size(), choices, paths, leaves, watched.size(), violation);
    }

    private Violation expand(
            Reached state, boolean last, Map<Long, Reached> next, List<Reached> ordered) {
        World world = replay(scenario, state.path);
        List<Choice> possible = world.choices();
        for (int i = 0; i < possible.size(); i++) {
            World after = i == 0 ? world : replay(scenario, state.path);
            byte[] path = Arrays.copyOf(state.path, state.path.length + 1);
            path[state.path.length] = (byte) i;
            Properties before = new Properties(after);
            after.apply(possible.get(i));
            choices++;
            String broken = before.broken();
            if (broken != null) {
                return new Violation(broken, Script.of(scenario, path));
            }
            long fingerprint = Fingerprint.of(after);
            if (known.add(fingerprint)) {
                Reached reached = new Reached(path, state.paths);
                next.put(fingerprint, reached);
                ordered.add(reached);
                broken = last ? settle(after) : null;
                if (broken != null) {
                    return new Violation(broken, Script.settled(scenario, path));
                }
            } else if (next.containsKey(fingerprint)) {
                next.get(fingerprint).paths += state.paths;
            } else {
                paths += state.paths;
            }
        }
        return null;
    }

    private String settle(World world) {
        leaves++;
        Settling settling = new Settling(world);
        String broken = settling.settle();
        if (broken == null && watched.add(Fingerprint.withoutTimes(world))) {
            broken = settling.stays();
        }
        return broken;
    }

    /** The world that path leads to. */
    static World replay(Scenario scenario, byte[] path) {
        World world = new World(scenario);
        for (byte number : path) {
            world.apply(world.choices().get(number));
        }
        return world;
    }
}
