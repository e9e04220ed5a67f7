package dev.slotmesh.server.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
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
    private static final Duration RUN_PATIENCE = Duration.ofSeconds(5);
    private static final int START_ATTEMPTS = 5;
    private static final String LOG_FILE = "oracle.log";
    private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)\\.(\\d+)");

    private final Path directory;
    private final int port;
    private final ServerProcess process;

    private RedisOracle(Path directory, int port, ServerProcess process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
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
                oracle.process.launch();
                return oracle;
            } catch (AssertionError failure) {
                oracle.close();
                if (!ServerProcess.portWasTaken(failure) || attempt == START_ATTEMPTS) {
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

    /** A port that was free a moment ago, with the bus port 10,000 above it. Each call gives another. */
    public static int freePort() {
        return FreePorts.next();
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
        return process.isAlive();
    }

    /** A new connection; the caller closes it. Fails as {@link RespConnection#to} does when the server is gone. */
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
        return process.log();
    }

    /** Ends it as {@code kill -9} does and waits until it is gone. The directory stays, so that it can {@link #restart()}. */
    public void kill() {
        process.kill();
    }

    /** Asks it to end (SIGTERM) and waits until it is gone. The directory stays. */
    public void stop() {
        process.stop();
    }

    /** Starts it again on the same port, with the same arguments, in the same directory. */
    public void restart() {
        process.launch();
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
            Path log = directory.resolve(LOG_FILE);
            return new RedisOracle(
                    directory, port, new ServerProcess(command, directory, log, port));
        } catch (IOException noDirectory) {
            throw new UncheckedIOException(noDirectory);
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
