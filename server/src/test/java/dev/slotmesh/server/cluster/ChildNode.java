package dev.slotmesh.server.cluster;

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
 * A node of this project in a process of its own, which can be killed; one of a cluster unless the arguments say otherwise. Ends
 * with the test's JVM at the latest.
 */
public final class ChildNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port = RedisOracle.freePort();
    private final Path output;
    private final List<String> command = new ArrayList<>();
    private Process process;
    private Thread reaper;

    private ChildNode(Path directory, String... arguments) {
        this.output = directory.resolve("output");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Collections.addAll(command, java, "-Xmx128m", "-XX:TieredStopAtLevel=1");
        Collections.addAll(command, "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED");
        Collections.addAll(command, "--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED");
        Collections.addAll(command, "--add-opens", "java.base/java.lang.reflect=ALL-UNNAMED");
        Collections.addAll(command, "-cp", System.getProperty("java.class.path"));
        Collections.addAll(command, Slotmesh.class.getName(), "--port", "" + port);
        Collections.addAll(command, "--bind", "127.0.0.1", "--dir", directory.toString());
        Collections.addAll(command, "--cluster-enabled", "yes", "--save", "");
        Collections.addAll(command, arguments);
    }

    public static ChildNode start(Path directory, String... arguments) {
        ChildNode node = new ChildNode(directory, arguments);
        try {
            Files.createDirectories(directory);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        node.restart();
        return node;
    }

    public int port() {
        return port;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Starts it (again) and waits until it answers. */
    public void restart() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        reaper = new Thread(process::destroyForcibly, "child-node-reaper");
        Runtime.getRuntime().addShutdownHook(reaper);
        Awaitility.await().atMost(PATIENCE).until(this::answers);
    }

    private boolean answers() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the node ended: " + Files.readString(output));
        }
        try (RespConnection client = RespConnection.to(port)) {
            return client.call("PING").equals("+PONG\r\n");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** Ends it as {@code kill -9} does and waits until it is gone. */
    public void kill() {
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
