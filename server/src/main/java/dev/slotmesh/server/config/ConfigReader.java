package dev.slotmesh.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the lines of configuration files, and of those they include, into {@link StartSettings}. */
final class ConfigReader {
    static final String HEADLINE =
            "\n*** FATAL CONFIG FILE ERROR (Redis " + RedisVersion.NUMBER + ") ***\n";

    private static final int LARGEST_FILE_BYTES = 64 << 20;
    private static final int DEEPEST_INCLUDE = 32;
    private static final String BAD_DIRECTIVE = "Bad directive or wrong number of arguments";

    private final StartSettings settings;
    private int depth;

    ConfigReader(StartSettings settings) {
        this.settings = settings;
    }

    /** A file that is missing or may not be read; costs the process, at start. */
    static final class UnreadableFileException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreadableFileException(Path file, String reason) {
            super("Fatal error, can't open config file '" + file + "': " + reason);
        }
    }

    /** The bytes of a file, one per character. */
    static String contents(Path file) throws UnreadableFileException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        } catch (NoSuchFileException missing) {
            throw new UnreadableFileException(file, "No such file or directory");
        } catch (AccessDeniedException denied) {
            throw new UnreadableFileException(file, "Permission denied");
        } catch (IOException broken) {
            throw new UnreadableFileException(file, String.valueOf(broken.getMessage()));
        }
    }

    /**
     * All bytes of a stream, one per character.
     *
     * @throws IOException when it breaks or exceeds 64 MiB
     */
    static String read(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST_FILE_BYTES + 1);
        if (bytes.length > LARGEST_FILE_BYTES) {
            throw new IOException("File too large");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads all lines of a text; the first mistake as the lines Redis prints, or empty. */
    Optional<String> read(String text) throws UnreadableFileException {
        String[] lines = text.split("\n", -1);
        for (int at = 0; at < lines.length; at++) {
            String line = trim(lines[at]);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Optional<List<String>> words = Words.split(line);
            Optional<String> failure = words.isEmpty()
                    ? Optional.of(report(at + 1, line, "Unbalanced quotes in configuration line"))
                    : take(at + 1, line, words.get());
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    /** A report, or the report of an included file as it is. */
    private Optional<String> take(int number, String line, List<String> words)
            throws UnreadableFileException {
        if (words.isEmpty()) {
            return Optional.empty();
        }
        String name = words.get(0).toLowerCase(Locale.ROOT);
        if (name.equals("include") && words.size() == 2) {
            return include(number, line, words.get(1));
        }
        return apply(name, words.subList(1, words.size()))
                .map(reason -> report(number, line, reason));
    }

    private Optional<String> apply(String name, List<String> arguments) {
        Optional<Directive<?>> directive = Directives.find(name);
        if (directive.isPresent()) {
            return settings.apply(directive.get(), arguments);
        }
        switch (name) {
            case "rename-command" -> {
                if (arguments.size() == 2) {
                    return settings.rename(new RenamedCommand(arguments.get(0), arguments.get(1)));
                }
            }
            case "user" -> {
                if (!arguments.isEmpty()) {
                    settings.user(arguments);
                    return Optional.empty();
                }
            }
            case "list-max-ziplist-entries", "list-max-ziplist-value" -> {
                if (arguments.size() == 1) {
                    settings.ignore(name);
                    return Optional.empty();
                }
            }
            default -> {
                return Optional.of(unknown(name, arguments));
            }
        }
        return Optional.of(BAD_DIRECTIVE);
    }

    /** A name with a dot would be a module's; there are no modules here, and Redis ends as well when none is loaded. */
    private static String unknown(String name, List<String> arguments) {
        if (name.indexOf('.') < 0) {
            return BAD_DIRECTIVE;
        }
        return arguments.isEmpty()
                ? "Module config specified without value"
                : "Module Configuration detected without loadmodule directive or no ApplyConfig"
                        + " call: aborting";
    }

    private Optional<String> include(int number, String line, String name)
            throws UnreadableFileException {
        if (depth == DEEPEST_INCLUDE) {
            return Optional.of(report(number, line, "Files include one another too deeply"));
        }
        depth++;
        for (Path file :
                IncludedFiles.named((String) settings.value(GeneralDirectives.DIR), name)) {
            Optional<String> failure = read(contents(file));
            if (failure.isPresent()) {
                return failure;
            }
        }
        depth--;
        return Optional.empty();
    }

    private static String report(int number, String line, String reason) {
        return HEADLINE + "Reading the configuration file, at line " + number + "\n>>> '" + line
                + "'\n" + reason + "\n";
    }

    private static String trim(String line) {
        int from = 0;
        int to = line.length();
        while (from < to && " \t\r\n".indexOf(line.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && " \t\r\n".indexOf(line.charAt(to - 1)) >= 0) {
            to--;
        }
        return line.substring(from, to);
    }
}
