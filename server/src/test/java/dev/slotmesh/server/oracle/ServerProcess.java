package dev.slotmesh.server.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of either kind as a process of its own, which can be ended and started again with the same command. Ends with the
 * test's JVM at the latest. For one thread, but for {@link #fate} and {@link #log}.
 */
final class ServerProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final String PORT_TAKEN = "Address already in use";
    private static final Pattern PROCESS_ID = Pattern.compile("process_id:(\\d+)");

    private final List<String> command;
    private final Path directory;
    private final Path log;
    private final int port;
    private volatile Process process;
    private volatile boolean shouldServe;
    private Thread reaper;

    /**
     * @param command with its arguments, the port among them
     * @param directory where it runs
     * @param log what it prints is appended to this
     */
    ServerProcess(List<String> command, Path directory, Path log, int port) {
        this.command = List.copyOf(command);
        this.directory = directory;
        this.log = log;
        this.port = port;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @throws AssertionError when it ends or gives no answer, with its log; it may still run then
     */
    void launch() {
        if (isAlive()) {
            throw new IllegalStateException("still running");
        }
        shouldServe = false;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException cannotStart) {
            throw new AssertionError("cannot start " + command + ": " + cannotStart, cannotStart);
        }
        reaper = new Thread(process::destroyForcibly, "server-process-reaper");
        Runtime.getRuntime().addShutdownHook(reaper);
        ServedPorts.enter(port, this);
        awaitAnswer();
        shouldServe = true;
    }

    /** Whether {@link #launch} failed because somebody else had the port. */
    static boolean portWasTaken(AssertionError failure) {
        return failure.getMessage().contains(PORT_TAKEN)
                || failure.getMessage().contains("Failed listening on port");
    }

    /** The process id. */
    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** What it has printed; "" when that is deleted. */
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Ends it as {@code kill -9} does and waits until it is gone; does nothing when it is. */
    void kill() {
        end(true);
    }

    /** Asks it to end (SIGTERM) and waits until it is gone; does nothing when it is. */
    void stop() {
        end(false);
    }

    /**
     * Whether it has answered once and was not ended from here, unless it has ended with code 0: that is how it ends when a
     * client asks for it. A process that is about to end is given seconds for it.
     */
    boolean shouldServe() {
        return shouldServe && !(hasEnded(LAST_WORDS) && process.exitValue() == 0);
    }

    /** Whether it runs or how it has ended, in words. */
    String fate() {
        Process last = process;
        if (!shouldServe) {
            return "process " + last.pid() + " has not begun to serve or was ended by the test";
        }
        return hasEnded(LAST_WORDS)
                ? "process " + last.pid() + " has ended by itself with code " + last.exitValue()
                : "process " + last.pid() + " lives";
    }

    private void awaitAnswer() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                String state = process.isAlive()
                        ? "gives no answer"
                        : "ended with code " + process.exitValue();
                throw new AssertionError(command + " " + state + "\n" + log());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /**
     * Any status will do, an error that asks for a password included; while it loads it is not ready. Where it says who it is,
     * it must be this process: another server may have taken the port.
     */
    private boolean answers() {
        if (!process.isAlive()) {
            return false;
        }
        try (RespConnection client = RespConnection.to(port)) {
            String pong = client.call("PING");
            if (!pong.startsWith("+")) {
                return pong.startsWith("-") && !pong.startsWith("-LOADING");
            }
            Matcher itsId = PROCESS_ID.matcher(client.call("INFO", "server"));
            if (itsId.find() && Long.parseLong(itsId.group(1)) != pid()) {
                throw new AssertionError(
                        command + ": " + PORT_TAKEN + " by process " + itsId.group(1));
            }
            return true;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private void end(boolean atOnce) {
        shouldServe = false;
        if (process == null) {
            return;
        }
        if (atOnce) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        if (!hasEnded(PATIENCE)) {
            process.destroyForcibly();
            throw new AssertionError("process " + pid() + " does not end\n" + log());
        }
        Runtime.getRuntime().removeShutdownHook(reaper);
    }

    /** Not cut short by an interrupt, which is kept for later. */
    private boolean hasEnded(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
