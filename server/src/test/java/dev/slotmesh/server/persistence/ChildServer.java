package dev.slotmesh.server.persistence;

import dev.slotmesh.server.Slotmesh;
import dev.slotmesh.server.oracle.RedisOracle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The program as a process of its own, without rules to save unless they are given. For one thread. */
final class ChildServer implements AutoCloseable {
    private final int port;
    private final Process process;
    private final Path log;

    private ChildServer(int port, Process process, Path log) {
        this.port = port;
        this.process = process;
        this.log = log;
    }

    /** Starts it and waits until it serves clients. */
    static ChildServer start(Path directory, Path log, String... more) throws IOException {
        int port = RedisOracle.freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m"));
        Collections.addAll(
                command,
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1");
        Collections.addAll(command, "-cp", System.getProperty("java.class.path"));
        Collections.addAll(command, Slotmesh.class.getName(), "--port", "" + port);
        Collections.addAll(command, "--dir", directory.toString(), "--save", "");
        Collections.addAll(command, "--enable-debug-command", "yes");
        Collections.addAll(command, more);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ChildServer child = new ChildServer(port, process, log);
        Awaitility.await()
                .atMost(SavingNode.PATIENCE)
                .until(() -> child.log().contains("Ready to accept connections"));
        return child;
    }

    int port() {
        return port;
    }

    String log() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Ends it without warning, and waits until it has ended. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for its end; returns the exit code, -1 when it goes on. */
    int awaitEnd() throws InterruptedException {
        boolean ended = process.waitFor(SavingNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return ended ? process.exitValue() : -1;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
