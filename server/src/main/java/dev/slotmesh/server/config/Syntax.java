package dev.slotmesh.server.config;

import java.util.List;

/** How the value of a directive is written: from words to a value, and back. Stateless. */
interface Syntax<T> {
    /**
     * Reads a value.
     *
     * @param words what follows the name, unquoted; none is possible
     * @param current the value so far, of which words may replace a part
     */
    Parsed<T> parse(List<String> words, T current);

    /**
     * Reads a line of a file.
     *
     * @param repeated whether the directive had a line before, to which this one may add
     */
    default Parsed<T> parseLine(List<String> words, T current, boolean repeated) {
        return parse(words, current);
    }

    /** The value as CONFIG GET shows it. */
    String format(T value);

    /**
     * The lines CONFIG REWRITE writes, each without the directive's name; no line means that the directive is left out.
     *
     * @param initial the default, so that parts that do not differ may be left out
     */
    default List<ConfigLine> lines(T value, T initial) {
        return List.of(new ConfigLine(format(value), !value.equals(initial)));
    }

    /**
     * Something to write after the name of a directive.
     *
     * @param text the words, quoted as needed
     * @param needed whether the line is added where the file has none
     */
    record ConfigLine(String text, boolean needed) {}
}
