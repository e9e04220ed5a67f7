package dev.slotmesh.server.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real redis-server of one test, on a free port of the loopback and in a temporary directory of its own.
 *
 * <pre>
 * try (RedisOracle redis = RedisOracle.start("--cluster-enabled", "yes");
 *         RespConnection client = redis.connect()) {
 *     assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
 * }
 * </pre>
 *
 * The binary is the one of {@link RedisBinary}; without any, {@link #start} skips the test, or fails it when
 * {@code SLOTMESH_REQUIRE_REDIS=1}. For one thread, but for {@link #connect()}.
 */
public final class RedisOracle implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration RUN_PATIENCE = Duration.ofSeconds(5);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int START_ATTEMPTS = 5;
    private static final int BUS_PORT_OFFSET = 10_000;
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 30_000;
    private static final String LOG_FILE = "oracle.log";
    private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)\\.(\\d+)");
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 37 % PORTS));

    private final Path directory;
    private final int port;
    private final List<String> command;
    private Process process;
    private Thread reaper;

    private RedisOracle(Path directory, int port, List<String> command) {
        this.directory = directory;
        this.port = port;
        this.command = command;
    }

    /**
     * Starts a server and waits until it answers. Snapshots and the append-only file are off unless the arguments say
     * otherwise, as they come last and win.
     *
     * @param arguments as on redis-server's command line
     * @throws org.opentest4j.TestAbortedException when there is no binary and none is demanded
     * @throws AssertionError when there is none though one is demanded, or when it does not start; with its log
     */
    public static RedisOracle start(String... arguments) {
        return start(List.of(), arguments);
    }

    /** Like {@link #start(String...)}, from a configuration file, which the arguments follow. */
    public static RedisOracle startFrom(Path file, String... arguments) {
        return start(List.of(file.toAbsolutePath().toString()), arguments);
    }

    private static RedisOracle start(List<String> file, String... arguments) {
        List<String> beginning = new ArrayList<>(List.of(RedisBinary.demand().toString()));
        beginning.addAll(file);
        for (int attempt = 1; ; attempt++) {
            RedisOracle oracle = prepare(beginning, arguments);
            try {
                oracle.launch();
                return oracle;
            } catch (AssertionError failure) {
                boolean portWasTaken = failure.getMessage().contains("Failed listening on port")
                        || failure.getMessage().contains("Address already in use");
                oracle.close();
                if (!portWasTaken || attempt == START_ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }

    /**
     * What redis-server prints when run to its end, both streams together; empty when it does not end within seconds, upon
     * which it is killed. Skips or fails as {@link #start} does.
     *
     * @param directory where it runs
     */
    public static Optional<String> output(
            Path directory, List<String> arguments, String standardInput) {
        List<String> command = new ArrayList<>(List.of(RedisBinary.demand().toString()));
        command.addAll(arguments);
        try {
            Path input = Files.writeString(
                    directory.resolve("oracle.in"), standardInput, StandardCharsets.ISO_8859_1);
            Path output = directory.resolve("oracle.out");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(input.toFile())
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(RUN_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly().waitFor();
            return ended
                    ? Optional.of(Files.readString(output, StandardCharsets.ISO_8859_1))
                    : Optional.empty();
        } catch (IOException cannotRun) {
            throw new UncheckedIOException(cannotRun);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /** Whether there is a binary, without skipping or failing anything. */
    public static boolean available() {
        return RedisBinary.find().isPresent();
    }

    /** A port that was free a moment ago, with the bus port 10,000 above it; 20000..49999. Each call gives another. */
    public static int freePort() {
        for (int attempt = 0; attempt < PORTS; attempt++) {
            int candidate = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            if (isFree(candidate) && isFree(candidate + BUS_PORT_OFFSET)) {
                return candidate;
            }
        }
        throw new AssertionError("no free port");
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** Its working directory, with {@code nodes.conf} and the like; deleted by {@link #close()}. */
    public Path directory() {
        return directory;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether the process runs. */
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** A new connection; the caller closes it. */
    public RespConnection connect() {
        return RespConnection.to(port);
    }

    /** Whether its version, say 7.0, is at least this one: for replies that differ between versions. */
    public boolean isAtLeast(int major, int minor) {
        try (RespConnection client = connect()) {
            Matcher version = VERSION.matcher(client.call("INFO", "server"));
            if (!version.find()) {
                throw new AssertionError("no redis_version in INFO");
            }
            int itsMajor = Integer.parseInt(version.group(1));
            int itsMinor = Integer.parseInt(version.group(2));
            return itsMajor > major || itsMajor == major && itsMinor >= minor;
        }
    }

    /** What it has written to its log. */
    public String log() {
        try {
            Path log = directory.resolve(LOG_FILE);
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Ends it as {@code kill -9} does and waits until it is gone. The directory stays, so that it can {@link #restart()}. */
    public void kill() {
        end(true);
    }

    /** Asks it to end (SIGTERM) and waits until it is gone. The directory stays. */
    public void stop() {
        end(false);
    }

    /** Starts it again on the same port, with the same arguments, in the same directory. */
    public void restart() {
        if (isAlive()) {
            throw new IllegalStateException("still running");
        }
        launch();
    }

    /** Ends it and deletes its directory. */
    @Override
    public void close() {
        kill();
        deleteRecursively(directory);
    }

    private static RedisOracle prepare(List<String> beginning, String... arguments) {
        try {
            Path directory = Files.createTempDirectory("redis-oracle-");
            int port = freePort();
            List<String> command = new ArrayList<>(beginning);
            Collections.addAll(command, "--port", Integer.toString(port));
            Collections.addAll(command, "--bind", "127.0.0.1", "--dir", directory.toString());
            Collections.addAll(command, "--save", "", "--appendonly", "no", "--daemonize", "no");
            Collections.addAll(command, arguments);
            return new RedisOracle(directory, port, command);
        } catch (IOException noDirectory) {
            throw new UncheckedIOException(noDirectory);
        }
    }

    private void launch() {
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve(LOG_FILE).toFile()))
                    .start();
        } catch (IOException cannotStart) {
            throw new AssertionError("cannot start " + command + ": " + cannotStart, cannotStart);
        }
        reaper = new Thread(process::destroyForcibly, "redis-oracle-reaper");
        Runtime.getRuntime().addShutdownHook(reaper);
        awaitAnswer();
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

    /** Any reply will do, an error that asks for a password included; while it loads it is not ready. */
    private boolean answers() {
        if (!process.isAlive()) {
            return false;
        }
        try (RespConnection client = connect()) {
            return !client.call("PING").startsWith("-LOADING");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private void end(boolean atOnce) {
        if (process == null) {
            return;
        }
        if (atOnce) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("redis-server " + process.pid() + " does not end");
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(reaper);
    }

    private static boolean isFree(int candidate) {
        try (ServerSocket probe =
                new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static void deleteRecursively(Path directory) {
        Optional<IOException> failure = Optional.empty();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException undeletable) {
            failure = Optional.of(undeletable);
        }
        failure.ifPresent(reason -> {
            throw new UncheckedIOException(reason);
        });
    }
}
