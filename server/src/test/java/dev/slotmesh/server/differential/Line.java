package dev.slotmesh.server.differential;

import java.util.List;
import java.util.Locale;

/**
 * A command line.
 *
 * @param words at least one; a character stands for a byte
 */
record Line(List<String> words) {

    static Line of(String... words) {
        return new Line(List.of(words));
    }

    /** The command in upper case. */
    String name() {
        return words.get(0).toUpperCase(Locale.ROOT);
    }

    /** The word behind the command in upper case, "" when there is none. */
    String subcommand() {
        return words.size() < 2 ? "" : words.get(1).toUpperCase(Locale.ROOT);
    }

    String[] toArray() {
        return words.toArray(String[]::new);
    }

    /** The words as redis-cli takes them. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            text.append(text.isEmpty() ? "" : " ").append(quoted(word));
        }
        return text.toString();
    }

    /** Bytes in double quotes, all but the printable ones as escapes. */
    static String quoted(String bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (char c : bytes.toCharArray()) {
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                default -> {
                    if (c >= ' ' && c < 127) {
                        text.append(c);
                    } else {
                        text.append(String.format("\\x%02x", (int) c));
                    }
                }
            }
        }
        return text.append('"').toString();
    }
}
