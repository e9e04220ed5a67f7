package dev.slotmesh.benchmarks.versus;

import dev.slotmesh.resp.Reply;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server process on a free loopback port. */
final class RunningServer implements AutoCloseable {
    private static final long START_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    /** How often a server that loads is asked whether it has; asking costs it time. */
    private static final long LOAD_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int BUS_PORT_DISTANCE = 10_000;
    private static final int HIGHEST_PORT = 65_535;

    private final Contender contender;
    private final Children children;
    private final boolean loading;
    private final Process process;
    private final ProcessFigures figures;
    private final Path output;
    private final int port;
    private final long nanosToPong;

    private RunningServer(
            Contender contender,
            Children children,
            boolean cluster,
            int ioThreads,
            Optional<Path> file)
            throws IOException {
        this.loading = file.isPresent();
        this.contender = contender;
        this.children = children;
        this.port = freePort();
        Path directory = children.workingDirectory("server");
        this.output = directory.resolve("output");
        if (loading) {
            Files.createLink(directory.resolve("dump.rdb"), file.get());
        }
        ProcessBuilder builder = new ProcessBuilder(
                        contender.commandLine(port, directory, cluster, ioThreads))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(contender.environment());
        long started = System.nanoTime();
        this.process = children.start(builder);
        this.figures = new ProcessFigures(process.pid());
        this.nanosToPong = awaitPong(started) - started;
    }

    /** Starts a server and waits for its first PONG. */
    static RunningServer start(
            Contender contender, Children children, boolean cluster, int ioThreads)
            throws IOException {
        return new RunningServer(contender, children, cluster, ioThreads, Optional.empty());
    }

    /** Starts a server with a snapshot file, standalone, and waits for its first PONG, which comes when it is loaded. */
    static RunningServer startWith(Path file, Contender contender, Children children)
            throws IOException {
        return new RunningServer(contender, children, false, 1, Optional.of(file));
    }

    private static int freePort() throws IOException {
        while (true) {
            int port;
            try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = probe.getLocalPort();
            }
            if (port + BUS_PORT_DISTANCE <= HIGHEST_PORT) {
                return port;
            }
        }
    }

    private long awaitPong(long started) throws IOException {
        while (System.nanoTime() - started < START_PATIENCE_NANOS) {
            if (!process.isAlive()) {
                throw failed("ended at once");
            }
            if (answersPing()) {
                return System.nanoTime();
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        children.stop(process);
        throw failed("did not answer PING in time");
    }

    private boolean answersPing() {
        try (RespClient client = new RespClient(port)) {
            Reply reply = client.call("PING");
            while (loading && process.isAlive() && reply instanceof Reply.SimpleError) {
                LockSupport.parkNanos(LOAD_POLL_NANOS);
                reply = client.call("PING");
            }
            return reply.equals(new Reply.SimpleString("PONG"));
        } catch (IOException notYet) {
            return false;
        }
    }

    private IOException failed(String how) throws IOException {
        String said = Files.readString(output).strip();
        return new IOException(contender.name() + " " + how + ". It said:\n" + said);
    }

    /** Assigns all slots to this node and waits until its cluster is up. */
    void ownAllSlots() throws IOException {
        try (RespClient client = new RespClient(port)) {
            Reply added = client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
            if (!added.equals(new Reply.SimpleString("OK"))) {
                throw new IOException(contender.name() + " does not take slots: " + added);
            }
            long started = System.nanoTime();
            while (System.nanoTime() - started < START_PATIENCE_NANOS) {
                if (client.call("CLUSTER", "INFO") instanceof Reply.Bulk text
                        && text.text().contains("cluster_state:ok")) {
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
        throw failed("does not reach cluster_state:ok");
    }

    String name() {
        return contender.name();
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    ProcessFigures figures() {
        return figures;
    }

    /** From the start of the process to its first PONG. */
    long nanosToPong() {
        return nanosToPong;
    }

    @Override
    public void close() {
        children.stop(process);
    }
}
