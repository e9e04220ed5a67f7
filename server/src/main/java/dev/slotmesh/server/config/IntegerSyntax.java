package dev.slotmesh.server.config;

import java.util.List;

/** A whole number in a range. */
final class IntegerSyntax implements Syntax<Long> {
    private final long least;
    private final long most;

    IntegerSyntax(long least, long most) {
        this.least = least;
        this.most = most;
    }

    @Override
    public Parsed<Long> parse(List<String> words, Long current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        return WholeNumber.parse(words.get(0))
                .map(value -> value < least || value > most
                        ? Parsed.<Long>refused(Refusals.outside(least, most))
                        : Parsed.of(value))
                .orElseGet(() -> Parsed.refused("argument couldn't be parsed into an integer"));
    }

    @Override
    public String format(Long value) {
        return Long.toString(value);
    }
}
