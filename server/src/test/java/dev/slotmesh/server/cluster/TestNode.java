package dev.slotmesh.server.cluster;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.StartFailure;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A cluster node of this project inside the test's process, on a free port of the loopback. */
public final class TestNode implements AutoCloseable {
    private final int port;
    private final Path directory;
    private final NodeLog log;
    private Node node;

    private TestNode(int port, Path directory) {
        this.port = port;
        this.directory = directory;
        this.log = new NodeLog(Integer.toString(port));
    }

    /** Starts a node whose files are in a directory; the arguments are those of the command line. */
    public static TestNode start(Path directory, String... arguments) {
        return startAt(RedisOracle.freePort(), directory, arguments);
    }

    /** As {@link #start} on a given port, for a node that takes another one's place. */
    public static TestNode startAt(int port, Path directory, String... arguments) {
        TestNode started = new TestNode(port, directory);
        started.run(List.of(), arguments);
        return started;
    }

    /** As {@link #start} from a configuration file, which the arguments follow. */
    public static TestNode startFrom(Path file, Path directory, String... arguments) {
        TestNode started = new TestNode(RedisOracle.freePort(), directory);
        started.run(List.of(file.toString()), arguments);
        return started;
    }

    private void run(List<String> beginning, String... arguments) {
        List<String> all = new ArrayList<>(beginning);
        Collections.addAll(all, "--port", Integer.toString(port));
        Collections.addAll(all, "--bind", "127.0.0.1", "--dir", directory.toString());
        Collections.addAll(all, "--save", "");
        Collections.addAll(all, "--cluster-enabled", "yes", "--logfile", "slotmesh.log");
        Collections.addAll(all, arguments);
        try {
            Files.createDirectories(directory);
            node = Node.start(Configuration.of(all.toArray(new String[0])), log);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (StartFailure failure) {
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    public int port() {
        return port;
    }

    /** The node itself. */
    public Node node() {
        return node;
    }

    /** A new client connection; the caller closes it. */
    public RespConnection connect() {
        return RespConnection.to(port);
    }

    /** What the node has logged. */
    public String log() {
        try {
            return Files.readString(directory.resolve("slotmesh.log"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    @Override
    public void close() {
        node.close();
        log.close();
    }
}
