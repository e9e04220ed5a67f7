package dev.slotmesh.server.persistence;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.StartFailure;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A node with a snapshot file in a directory, its log elsewhere, and a client. For one thread. */
final class SavingNode implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Path log;
    private final Node node;
    private final RespConnection client;

    private SavingNode(Path log, Node node) {
        this.log = log;
        this.node = node;
        this.client = RespConnection.to(node.port());
    }

    /**
     * Starts a node without rules to save, and loads what the directory has.
     *
     * @param log the file its log is in
     * @param more directives, which win
     */
    static SavingNode start(Path directory, Path log, String... more) throws StartFailure {
        List<String> all = new ArrayList<>(List.of("--logfile", log.toString()));
        Collections.addAll(all, "--enable-debug-command", "yes");
        Collections.addAll(all, more);
        return new SavingNode(log, EmbeddedNode.start(directory, all.toArray(String[]::new)));
    }

    int port() {
        return node.port();
    }

    Node node() {
        return node;
    }

    String call(String... words) {
        return client.call(words);
    }

    /** A field of INFO persistence. */
    String field(String name) {
        return field(call("INFO", "persistence"), name);
    }

    static String field(String text, String name) {
        Matcher found = Pattern.compile("(?m)^" + name + ":([^\r\n]*)").matcher(text);
        if (!found.find()) {
            throw new AssertionError("no " + name + " in " + text);
        }
        return found.group(1);
    }

    /** Waits for the end of a save in the background. */
    void awaitSaved() {
        await("rdb_bgsave_in_progress", "0");
    }

    void await(String field, String value) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> field(field).equals(value));
    }

    String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        client.close();
        node.close();
    }
}
