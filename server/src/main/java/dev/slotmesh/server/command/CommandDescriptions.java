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
 *   does Store a string, ...              summary
 *   flags write denyoom                   names of CommandFlags; movablekeys is derived
 *   acl string                            names of AclCategories that do not follow from the flags
 *   tips nondeterministic_output          hints for clients
 *   key index 1 | range 0 1 0 | RW ...    a key specification: begin | find | names of KeyFlags
 *     note ...                            its remark
 *   doc deprecated                        documentation flags
 *   deprecated 6.2.0 ...                  since when, and what replaces it
 *   arg key key #0                        an argument: name, type, key specification; see ArgumentText
 * </pre>
 *
 * <p>{@code key} begins with {@code index <argument>}, {@code keyword <word> <start>} or {@code unknown} and finds with
 * {@code range <last key> <step> <limit>}, {@code keynum <count> <first key> <step>} or {@code unknown}. A subcommand is
 * called {@code container|name} and follows its container. Empty lines and lines that start with # mean nothing.
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
    private final List<CommandDescription> found;

    /** Start of the line to read next. */
    private int next;

    private CommandDescriptions(String group, String text, List<CommandDescription> found) {
        this.group = group;
        this.text = text;
        this.found = found;
    }

    /** Reads every group. Containers come before their subcommands. */
    static List<CommandDescription> readAll() {
        List<CommandDescription> all = new ArrayList<>(512);
        for (String group : GROUPS) {
            read(group, resource(group + ".txt"), all);
        }
        return all;
    }

    /** Reads the text of one group and adds what it describes to {@code found}. */
    static void read(String group, String text, List<CommandDescription> found) {
        CommandDescriptions reader = new CommandDescriptions(group, text, found);
        while (reader.next < text.length()) {
            char first = text.charAt(reader.next);
            if (first == '#' || first == '\n') {
                reader.line();
            } else {
                reader.command();
            }
        }
    }

    private static String resource(String name) {
        try (InputStream in = CommandDescriptions.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + name, e);
        }
    }

    private void command() {
        String head = line();
        Draft draft = new Draft(group, head);
        try {
            while (next < text.length() && text.charAt(next) == ' ') {
                int start = next;
                if (text.startsWith("  arg ", start)) {
                    skipIndented();
                    draft.arguments = text.substring(start, next);
                } else {
                    draft.attribute(line().trim());
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("bad description of command " + head, e);
        }
        found.add(draft.finished());
    }

    private void skipIndented() {
        while (next < text.length() && text.charAt(next) == ' ') {
            next = endOfLine() + 1;
        }
    }

    private String line() {
        int end = endOfLine();
        String line = text.substring(next, end);
        next = end + 1;
        return line;
    }

    private int endOfLine() {
        int end = text.indexOf('\n', next);
        return end < 0 ? text.length() : end;
    }

    /** A description while its lines are being read. */
    private static final class Draft {
        private final String group;
        private final String[] head;
        private final List<KeySpec> keySpecs = new ArrayList<>(1);
        private String summary = "";
        private long flags;
        private long aclCategories;
        private List<String> tips = List.of();
        private List<String> docFlags = List.of();
        private String deprecatedSince;
        private String replacedBy;
        private String arguments = "";

        Draft(String group, String head) {
            this.group = group;
            this.head = head.split(" ", 4);
        }

        void attribute(String line) {
            int space = line.indexOf(' ');
            String value = line.substring(space + 1);
            switch (line.substring(0, space)) {
                case "does" -> summary = value;
                case "flags" -> flags = bits(CommandFlags.SHOWN, value);
                case "acl" -> aclCategories = bits(AclCategories.SHOWN, value);
                case "tips" -> tips = List.of(value.split(" "));
                case "key" -> keySpecs.add(keySpec(value));
                case "note" -> addNote(value);
                case "doc" -> docFlags = List.of(value.split(" "));
                case "deprecated" -> deprecate(value);
                default -> throw new IllegalArgumentException(line);
            }
        }

        CommandDescription finished() {
            String complexity = head[3].equals("-") ? null : head[3];
            CommandDocs docs = new CommandDocs(
                    summary,
                    head[2],
                    group,
                    complexity,
                    docFlags,
                    deprecatedSince,
                    replacedBy,
                    arguments);
            return new CommandDescription(
                    head[0],
                    Integer.parseInt(head[1]),
                    flags,
                    aclCategories,
                    tips,
                    List.copyOf(keySpecs),
                    docs);
        }

        private void addNote(String note) {
            int last = keySpecs.size() - 1;
            KeySpec bare = keySpecs.get(last);
            keySpecs.set(last, new KeySpec(bare.flags(), note, bare.begin(), bare.find()));
        }

        private void deprecate(String value) {
            int space = value.indexOf(' ');
            deprecatedSince = value.substring(0, space);
            replacedBy = value.substring(space + 1);
        }

        private static long bits(BitNames names, String value) {
            long bits = 0;
            for (String name : value.split(" ")) {
                bits |= names.bit(name);
            }
            return bits;
        }

        private static KeySpec keySpec(String value) {
            int find = value.indexOf(" | ");
            int flags = value.indexOf(" | ", find + 1);
            return new KeySpec(
                    (int) bits(KeyFlags.SHOWN, value.substring(flags + 3)),
                    null,
                    begin(value.substring(0, find).split(" ")),
                    find(value.substring(find + 3, flags).split(" ")));
        }

        private static KeySpec.Begin begin(String[] words) {
            return switch (words[0]) {
                case "index" -> new KeySpec.Index(Integer.parseInt(words[1]));
                case "keyword" -> new KeySpec.Keyword(words[1], Integer.parseInt(words[2]));
                case "unknown" -> new KeySpec.UnknownBegin();
                default -> throw new IllegalArgumentException(words[0]);
            };
        }

        private static KeySpec.Find find(String[] words) {
            return switch (words[0]) {
                case "range" ->
                    new KeySpec.Range(
                            Integer.parseInt(words[1]),
                            Integer.parseInt(words[2]),
                            Integer.parseInt(words[3]));
                case "keynum" ->
                    new KeySpec.KeyNum(
                            Integer.parseInt(words[1]),
                            Integer.parseInt(words[2]),
                            Integer.parseInt(words[3]));
                case "unknown" -> new KeySpec.UnknownFind();
                default -> throw new IllegalArgumentException(words[0]);
            };
        }
    }
}
