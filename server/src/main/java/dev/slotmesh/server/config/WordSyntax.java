package dev.slotmesh.server.config;

import java.util.List;

/** One of a few words, read in either case and kept in the case of the list. */
final class WordSyntax implements Syntax<String> {
    private final List<String> allowed;

    WordSyntax(List<String> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    @Override
    public Parsed<String> parse(List<String> words, String current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        return allowed.stream()
                .filter(word -> word.equalsIgnoreCase(words.get(0)))
                .findFirst()
                .map(Parsed::of)
                .orElseGet(() -> Parsed.refused(Refusals.ONE_OF + String.join(", ", allowed)));
    }

    @Override
    public String format(String value) {
        return value;
    }
}
