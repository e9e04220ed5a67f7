package dev.slotmesh.server.reshard;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A tool that was run to its end in this process.
 *
 * @param output both streams together
 */
record ToolOutcome(int exitCode, String output) {
    /** @param line the tool's name and its arguments, with blanks between them */
    static ToolOutcome of(Map<String, String> environment, String line) {
        return of(environment, line, Optional.empty());
    }

    /** With somebody at a terminal, who types this. */
    static ToolOutcome answered(Map<String, String> environment, String line, String typed) {
        return of(environment, line, Optional.of(() -> typed));
    }

    private static ToolOutcome of(
            Map<String, String> environment, String line, Optional<Supplier<String>> typed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, typed);
        List<String> words = List.of(line.split(" "));
        List<String> arguments = words.subList(1, words.size());
        int exitCode = words.get(0).equals("reshard")
                ? ReshardCommand.run(arguments, environment, terminal, new Interruption())
                : RebalanceCommand.run(arguments, environment, terminal, new Interruption());
        return new ToolOutcome(exitCode, out.toString(StandardCharsets.UTF_8));
    }
}
