package dev.slotmesh.server.config;

import java.util.List;

/**
 * {@code bind}: addresses to listen on; a leading {@code -} marks one that may be missing on this machine. No word, or one
 * empty word, listens nowhere.
 */
final class BindSyntax implements Syntax<List<String>> {
    private static final int MOST_ADDRESSES = 16;

    @Override
    public Parsed<List<String>> parse(List<String> words, List<String> current) {
        if (words.size() > MOST_ADDRESSES) {
            return Parsed.refused("Too many bind addresses specified.");
        }
        boolean nowhere = words.size() == 1 && words.get(0).isEmpty();
        return Parsed.of(nowhere ? List.of() : List.copyOf(words));
    }

    @Override
    public String format(List<String> value) {
        return String.join(" ", value);
    }

    @Override
    public List<ConfigLine> lines(List<String> value, List<String> initial) {
        String text = value.isEmpty() ? "\"\"" : format(value);
        return List.of(new ConfigLine(text, !value.equals(initial)));
    }
}
