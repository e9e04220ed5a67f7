package dev.slotmesh.server.command;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the argument lines of the resource into a tree. Deeper lines belong to the shallower line before them.
 *
 * <pre>
 * arg condition oneof optional since 2.6.12
 *   nx pure-token token NX
 *   xx pure-token token XX
 * </pre>
 */
final class ArgumentText {
    private static final int STEP = 2;
    private static final int KEYWORD_LENGTH = "arg ".length();

    private final String[] lines;
    private int next;

    private ArgumentText(String text) {
        this.lines = text.isEmpty() ? new String[0] : text.split("\n");
    }

    static List<ArgumentDoc> parse(String text) {
        return new ArgumentText(text).siblings(STEP);
    }

    private List<ArgumentDoc> siblings(int indent) {
        List<ArgumentDoc> found = new ArrayList<>();
        while (next < lines.length && indentOf(lines[next]) == indent) {
            found.add(argument(lines[next++].substring(indent), indent));
        }
        return List.copyOf(found);
    }

    private ArgumentDoc argument(String line, int indent) {
        String[] words = (indent == STEP ? line.substring(KEYWORD_LENGTH) : line).split(" ");
        int keySpecIndex = -1;
        String token = null;
        String since = null;
        String deprecatedSince = null;
        List<String> flags = new ArrayList<>();
        for (int i = 2; i < words.length; i++) {
            switch (words[i]) {
                case "since" -> since = words[++i];
                case "deprecated" -> deprecatedSince = words[++i];
                case "token" -> token = words[++i].equals("\"\"") ? "" : words[i];
                case "optional", "multiple", "multiple_token" -> flags.add(words[i]);
                default -> keySpecIndex = Integer.parseInt(words[i].substring(1));
            }
        }
        return new ArgumentDoc(
                words[0],
                words[1],
                keySpecIndex,
                token,
                since,
                deprecatedSince,
                List.copyOf(flags),
                siblings(indent + STEP));
    }

    private static int indentOf(String line) {
        int indent = 0;
        while (line.charAt(indent) == ' ') {
            indent++;
        }
        return indent;
    }
}
