package dev.slotmesh.server.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code shutdown-on-sigterm} and {@code -sigint}: {@code default}, or one or more of the other words. */
final class ShutdownSyntax implements Syntax<Set<ShutdownFlag>> {
    private static final String NONE = "default";

    @Override
    public Parsed<Set<ShutdownFlag>> parse(List<String> words, Set<ShutdownFlag> current) {
        EnumSet<ShutdownFlag> flags = EnumSet.noneOf(ShutdownFlag.class);
        if (words.isEmpty()) {
            return unknown();
        }
        for (String word : words) {
            Optional<ShutdownFlag> flag = flag(word);
            if (flag.isEmpty() && !word.equalsIgnoreCase(NONE)) {
                return unknown();
            }
            flag.ifPresent(flags::add);
        }
        if (flags.contains(ShutdownFlag.SAVE) && flags.contains(ShutdownFlag.NOSAVE)) {
            return Parsed.refused("shutdown options SAVE and NOSAVE can't be used simultaneously");
        }
        return Parsed.of(Collections.unmodifiableSet(flags));
    }

    @Override
    public String format(Set<ShutdownFlag> value) {
        return value.isEmpty()
                ? NONE
                : value.stream()
                        .sorted()
                        .map(ShutdownSyntax::word)
                        .collect(Collectors.joining(" "));
    }

    private static Optional<ShutdownFlag> flag(String word) {
        return Stream.of(ShutdownFlag.values())
                .filter(flag -> word(flag).equalsIgnoreCase(word))
                .findFirst();
    }

    private static Parsed<Set<ShutdownFlag>> unknown() {
        return Parsed.refused(Stream.of(ShutdownFlag.values())
                .map(ShutdownSyntax::word)
                .collect(Collectors.joining(", ", Refusals.ONE_OF + NONE + ", ", "")));
    }

    private static String word(ShutdownFlag flag) {
        return flag.name().toLowerCase(Locale.ROOT);
    }
}
