package dev.slotmesh.server.config;

import dev.slotmesh.server.command.CommandNames;
import dev.slotmesh.server.config.Directive.Trait;
import dev.slotmesh.server.text.Glob;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The values in force for one node, and what CONFIG GET, SET and REWRITE do to them.
 *
 * <p>Reading is one volatile read of an array element and needs no lock; every value is immutable. Changing is for one thread
 * at a time: {@link #set}, {@link #rewrite} and {@link #listen} hold this object's monitor, so a reader may see some values of
 * a multi-parameter CONFIG SET before the others, never a mixed value, and none of one that fails to parse. Values of one
 * refused by a listener may be seen for the moment until they are taken back.
 *
 * <p>Texts carry one byte per character (ISO-8859-1).
 */
public final class Configuration {
    private static final String GLOB_CHARACTERS = "*?[";

    /** Written under the monitor, read by anyone. */
    private final AtomicReferenceArray<Object> values;
    /** Guarded by this. */
    private final Map<Directive<?>, List<ConfigListener<?>>> listeners = new HashMap<>();

    private final StartSettings start;

    Configuration(StartSettings start) {
        this.start = start;
        this.values = new AtomicReferenceArray<>(Directives.all().size());
        for (Directive<?> directive : Directives.all()) {
            values.set(directive.index(), start.value(directive));
        }
    }

    /**
     * A configuration given in code, as on the command line but without a file: {@code of("--port", "7000")}.
     *
     * @throws IllegalArgumentException with Redis's text when a directive is refused
     */
    public static Configuration of(String... arguments) {
        CommandLine.Result result =
                CommandLine.read(List.of(arguments), java.io.InputStream.nullInputStream());
        if (result instanceof CommandLine.Result.Ready ready) {
            return ready.configuration();
        }
        throw new IllegalArgumentException(result.toString());
    }

    /** The value in force. A primitive's box is unboxed by the reader; nothing is allocated. */
    @SuppressWarnings("unchecked")
    public <T> T get(Directive<T> directive) {
        return (T) values.get(directive.index());
    }

    /** The value in force of a whole number, at most {@link Integer#MAX_VALUE} whatever was set. */
    public int getInt(Directive<Long> directive) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, get(directive)));
    }

    /** A file named by a directive, taken from {@code dir} when relative. */
    public Path path(Directive<String> directive) {
        return ConfigPath.resolve(get(GeneralDirectives.DIR), get(directive));
    }

    /** The file of a name, one character a byte, taken from {@code dir} when relative. */
    public Path path(String name) {
        return ConfigPath.resolve(get(GeneralDirectives.DIR), name);
    }

    /** The file the node was started with, absolute; empty when there was none. */
    public Optional<Path> file() {
        return start.file();
    }

    /** The lines {@code rename-command} in their order, all of which were possible. */
    public List<RenamedCommand> renamedCommands() {
        return start.renamedCommands();
    }

    /** What the commands answer to after those lines. Read only. */
    public CommandNames commandNames() {
        return start.commandNames();
    }

    /** The words after {@code user} of each such line, in their order. */
    public List<List<String>> users() {
        return start.users();
    }

    /** The names of the directives that were given at start and do nothing in this server, as a line for the log. */
    public List<String> withoutMeaning() {
        return start.withoutMeaning();
    }

    /**
     * CONFIG GET: names and values, sorted by name, each name once whatever its case.
     *
     * @param patterns globs in any case, which also match the older names; a pattern without special characters is looked up
     *     and comes back as it was written
     */
    public SortedMap<String, String> show(List<String> patterns) {
        SortedMap<String, String> shown = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String pattern : patterns) {
            if (pattern.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0)) {
                showMatching(
                        Glob.compileIgnoringCase(pattern.getBytes(StandardCharsets.ISO_8859_1)),
                        shown);
            } else {
                Directives.find(pattern)
                        .ifPresent(directive -> shown.putIfAbsent(pattern, text(directive)));
            }
        }
        return shown;
    }

    /** The value in force as CONFIG GET shows it. */
    public <T> String text(Directive<T> directive) {
        return directive.syntax().format(get(directive));
    }

    /**
     * CONFIG SET: all or nothing.
     *
     * @param namesAndValues name, value, name, value ...; at least one pair
     * @param localClient whether the client connects from this machine, for {@code enable-protected-configs local}
     */
    public synchronized ConfigOutcome set(List<String> namesAndValues, boolean localClient) {
        return new ConfigSet(this, namesAndValues, localClient).run();
    }

    /** CONFIG REWRITE: the file brought up to the values in force, replaced as a whole or left as it was. */
    public synchronized ConfigOutcome rewrite() {
        if (file().isEmpty()) {
            return new ConfigOutcome.Refused("The server is running without a config file");
        }
        return new ConfigRewrite(this, file().get()).run();
    }

    /** Has a listener called whenever CONFIG SET changes a directive; several are called in the order they came. */
    public synchronized <T> void listen(Directive<T> directive, ConfigListener<T> listener) {
        listeners.computeIfAbsent(directive, any -> new ArrayList<>()).add(listener);
    }

    /** Puts a value in force without asking the listeners: for owners whose state changes otherwise (REPLICAOF). */
    public synchronized <T> void put(Directive<T> directive, T value) {
        publish(directive, value);
    }

    void publish(Directive<?> directive, Object value) {
        values.set(directive.index(), value);
    }

    @SuppressWarnings("unchecked")
    <T> List<ConfigListener<T>> listeners(Directive<T> directive) {
        return (List<ConfigListener<T>>) (List<?>) listeners.getOrDefault(directive, List.of());
    }

    private void showMatching(Glob glob, Map<String, String> shown) {
        for (Directive<?> directive : Directives.all()) {
            if (directive.has(Trait.HIDDEN)) {
                continue;
            }
            if (glob.matches(directive.name())) {
                shown.putIfAbsent(directive.name(), text(directive));
            }
            directive
                    .alias()
                    .filter(glob::matches)
                    .ifPresent(alias -> shown.putIfAbsent(alias, text(directive)));
        }
    }
}
