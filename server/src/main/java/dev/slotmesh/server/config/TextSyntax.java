package dev.slotmesh.server.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One word of any bytes, quoted when it is written back. */
final class TextSyntax implements Syntax<String> {
    private static final int LONGEST_HOST_NAME = 255;

    private final Function<String, Optional<String>> objection;

    TextSyntax() {
        this(any -> Optional.empty());
    }

    /**
     * @param objection the reason to refuse a word, or empty
     */
    TextSyntax(Function<String, Optional<String>> objection) {
        this.objection = objection;
    }

    /**
     * A name without directories.
     *
     * @param kind what the texts call it: {@code filename} or {@code dirname}
     */
    static TextSyntax plainName(String directive, String kind, boolean mayBeEmpty) {
        return new TextSyntax(name -> {
            if (name.isEmpty() && !mayBeEmpty) {
                return Optional.of(directive + " can't be empty");
            }
            return name.indexOf('/') >= 0
                    ? Optional.of(directive + " can't be a path, just a " + kind)
                    : Optional.empty();
        });
    }

    /** A pattern in which only known variables stand in braces. */
    static TextSyntax template(List<String> variables) {
        return new TextSyntax(template -> {
            String rest = template;
            for (String variable : variables) {
                rest = rest.replace("{" + variable + "}", "");
            }
            return template.isEmpty() || rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0
                    ? Optional.of("template format is invalid or contains unknown variables")
                    : Optional.empty();
        });
    }

    /** Up to 255 letters, digits, hyphens and dots; may be empty. */
    static TextSyntax hostName() {
        return new TextSyntax(TextSyntax::objectToHostName);
    }

    @Override
    public Parsed<String> parse(List<String> words, String current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        return objection
                .apply(words.get(0))
                .map(Parsed::<String>refused)
                .orElseGet(() -> Parsed.of(words.get(0)));
    }

    @Override
    public String format(String value) {
        return value;
    }

    @Override
    public List<ConfigLine> lines(String value, String initial) {
        if (value.isEmpty() && initial.isEmpty()) {
            return List.of();
        }
        return List.of(new ConfigLine(Words.quote(value), !value.equals(initial)));
    }

    private static Optional<String> objectToHostName(String name) {
        if (name.length() > LONGEST_HOST_NAME) {
            return Optional.of(
                    "Hostnames must be less than " + (LONGEST_HOST_NAME + 1) + " characters");
        }
        boolean valid = name.chars()
                .allMatch(c -> c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || c == '-'
                        || c == '.');
        return valid
                ? Optional.empty()
                : Optional.of(
                        "Hostnames may only contain alphanumeric characters, hyphens or dots");
    }
}
