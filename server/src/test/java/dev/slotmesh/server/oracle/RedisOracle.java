package dev.slotmesh.server.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
public final class RedisOracle extends ServerProcess {
    private static final Duration RUN_PATIENCE = Duration.ofSeconds(5);
    private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)\\.(\\d+)");

    private final List<String> command = new ArrayList<>();

    private RedisOracle(Place place, List<String> beginning, String... arguments) {
        super(place);
        command.addAll(beginning);
        Collections.addAll(command, "--port", Integer.toString(port()));
        Collections.addAll(command, "--bind", place.bind(), "--dir", directory().toString());
        Collections.addAll(command, "--save", "", "--appendonly", "no", "--daemonize", "no");
        Collections.addAll(command, arguments);
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
        List<String> beginning = List.of(RedisBinary.demand().toString());
        return launched(() -> new RedisOracle(Place.ofLoopback(), beginning, arguments));
    }

    /** Like {@link #start(String...)}, at a given place. */
    public static RedisOracle startAt(Place place, String... arguments) {
        List<String> beginning = List.of(RedisBinary.demand().toString());
        return launched(() -> new RedisOracle(place, beginning, arguments));
    }

    /** Like {@link #start(String...)}, from a configuration file, which the arguments follow. */
    public static RedisOracle startFrom(Path file, String... arguments) {
        List<String> beginning =
                List.of(RedisBinary.demand().toString(), file.toAbsolutePath().toString());
        return launched(() -> new RedisOracle(Place.ofLoopback(), beginning, arguments));
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
            return ToolRun.of(directory, command, standardInput, RUN_PATIENCE).map(ToolRun::output);
        } catch (IOException cannotRun) {
            throw new UncheckedIOException(cannotRun);
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

    @Override
    List<String> command() {
        return command;
    }
}
