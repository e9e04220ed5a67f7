package dev.slotmesh.server.command;

import java.util.ArrayList;
import java.util.List;

/**
 * The documentation of a command as it stands in the resource.
 *
 * <p>The lines are read when somebody asks for them and not before: they are most of the resource, and a server that starts has
 * no use for them.
 *
 * @param group the group in the documentation
 * @param since the version the command came with
 * @param complexity the order of its running time, or null
 * @param lines the lines {@code does}, {@code doc}, {@code deprecated} and {@code arg}
 */
record DocsText(String group, String since, String complexity, String lines) {
    /**
     * Reads the lines.
     *
     * @throws IllegalStateException if one is not in the form that {@link CommandDescriptions} explains
     */
    CommandDocs read() {
        return new Reader(lines).docs();
    }

    /** Goes through the lines once. Deeper argument lines belong to the shallower line before them. */
    private static final class Reader {
        private static final int STEP = 2;
        private static final String ARGUMENT = "arg ";

        private final String[] lines;
        private int next;

        Reader(String text) {
            lines = text.isEmpty() ? new String[0] : text.split("\n");
        }

        CommandDocs docs() {
            String summary = "";
            List<String> flags = List.of();
            String deprecatedSince = null;
            String replacedBy = null;
            for (; next < lines.length && !lines[next].startsWith(ARGUMENT, STEP); next++) {
                String line = lines[next].trim();
                String value = line.substring(line.indexOf(' ') + 1);
                if (line.startsWith("does ")) {
                    summary = value;
                } else if (line.startsWith("doc ")) {
                    flags = List.of(value.split(" "));
                } else if (line.startsWith("deprecated ")) {
                    deprecatedSince = value.substring(0, value.indexOf(' '));
                    replacedBy = value.substring(value.indexOf(' ') + 1);
                } else {
                    throw new IllegalStateException("bad line of documentation: " + line);
                }
            }
            return new CommandDocs(summary, flags, deprecatedSince, replacedBy, siblings(STEP));
        }

        private List<ArgumentDoc> siblings(int indent) {
            List<ArgumentDoc> found = new ArrayList<>();
            while (next < lines.length && indentOf(lines[next]) == indent) {
                String line = lines[next++].substring(indent);
                found.add(argument(
                        indent == STEP ? line.substring(ARGUMENT.length()) : line, indent));
            }
            return List.copyOf(found);
        }

        private ArgumentDoc argument(String line, int indent) {
            String[] words = line.split(" ");
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
}
