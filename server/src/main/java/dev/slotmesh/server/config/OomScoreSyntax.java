package dev.slotmesh.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code oom-score-adj-values}: for primary, replica and child process, each -2000..2000. */
final class OomScoreSyntax implements Syntax<List<Integer>> {
    private static final int COUNT = 3;
    private static final int MOST = 2000;

    @Override
    public Parsed<List<Integer>> parse(List<String> words, List<Integer> current) {
        if (words.size() != COUNT) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        List<Integer> scores = new ArrayList<>();
        for (String word : words) {
            Optional<Long> score =
                    WholeNumber.parse(word).filter(value -> value >= -MOST && value <= MOST);
            if (score.isEmpty()) {
                return Parsed.refused("Invalid oom-score-adj-values, elements must be between -"
                        + MOST + " and " + MOST + ".");
            }
            scores.add(score.get().intValue());
        }
        return Parsed.of(List.copyOf(scores));
    }

    @Override
    public String format(List<Integer> value) {
        return value.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
