package dev.slotmesh.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One constant of an enum, written in lower case with hyphens for underscores, read in either case. */
final class ChoiceSyntax<E extends Enum<E>> implements Syntax<E> {
    private final List<E> constants;

    ChoiceSyntax(Class<E> type) {
        this.constants = Arrays.asList(type.getEnumConstants());
    }

    @Override
    public Parsed<E> parse(List<String> words, E current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        for (E constant : constants) {
            if (format(constant).equalsIgnoreCase(words.get(0))) {
                return Parsed.of(constant);
            }
        }
        return Parsed.refused(constants.stream()
                .map(this::format)
                .collect(Collectors.joining(", ", Refusals.ONE_OF, "")));
    }

    @Override
    public String format(E value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
