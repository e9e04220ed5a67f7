package dev.slotmesh.server.differential;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A program that does not leave the same on both sides.
 *
 * @param difference in words
 */
record DifferingProgram(Program program, String difference) {
    private static final int LONGEST_LINE = 400;

    /**
     * What is left of it when all is taken away without which there is still a difference: first halves, at last single
     * units.
     *
     * @param differences runs a program anew and says what differs
     */
    DifferingProgram shortest(Function<Program, Optional<String>> differences) {
        DifferingProgram shortest = this;
        for (int step = program.units().size() / 2; step > 0; step /= 2) {
            for (int from = 0; from < shortest.program.units().size(); ) {
                Program shorter = shortest.program.without(from, step);
                Optional<String> still = differences.apply(shorter);
                if (still.isPresent()) {
                    shortest = new DifferingProgram(shorter, still.get());
                } else {
                    from += step;
                }
            }
        }
        return shortest;
    }

    /** The seed, the difference and the lines, for people. */
    String report(long seed) {
        return "\nseed " + seed + ", RESP" + program.protocol() + ": " + difference + "\nafter\n  "
                + program.lines().stream()
                        .map(DifferingProgram::shown)
                        .collect(Collectors.joining("\n  "))
                + "\n";
    }

    /** A line for people, cut short when it is long. */
    static String shown(Line line) {
        String text = line.toString();
        return text.length() <= LONGEST_LINE ? text : text.substring(0, LONGEST_LINE) + "...";
    }
}
