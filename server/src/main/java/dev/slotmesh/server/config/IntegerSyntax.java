package dev.slotmesh.server.config;

import java.util.List;

/** A whole number in a range. */
final class IntegerSyntax implements Syntax<Long> {
    private final long least;
    private final long most;
    private final long lowest;
    private final long highest;

    IntegerSyntax(long least, long most) {
        this(least, most, least, most);
    }

    private IntegerSyntax(long least, long most, long lowest, long highest) {
        this.least = least;
        this.most = most;
        this.lowest = lowest;
        this.highest = highest;
    }

    /** The same range, but a value outside of a narrower one is taken for its nearest end. */
    IntegerSyntax keptWithin(long from, long to) {
        return new IntegerSyntax(least, most, from, to);
    }

    @Override
    public Parsed<Long> parse(List<String> words, Long current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        return WholeNumber.parse(words.get(0))
                .map(value -> value < least || value > most
                        ? Parsed.<Long>refused(Refusals.outside(least, most))
                        : Parsed.of(Math.max(lowest, Math.min(highest, value))))
                .orElseGet(() -> Parsed.refused("argument couldn't be parsed into an integer"));
    }

    @Override
    public String format(Long value) {
        return Long.toString(value);
    }
}
