package dev.slotmesh.server.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of either kind as a process of its own, on a free port of the loopback unless it is given another place, and with a
 * temporary directory for its log, which can be ended and started again with the same command. Ends with the test's JVM at the
 * latest. For one thread, but for {@link #connect()}.
 */
public abstract sealed class ServerProcess implements AutoCloseable
        permits RedisOracle, NodeProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int START_ATTEMPTS = 5;
    private static final String PORT_TAKEN = "Address already in use";
    private static final Pattern PROCESS_ID = Pattern.compile("process_id:(\\d+)");

    private final TemporaryDirectory directory;
    private final Path log;
    private final Place place;
    private volatile Process process;
    private volatile boolean shouldServe;
    private Thread reaper;

    /** A process not yet started, with a directory of its own. */
    ServerProcess(Place place) {
        directory = new TemporaryDirectory("server-process-");
        log = directory.path().resolve("server.log");
        this.place = place;
    }

    /** What is run in the temporary directory, with all arguments, the port among them. */
    abstract List<String> command();

    /**
     * Starts one, and another one on another port when somebody else took the port meanwhile.
     *
     * @throws AssertionError when it does not start; with its log
     */
    static <S extends ServerProcess> S launched(Supplier<S> prepared) {
        for (int attempt = 1; ; attempt++) {
            S server = prepared.get();
            try {
                server.restart();
                return server;
            } catch (AssertionError failure) {
                server.close();
                boolean portWasTaken = failure.getMessage().contains(PORT_TAKEN)
                        || failure.getMessage().contains("Failed listening on port");
                if (!portWasTaken || attempt == START_ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }

    /** The port it listens on. */
    public final int port() {
        return place.port();
    }

    /** Where it runs. */
    public final Place place() {
        return place;
    }

    /** Its working directory, deleted by {@link #close()}. */
    public final Path directory() {
        return directory.path();
    }

    /** Its process id. */
    public final long pid() {
        return process.pid();
    }

    /** Whether the process runs. */
    public final boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** A new connection; the caller closes it. Fails as {@link RespConnection#to} does when the server is gone. */
    public final RespConnection connect() {
        return RespConnection.to(place.host(), place.port());
    }

    /** What it has printed, from all its starts; "" when that is deleted. */
    public final String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Ends it as {@code kill -9} does and waits until it is gone; does nothing when it is. Its files stay. */
    public final void kill() {
        shouldServe = false;
        if (process != null) {
            process.destroyForcibly();
            awaitEnd();
        }
    }

    /** Stops it where it is (SIGSTOP), so that its sockets stay open and nobody reads them; {@link #goOn} ends that. */
    public final void freeze() {
        signal("STOP");
    }

    /** Lets it go on (SIGCONT). */
    public final void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            ToolRun kill = ToolRun.of("kill", "-" + name, Long.toString(pid()));
            if (kill.exitCode() != 0) {
                throw new AssertionError("kill -" + name + " " + pid() + ": " + kill.output());
            }
        } catch (IOException cannotSignal) {
            throw new UncheckedIOException(cannotSignal);
        }
    }

    /** Asks it to end (SIGTERM), without waiting for that. */
    public final void terminate() {
        shouldServe = false;
        process.destroy();
    }

    /** Asks it to end (SIGTERM) and waits until it is gone. Its files stay. */
    public final void stop() {
        terminate();
        awaitEnd();
    }

    /**
     * Waits until it has ended, of itself or because it was told to.
     *
     * @return the exit code
     * @throws AssertionError when it goes on, with its log; it is killed then
     */
    public final int awaitEnd() {
        if (!hasEnded(PATIENCE)) {
            process.destroyForcibly();
            throw new AssertionError("process " + pid() + " does not end\n" + log());
        }
        Runtime.getRuntime().removeShutdownHook(reaper);
        return process.exitValue();
    }

    /**
     * Starts it again with the same command and waits until it answers.
     *
     * @throws AssertionError when it ends or gives no answer, with its log; it may still run then
     */
    public final void restart() {
        if (isAlive()) {
            throw new IllegalStateException("still running");
        }
        shouldServe = false;
        try {
            List<String> line = new ArrayList<>(place.prefix());
            line.addAll(command());
            process = new ProcessBuilder(line)
                    .directory(directory.path().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException cannotStart) {
            throw new AssertionError("cannot start " + command(), cannotStart);
        }
        reaper = new Thread(process::destroyForcibly, "server-process-reaper");
        Runtime.getRuntime().addShutdownHook(reaper);
        if (place.isOnLoopback()) {
            ServedPorts.enter(place.port(), this);
        }
        awaitAnswer();
        shouldServe = true;
    }

    /** Ends it and deletes its directory. */
    @Override
    public final void close() {
        kill();
        directory.close();
    }

    /**
     * Whether it has answered once and was not ended from here, unless it has ended with code 0: that is how it ends when a
     * client asks for it. A process that is about to end is given seconds for it.
     */
    final boolean shouldServe() {
        return shouldServe && !(hasEnded(LAST_WORDS) && process.exitValue() == 0);
    }

    /** Whether it runs or how it has ended, in words. */
    final String fate() {
        if (!shouldServe) {
            return "process " + pid() + " has not begun to serve or was ended by the test";
        }
        return hasEnded(LAST_WORDS)
                ? "process " + pid() + " has ended by itself with code " + process.exitValue()
                : "process " + pid() + " lives";
    }

    private void awaitAnswer() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                String state = process.isAlive()
                        ? "gives no answer"
                        : "ended with code " + process.exitValue();
                throw new AssertionError(command() + " " + state + "\n" + log());
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
        try (RespConnection client = connect()) {
            String pong = client.call("PING");
            if (!pong.startsWith("+")) {
                return pong.startsWith("-") && !pong.startsWith("-LOADING");
            }
            Matcher itsId = PROCESS_ID.matcher(client.call("INFO", "server"));
            if (itsId.find() && Long.parseLong(itsId.group(1)) != pid()) {
                throw new AssertionError(
                        command() + ": " + PORT_TAKEN + " by process " + itsId.group(1));
            }
            return true;
        } catch (UncheckedIOException notYet) {
            return false;
        }
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
