package dev.slotmesh.server.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run to its end.
 *
 * @param exitCode with which it ended
 * @param output what it printed, both streams together, a character a byte
 */
public record ToolRun(int exitCode, String output) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Runs a program without input.
     *
     * @throws IOException when there is no such program
     * @throws AssertionError when it does not end; it is killed then
     */
    public static ToolRun of(String... command) throws IOException {
        return of("", List.of(command));
    }

    /** Like {@link #of(String...)}, with something to read, a character a byte. */
    public static ToolRun of(String input, List<String> command) throws IOException {
        return of(Path.of(""), command, input, PATIENCE)
                .orElseThrow(() -> new AssertionError(command + " does not end"));
    }

    /** Runs a program that comes with Redis; without any, the test is skipped, or fails when it is demanded. */
    public static ToolRun ofRedis(String... command) {
        try {
            return of(command);
        } catch (IOException missing) {
            throw RedisBinary.missing(command[0]);
        }
    }

    /**
     * Runs a program; empty when it goes on for longer than the patience, upon which it is killed.
     *
     * @param directory where it runs
     * @param input what it reads, a character a byte
     * @throws IOException when there is no such program
     */
    static Optional<ToolRun> of(
            Path directory, List<String> command, String input, Duration patience)
            throws IOException {
        Path read = Files.createTempFile("tool-run-", ".in");
        Path printed = Files.createTempFile("tool-run-", ".out");
        try {
            Files.writeString(read, input, StandardCharsets.ISO_8859_1);
            Process process = new ProcessBuilder(command)
                    .directory(directory.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectInput(read.toFile())
                    .redirectOutput(printed.toFile())
                    .start();
            boolean ended = hasEnded(process, patience);
            String output = Files.readString(printed, StandardCharsets.ISO_8859_1);
            return ended ? Optional.of(new ToolRun(process.exitValue(), output)) : Optional.empty();
        } finally {
            Files.delete(read);
            Files.delete(printed);
        }
    }

    private static boolean hasEnded(Process process, Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        } finally {
            process.destroyForcibly();
        }
    }
}
