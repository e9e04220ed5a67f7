package dev.slotmesh.server.replication;

import dev.slotmesh.server.Slotmesh;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A node of this project in a process of its own, on a free port of the loopback, which can be killed and stopped. Ends with the
 * test's JVM at the latest. For one thread.
 */
final class SlotmeshProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int port = RedisOracle.freePort();
    private final Path output;
    private final List<String> command = new ArrayList<>();
    private Process process;
    private Thread reaper;

    private SlotmeshProcess(List<String> file, Path directory, String... arguments) {
        this.output = directory.resolve("output");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Collections.addAll(command, java, "-Xmx128m", "-XX:TieredStopAtLevel=1");
        Collections.addAll(command, "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED");
        Collections.addAll(command, "--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED");
        Collections.addAll(command, "--add-opens", "java.base/java.lang.reflect=ALL-UNNAMED");
        Collections.addAll(command, "-cp", System.getProperty("java.class.path"));
        command.add(Slotmesh.class.getName());
        command.addAll(file);
        Collections.addAll(command, "--port", "" + port);
        Collections.addAll(command, "--bind", "127.0.0.1", "--dir", directory.toString());
        Collections.addAll(command, "--save", "");
        Collections.addAll(command, arguments);
    }

    /** Starts a node that keeps its files in a directory, and waits until it answers. */
    static SlotmeshProcess start(Path directory, String... arguments) {
        return start(List.of(), directory, arguments);
    }

    /** As {@link #start}, from a configuration file, which the arguments follow. */
    static SlotmeshProcess startFrom(Path file, Path directory, String... arguments) {
        return start(List.of(file.toString()), directory, arguments);
    }

    private static SlotmeshProcess start(List<String> file, Path directory, String... arguments) {
        SlotmeshProcess node = new SlotmeshProcess(file, directory, arguments);
        try {
            Files.createDirectories(directory);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        node.restart();
        return node;
    }

    int port() {
        return port;
    }

    /** Its process id. */
    long pid() {
        return process.pid();
    }

    /** Starts it again, with the same arguments, and waits until it answers. */
    void restart() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        reaper = new Thread(process::destroyForcibly, "slotmesh-process-reaper");
        Runtime.getRuntime().addShutdownHook(reaper);
        Awaitility.await().atMost(PATIENCE).until(this::answers);
    }

    private boolean answers() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the node ended: " + log());
        }
        try (RespConnection client = RespConnection.to(port)) {
            return !client.call("PING").startsWith("-LOADING");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** What it has printed. */
    String log() {
        try {
            return Files.readString(output);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Ends it as {@code kill -9} does and waits until it is gone; does nothing when it has ended. */
    void kill() {
        if (!process.isAlive()) {
            return;
        }
        process.destroyForcibly();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("process " + process.pid() + " does not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(reaper);
    }

    @Override
    public void close() {
        kill();
    }
}
