package dev.slotmesh.gossip.simulator;

import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Runs over seeds, each of them twice; {@code -Dseeds=N} asks for N seeds in place of the few of every build. */
final class SeededRuns {
    private SeededRuns() {}

    /** The seeds 1..{@code few}, or 1..N. */
    static LongStream seeds(int few) {
        return LongStream.rangeClosed(1, Long.getLong("seeds", few));
    }

    /** One run of a scenario that was made for a seed. */
    interface Scenario {
        Simulation simulation();

        void run();
    }

    /** Fails with the seed and the last events when an invariant breaks, or when the second run differs. */
    static void runTwice(long seed, LongFunction<Scenario> scenario) {
        String first = run(seed, scenario.apply(seed));
        String second = run(seed, scenario.apply(seed));
        if (!first.equals(second)) {
            throw new Violation(
                    "seed " + seed + " ran twice and differs: " + first + "; " + second);
        }
    }

    private static String run(long seed, Scenario scenario) {
        try {
            scenario.run();
        } catch (Violation | RuntimeException cause) {
            Simulation simulation = scenario.simulation();
            throw new AssertionError(
                    "seed " + seed + ", " + simulation.elapsedMs() + " ms: " + cause.getMessage()
                            + "\nlast events, times since the start:\n" + simulation.script(),
                    cause);
        }
        return scenario.simulation().fingerprint();
    }
}
