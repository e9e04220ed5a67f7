package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;

/** A command line put together word by word. */
final class LineBuilder {
    private final Words source;
    private final List<String> words = new ArrayList<>();

    LineBuilder(Words source, String command) {
        this.source = source;
        words.add(source.option(command));
    }

    LineBuilder add(String... more) {
        words.addAll(List.of(more));
        return this;
    }

    LineBuilder addAll(List<String> more) {
        words.addAll(more);
        return this;
    }

    /** Adds an option word in some case, once in {@code times} calls. */
    LineBuilder maybe(int times, String option) {
        return source.onceIn(times) ? add(source.option(option)) : this;
    }

    /** Adds an option and its argument, once in {@code times} calls; now and then the argument is missing. */
    LineBuilder maybe(int times, String option, String argument) {
        if (source.onceIn(times)) {
            add(source.option(option));
            if (!source.onceIn(40)) {
                add(argument);
            }
        }
        return this;
    }

    Line line() {
        return new Line(List.copyOf(words));
    }
}
