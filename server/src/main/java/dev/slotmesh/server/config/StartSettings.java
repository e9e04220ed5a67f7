package dev.slotmesh.server.config;

import dev.slotmesh.server.command.CommandNames;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What files and command line have said, gathered line by line. For one thread; not changed once the {@link Configuration}
 * is made of it.
 */
final class StartSettings {
    private final Map<Directive<?>, Object> given = new HashMap<>();
    private final Set<String> withoutMeaning = new LinkedHashSet<>();
    private final List<RenamedCommand> renamedCommands = new ArrayList<>();
    private final CommandNames commandNames = new CommandNames();
    private final List<List<String>> users = new ArrayList<>();
    private Optional<Path> file = Optional.empty();

    Object value(Directive<?> directive) {
        Object value = given.get(directive);
        return value == null ? directive.initial() : value;
    }

    /** Takes a line of a directive; the reason of a refusal, or empty. */
    <T> Optional<String> apply(Directive<T> directive, List<String> words) {
        Parsed<T> parsed = directive
                .syntax()
                .parseLine(words, current(directive), given.containsKey(directive));
        if (parsed.refusal().isPresent()) {
            return parsed.refusal();
        }
        given.put(directive, parsed.value());
        if (directive.isWithoutMeaning()) {
            withoutMeaning.add(directive.name());
        }
        return Optional.empty();
    }

    /** Notes a line that is known, may be written, and does nothing. */
    void ignore(String name) {
        withoutMeaning.add(name);
    }

    /** Takes a line {@code rename-command}; the reason of a refusal, or empty. */
    Optional<String> rename(RenamedCommand renamed) {
        Optional<String> refusal = commandNames.rename(renamed.command(), renamed.newName());
        if (refusal.isEmpty()) {
            renamedCommands.add(renamed);
        }
        return refusal;
    }

    CommandNames commandNames() {
        return commandNames;
    }

    void user(List<String> words) {
        users.add(List.copyOf(words));
    }

    void startedFrom(Path path) {
        file = Optional.of(path);
    }

    Optional<Path> file() {
        return file;
    }

    List<RenamedCommand> renamedCommands() {
        return Collections.unmodifiableList(renamedCommands);
    }

    List<List<String>> users() {
        return Collections.unmodifiableList(users);
    }

    List<String> withoutMeaning() {
        return List.copyOf(withoutMeaning);
    }

    @SuppressWarnings("unchecked")
    private <T> T current(Directive<T> directive) {
        return (T) value(directive);
    }
}
