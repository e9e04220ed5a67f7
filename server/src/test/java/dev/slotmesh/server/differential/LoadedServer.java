package dev.slotmesh.server.differential;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Either server at one end of replication, which can be started again on the same port and directory. */
interface LoadedServer extends AutoCloseable {
    int port();

    /** Ends it as it is, and starts it from what it has on disk. */
    void restart() throws Exception;

    /** Has it save and end, once its replicas have everything; then it is for {@link #restart}. */
    default void shutDown() throws Exception {
        try (RespConnection client = RespConnection.to(port())) {
            client.sendCommand("SHUTDOWN", "SAVE");
            awaitEnd();
        }
    }

    /** Waits until it has ended of itself. */
    void awaitEnd() throws Exception;

    String name();

    /** What it has logged. */
    String log();

    @Override
    void close();

    /** One command over a connection of its own. */
    default String call(String... words) {
        try (RespConnection client = RespConnection.to(port())) {
            return client.call(words);
        }
    }

    /** A field of INFO, "" when there is none. */
    default String info(String field) {
        Matcher found = Pattern.compile("(?m)^" + Pattern.quote(field) + ":(.*)$")
                .matcher(call("INFO", "everything"));
        return found.find() ? found.group(1) : "";
    }

    default long figure(String field) {
        String text = info(field);
        return text.isEmpty() ? -1 : Long.parseLong(text);
    }

    /** The command line of either; more may follow. */
    private static List<String> arguments(Path directory, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--dir",
                directory.toString(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--enable-debug-command",
                "yes"));
        Collections.addAll(all, more);
        return all;
    }

    /** A configuration file for CONFIG REWRITE. */
    private static Path file(Path directory) throws IOException {
        return Files.createFile(directory.resolve("server.conf"));
    }

    /** A redis-server. */
    static LoadedServer redis(Path directory, String... more) throws IOException {
        RedisOracle redis = RedisOracle.startFrom(
                file(directory), arguments(directory, more).toArray(String[]::new));
        return new LoadedServer() {
            @Override
            public int port() {
                return redis.port();
            }

            @Override
            public void restart() {
                redis.kill();
                redis.restart();
            }

            @Override
            public void awaitEnd() {
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !redis.isAlive());
            }

            @Override
            public String name() {
                return "redis";
            }

            @Override
            public String log() {
                return redis.log();
            }

            @Override
            public void close() {
                redis.close();
            }
        };
    }

    /** A node in this process. */
    static LoadedServer slotmesh(Path directory, String... more) throws Exception {
        SlotmeshServer started = new SlotmeshServer(directory, arguments(directory, more));
        started.start();
        return started;
    }

    /** Behind {@link #slotmesh}. */
    final class SlotmeshServer implements LoadedServer {
        private final int port = RedisOracle.freePort();
        private final Path log;
        private final String[] arguments;
        private Node node;

        private SlotmeshServer(Path directory, List<String> arguments) throws IOException {
            this.log = directory.resolve("slotmesh.log");
            List<String> all = new ArrayList<>(List.of(file(directory).toString()));
            all.addAll(arguments);
            Collections.addAll(all, "--port", Integer.toString(port), "--logfile", log.toString());
            this.arguments = all.toArray(String[]::new);
        }

        private void start() throws Exception {
            node = Node.start(Configuration.of(arguments), new NodeLog(Integer.toString(port)));
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void restart() throws Exception {
            node.close();
            start();
        }

        @Override
        public void awaitEnd() throws InterruptedException {
            node.awaitStop();
        }

        @Override
        public String name() {
            return "slotmesh";
        }

        @Override
        public String log() {
            try {
                return Files.readString(log);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }

        @Override
        public void close() {
            node.close();
        }
    }
}
