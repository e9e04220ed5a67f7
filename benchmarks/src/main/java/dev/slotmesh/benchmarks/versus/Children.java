package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processes started here and the directory they work in. A shutdown hook ends them by their handles and removes the
 * directory, so that Ctrl-C leaves nothing behind. Thread safe.
 */
final class Children implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 5;

    private final Path directory;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private boolean closed;

    Children() throws IOException {
        directory = Files.createTempDirectory("slotmesh-versus-");
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "versus-cleanup"));
    }

    /** A new empty directory for one process. */
    Path workingDirectory(String name) throws IOException {
        return Files.createTempDirectory(directory, name + "-");
    }

    /** Starts a process and remembers it. */
    synchronized Process start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IOException("the run is being ended");
        }
        Process process = builder.start();
        running.add(process);
        return process;
    }

    /** Ends a process, by force when it does not end in time. */
    void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        running.remove(process);
    }

    @Override
    public synchronized void close() {
        closed = true;
        running.forEach(this::stop);
        try (Stream<Path> files =
                Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remove " + directory, failure);
        }
    }
}
