package dev.slotmesh.server.replication;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The servers of one test, of either kind, by their ports: started, asked, compared, and closed with the test. For one thread,
 * but for the static methods.
 */
final class Peers implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);

    private final TemporaryDirectory directory;
    private final List<AutoCloseable> open = new ArrayList<>();
    private int started;

    Peers() {
        directory = closing(new TemporaryDirectory("peers-"));
    }

    /** A node of this project in this process. */
    Node slotmesh(String... directives) throws Exception {
        List<String> all = new ArrayList<>(List.of("--repl-diskless-sync-delay", "0"));
        all.addAll(List.of(directives));
        Node node = EmbeddedNode.start(ownDirectory(), all.toArray(String[]::new));
        open.add(node);
        return node;
    }

    /** A node of this project, in this process, that follows another server; not yet in step. */
    Node slotmeshReplicaOf(int port, String... directives) throws Exception {
        List<String> all = new ArrayList<>(List.of("--replicaof", "127.0.0.1", "" + port));
        all.addAll(List.of(directives));
        return slotmesh(all.toArray(String[]::new));
    }

    /** A real server. */
    RedisOracle redis(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--repl-diskless-sync-delay", "0"));
        all.addAll(List.of(arguments));
        RedisOracle redis = RedisOracle.start(all.toArray(String[]::new));
        open.add(redis);
        return redis;
    }

    /** A real server that follows another one; not yet in step. */
    RedisOracle redisReplicaOf(int port, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--replicaof", "127.0.0.1 " + port));
        all.addAll(List.of(arguments));
        return redis(all.toArray(String[]::new));
    }

    /** A directory for one server. */
    Path ownDirectory() {
        try {
            return Files.createDirectories(directory.path().resolve("server-" + ++started));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Closes something with the servers. */
    <T extends AutoCloseable> T closing(T closeable) {
        open.add(closeable);
        return closeable;
    }

    /** One command's reply, on a connection of its own. */
    static String ask(int port, String... words) {
        try (RespConnection client = RespConnection.to(port)) {
            return client.call(words);
        }
    }

    /** A field of INFO; empty when it is not there. */
    static String info(int port, String field) {
        Matcher value = Pattern.compile("(?m)^" + field + ":([^\r\n]*)").matcher(ask(port, "INFO"));
        return value.find() ? value.group(1) : "";
    }

    /** Waits until a field of INFO has a value. */
    static void awaitInfo(int port, String field, String value) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(POLL)
                    .until(() -> info(port, field).equals(value));
        } catch (ConditionTimeoutException never) {
            throw new AssertionError(
                    field + " of " + port + " never became " + value + ":\n"
                            + ask(port, "INFO", "replication"),
                    never);
        }
    }

    /** Waits until a replica is in step with its primary, which has nothing more to do. */
    static void awaitInStep(int primary, int replica) {
        awaitInfo(replica, "master_link_status", "up");
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(POLL)
                    .until(() -> info(replica, "master_repl_offset")
                            .equals(info(primary, "master_repl_offset")));
        } catch (ConditionTimeoutException never) {
            throw new AssertionError(
                    replica + " never came in step:\n" + ask(replica, "INFO", "replication"),
                    never);
        }
    }

    /** The digest of a data set. */
    static String digest(int port) {
        return ask(port, "DEBUG", "DIGEST");
    }

    @Override
    public void close() {
        for (int i = open.size() - 1; i >= 0; i--) {
            close(open.get(i));
        }
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception cause) {
            throw new IllegalStateException("could not close " + closeable, cause);
        }
    }
}
