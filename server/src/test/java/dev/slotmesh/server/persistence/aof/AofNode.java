package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.StartFailure;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A node that keeps an append-only file in a directory, with a client. For one thread. */
final class AofNode implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final NodeLog log = new NodeLog("");
    private final Node node;
    private final RespConnection client;

    private AofNode(Path directory, List<String> arguments) throws StartFailure {
        this.directory = directory;
        this.node = Node.start(Configuration.of(arguments.toArray(String[]::new)), log);
        this.client = RespConnection.to(node.port());
    }

    /** Starts a node and waits until it has loaded what the directory has. */
    static AofNode start(Path directory, String... more) throws StartFailure {
        List<String> arguments = new ArrayList<>(
                List.of("--port", Integer.toString(RedisOracle.freePort()), "--bind", "127.0.0.1"));
        Collections.addAll(arguments, "--dir", directory.toString(), "--logfile", "node.log");
        Collections.addAll(arguments, "--save", "", "--enable-debug-command", "yes");
        Collections.addAll(arguments, "--appendonly", "yes");
        Collections.addAll(arguments, more);
        AofNode started = new AofNode(directory, arguments);
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> !started.call("PING").startsWith("-LOADING"));
        return started;
    }

    int port() {
        return node.port();
    }

    /** What its client is answered, as on the wire. */
    String call(String... words) {
        return client.call(words);
    }

    String digest() {
        return call("DEBUG", "DIGEST");
    }

    /** A field of INFO persistence. */
    String field(String name) {
        return field(call("INFO", "persistence"), name);
    }

    static String field(String text, String name) {
        Matcher found = Pattern.compile("(?m)^" + name + ":(.*)$").matcher(text);
        if (!found.find()) {
            throw new AssertionError("no " + name + " in " + text);
        }
        return found.group(1);
    }

    void awaitField(String name, String value) {
        awaitField(client, name, value);
    }

    static void awaitField(RespConnection client, String name, String value) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> field(client.call("INFO", "persistence"), name).equals(value));
    }

    /** Rewrites the file and waits for the end. */
    void rewrite() {
        rewrite(client);
    }

    static void rewrite(RespConnection client) {
        String before = field(client.call("INFO", "persistence"), "aof_rewrites");
        String reply = client.call("BGREWRITEAOF");
        if (!reply.startsWith("+")) {
            throw new AssertionError(reply);
        }
        awaitField(client, "aof_rewrites", Long.toString(Long.parseLong(before) + 1));
        awaitField(client, "aof_rewrite_in_progress", "0");
    }

    String log() {
        return text(directory.resolve("node.log"));
    }

    static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Names of the files of the append-only directory and their lengths. */
    static Map<String, Long> files(Path directory) {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory.resolve("appendonlydir"))) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.size(file));
            }
            return files;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Replaces the append-only directory of one server by that of another. */
    static void carry(Path from, Path to) {
        Path target = to.resolve("appendonlydir");
        try {
            Files.createDirectories(target);
            for (String name : files(to).keySet()) {
                Files.delete(target.resolve(name));
            }
            for (String name : files(from).keySet()) {
                Files.copy(from.resolve("appendonlydir").resolve(name), target.resolve(name));
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Goes as SIGTERM has it. */
    @Override
    public void close() {
        client.close();
        node.close();
        log.close();
    }
}
