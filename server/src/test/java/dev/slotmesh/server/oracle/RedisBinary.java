package dev.slotmesh.server.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * Where a redis-server is to be had: the environment variable {@code REDIS_SERVER}, else {@code PATH}, else the binary inside
 * the test dependency embedded-redis (Linux, 6.2), which is unpacked once per JVM.
 */
final class RedisBinary {
    private static final String EMBEDDED_X86 = "/redis-server-6.2.6-v5-linux-amd64";
    private static final String EMBEDDED_ARM = "/redis-server-6.2.7-linux-arm64";
    private static Optional<Path> unpacked = Optional.empty();

    private RedisBinary() {}

    /** The binary, or the end of the test: skipped, or failed when {@code SLOTMESH_REQUIRE_REDIS=1}. */
    static Path demand() {
        return find().orElseThrow(() -> missing("redis-server"));
    }

    /** What is to be thrown when a program of Redis is missing, to skip the test; fails it when the programs are demanded. */
    static RuntimeException missing(String program) {
        String message =
                "no " + program + ": install the package redis-server, or set REDIS_SERVER";
        if ("1".equals(System.getenv("SLOTMESH_REQUIRE_REDIS"))) {
            throw new AssertionError(message);
        }
        return new TestAbortedException(message);
    }

    static Optional<Path> find() {
        String named = System.getenv("REDIS_SERVER");
        if (named != null && !named.isEmpty()) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        return onPath().or(RedisBinary::embedded);
    }

    private static Optional<Path> onPath() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static synchronized Optional<Path> embedded() {
        if (unpacked.isEmpty() && System.getProperty("os.name").equals("Linux")) {
            unpacked = switch (System.getProperty("os.arch")) {
                case "amd64" -> unpack(EMBEDDED_X86);
                case "aarch64" -> unpack(EMBEDDED_ARM);
                default -> Optional.empty();
            };
        }
        return unpacked;
    }

    static Optional<Path> unpack(String resource) {
        try (InputStream in = RedisBinary.class.getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            Path binary = Files.createTempFile("redis-server-", "");
            binary.toFile().deleteOnExit();
            Files.copy(in, binary, StandardCopyOption.REPLACE_EXISTING);
            return binary.toFile().setExecutable(true) ? Optional.of(binary) : Optional.empty();
        } catch (IOException cannotUnpack) {
            throw new UncheckedIOException(cannotUnpack);
        }
    }
}
