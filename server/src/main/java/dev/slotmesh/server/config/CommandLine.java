package dev.slotmesh.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The arguments of the process, with the syntax of {@code redis-server}:
 *
 * <pre>
 * [/path/to/redis.conf] [--directive value ...] [--"directive value"] [-]
 * -v | --version | -h | --help
 * </pre>
 *
 * A lone {@code -}, first or last, reads more configuration from standard input. What stands on the command line follows the
 * file and therefore wins.
 */
public final class CommandLine {

    private final List<String> arguments;
    private final StringBuilder options = new StringBuilder();
    private boolean readsStandardInput;

    private CommandLine(List<String> arguments) {
        this.arguments = arguments;
    }

    /** What the arguments ask for. */
    public sealed interface Result {
        /** {@code -v} or {@code --version}. */
        record ShowVersion() implements Result {}

        /** {@code -h} or {@code --help}. */
        record ShowHelp() implements Result {}

        /** A node to start. */
        record Ready(Configuration configuration) implements Result {}

        /**
         * Arguments or a file that cannot be used; costs the process, exit code 1.
         *
         * @param text lines for standard error, with line ends
         */
        record Failed(String text) implements Result {}
    }

    /**
     * Reads the arguments and the files they name.
     *
     * @param arguments without the program's name
     * @param standardInput read to its end when {@code -} says so, never closed
     */
    public static Result read(List<String> arguments, InputStream standardInput) {
        if (!arguments.isEmpty()) {
            String first = arguments.get(0);
            if (first.equals("-v") || first.equals("--version")) {
                return new Result.ShowVersion();
            }
            if (first.equals("-h") || first.equals("--help")) {
                return new Result.ShowHelp();
            }
        }
        return new CommandLine(arguments.stream().map(CommandLine::bytes).toList())
                .load(standardInput);
    }

    private Result load(InputStream standardInput) {
        boolean named = !arguments.isEmpty() && !arguments.get(0).startsWith("-");
        collectOptions(named ? 1 : 0);
        StartSettings settings = new StartSettings();
        try {
            StringBuilder text = new StringBuilder();
            if (named) {
                Path file = ConfigPath.resolve(WorkingDirectorySyntax.ofProcess(), arguments.get(0))
                        .normalize();
                text.append(ConfigReader.contents(file));
                settings.startedFrom(file);
            }
            if (readsStandardInput) {
                text.append(ConfigReader.read(standardInput));
            }
            text.append('\n').append(options);
            Optional<String> failure = new ConfigReader(settings).read(text.toString());
            if (failure.isPresent()) {
                return new Result.Failed(failure.get());
            }
        } catch (ConfigReader.UnreadableFileException unreadable) {
            return new Result.Failed(unreadable.getMessage() + "\n");
        } catch (IOException broken) {
            return new Result.Failed(
                    "Fatal error, can't read standard input: " + broken.getMessage() + "\n");
        }
        Configuration configuration = new Configuration(settings);
        if (configuration.get(ClusterDirectives.CLUSTER_ENABLED)
                && configuration.get(ReplicationDirectives.REPLICAOF).isPresent()) {
            return new Result.Failed(
                    ConfigReader.HEADLINE + "replicaof directive not allowed in cluster mode\n");
        }
        return new Result.Ready(configuration);
    }

    private void collectOptions(int from) {
        boolean nameMayFollow = true;
        for (int at = from; at < arguments.size(); at++) {
            String argument = arguments.get(at);
            boolean last = at == arguments.size() - 1;
            if (argument.equals("-") && (at == 0 || last)) {
                readsStandardInput = true;
            } else if (nameMayFollow && argument.startsWith("--")) {
                nameMayFollow = !appendName(
                        argument, last ? Optional.empty() : Optional.of(arguments.get(at + 1)));
            } else {
                options.append(Words.quote(argument)).append(' ');
                nameMayFollow = true;
            }
        }
    }

    /** Starts a line; whether the next argument is its value even if it begins with two hyphens. */
    private boolean appendName(String argument, Optional<String> next) {
        if (options.length() > 0) {
            options.append('\n');
        }
        options.append(argument, 2, argument.length()).append(' ');
        boolean alone = Words.split(argument).map(words -> words.size() == 1).orElse(false);
        if (!alone) {
            return false;
        }
        boolean valueFollows = next.isPresent() && !next.get().startsWith("--");
        if (argument.equalsIgnoreCase("--save") && !valueFollows) {
            options.append("\"\" ");
            return false;
        }
        return true;
    }

    private static String bytes(String argument) {
        return new String(argument.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
