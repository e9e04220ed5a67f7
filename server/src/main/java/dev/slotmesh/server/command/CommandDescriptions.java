package dev.slotmesh.server.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptions of all commands of Redis 7.0, read from one text resource per command group.
 *
 * <pre>
 * set -3 1.0.0 O(1)                       name, arity, since, complexity (- when there is none)
 *   later 4                               a number of arguments that later versions take too
 *   flags write denyoom                   names of CommandFlags; movablekeys is derived
 *   acl string                            names of AclCategories that do not follow from the flags
 *   tips nondeterministic_output          hints for clients
 *   key index 1 | range 0 1 0 | RW ...    a key specification: begin | find | names of KeyFlags
 *     note ...                            its remark
 *   does Store a string, ...              summary; here begins what people read
 *   doc deprecated                        documentation flags
 *   deprecated 6.2.0 ...                  since when, and what replaces it
 *   arg key key #0                        an argument: name, type, key specification, further words
 *     part integer token LIMIT            a part of it, or an alternative
 * </pre>
 *
 * <p>{@code key} begins with {@code index <argument>}, {@code keyword <word> <start>} or {@code unknown} and finds with
 * {@code range <last key> <step> <limit>}, {@code keynum <count> <first key> <step>} or {@code unknown}. A subcommand is
 * called {@code container|name} and follows its container. An empty line ends a command; other empty lines and lines that start
 * with # mean nothing.
 *
 * <p>The text is ours, so a mistake in it is our own: reading throws IllegalStateException with the line.
 */
final class CommandDescriptions {
    private static final String[] GROUPS = {
        "bitmap",
        "cluster",
        "connection",
        "generic",
        "geo",
        "hash",
        "hyperloglog",
        "list",
        "pubsub",
        "scripting",
        "server",
        "set",
        "sorted-set",
        "stream",
        "string",
        "transactions"
    };

    private final String group;
    private final String text;
    private final LineReader lines;

    /** Start of the line to read next. */
    private int next;

    private CommandDescriptions(String group, String text, LineReader lines) {
        this.group = group;
        this.text = text;
        this.lines = lines;
    }

    /** Every description, read once in a process. Containers come before their subcommands. */
    static List<CommandDescription> all() {
        return Once.ALL;
    }

    private static final class Once {
        private static final List<CommandDescription> ALL = List.copyOf(readAll());
    }

    /** Reads every group. */
    static List<CommandDescription> readAll() {
        List<CommandDescription> all = new ArrayList<>(512);
        LineReader lines = new LineReader();
        for (String group : GROUPS) {
            new CommandDescriptions(group, resource(group), lines).readInto(all);
        }
        return all;
    }

    /** Reads the text of one group and adds what it describes to {@code found}. */
    static void read(String group, String text, List<CommandDescription> found) {
        new CommandDescriptions(group, text, new LineReader()).readInto(found);
    }

    private static String resource(String group) {
        try (InputStream in = CommandDescriptions.class.getResourceAsStream(group.concat(".txt"))) {
            if (in == null) {
                throw new IllegalStateException("missing descriptions of group " + group);
            }
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read descriptions of group " + group, e);
        }
    }

    private void readInto(List<CommandDescription> found) {
        while (next < text.length()) {
            char first = text.charAt(next);
            if (first == '#' || first == '\n') {
                next = endOfLine() + 1;
            } else {
                found.add(command());
            }
        }
    }

    private CommandDescription command() {
        int start = next;
        try {
            int arity = text.indexOf(' ', start);
            int since = text.indexOf(' ', arity + 1);
            int complexity = text.indexOf(' ', since + 1);
            int end = endOfLine();
            String formula = text.substring(complexity + 1, end);
            next = end + 1;
            Draft draft = new Draft();
            while (isAttribute() && !text.startsWith("  does ", next)) {
                attribute(draft);
            }
            String version = text.substring(since + 1, complexity);
            return new CommandDescription(
                    text.substring(start, arity),
                    Integer.parseInt(text, arity + 1, since, 10),
                    draft.laterCount,
                    draft.flags,
                    draft.aclCategories,
                    draft.tips,
                    draft.keySpecs,
                    new DocsText(
                            group, version, formula.equals("-") ? null : formula, documentation()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalStateException(
                    "bad description of a command in group " + group + ": "
                            + text.substring(start, endOfLine()),
                    e);
        }
    }

    private void attribute(Draft draft) {
        int end = endOfLine();
        int start = next;
        while (text.charAt(start) == ' ') {
            start++;
        }
        int space = text.indexOf(' ', start);
        String value = text.substring(space + 1, end);
        switch (text.substring(start, space)) {
            case "flags" -> draft.flags = lines.flags(value);
            case "acl" -> draft.aclCategories = lines.categories(value);
            case "tips" -> draft.tips = lines.tips(value);
            case "key" -> draft.add(lines.keySpec(value));
            case "later" -> draft.laterCount = Integer.parseInt(value);
            case "note" -> draft.addNote(value);
            default -> throw new IllegalArgumentException(value);
        }
        next = end + 1;
    }

    /** What is left of the command, up to the empty line behind it. */
    private String documentation() {
        if (!isAttribute()) {
            return "";
        }
        int start = next;
        int end = text.indexOf("\n\n", start);
        next = end < 0 ? text.length() : end + 1;
        return text.substring(start, next);
    }

    private boolean isAttribute() {
        return next < text.length() && text.charAt(next) == ' ';
    }

    private int endOfLine() {
        int end = text.indexOf('\n', next);
        return end < 0 ? text.length() : end;
    }

    /** What the attributes read so far say. */
    private static final class Draft {
        private int laterCount;
        private long flags;
        private long aclCategories;
        private List<String> tips = List.of();
        private List<KeySpec> keySpecs = List.of();

        void add(KeySpec spec) {
            if (keySpecs.isEmpty()) {
                keySpecs = List.of(spec);
            } else {
                List<KeySpec> more = new ArrayList<>(keySpecs);
                more.add(spec);
                keySpecs = List.copyOf(more);
            }
        }

        void addNote(String note) {
            List<KeySpec> noted = new ArrayList<>(keySpecs);
            KeySpec bare = noted.remove(noted.size() - 1);
            noted.add(new KeySpec(bare.flags(), note, bare.begin(), bare.find()));
            keySpecs = List.copyOf(noted);
        }
    }
}
