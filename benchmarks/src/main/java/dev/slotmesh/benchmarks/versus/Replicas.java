package dev.slotmesh.benchmarks.versus;

import dev.slotmesh.resp.Reply;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Real replicas of a primary. */
final class Replicas {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final VersusOptions options;
    private final Children children;

    Replicas(VersusOptions options, Children children) {
        this.options = options;
        this.children = children;
    }

    /** Starts an empty real server and lets it follow; returned when it is in step. The caller closes it. */
    RunningServer attach(RunningServer primary) throws IOException {
        RunningServer replica = start();
        follow(replica, primary);
        return replica;
    }

    /** Starts an empty real server that follows nobody yet. */
    RunningServer start() throws IOException {
        return RunningServer.start(Contender.redis(options), children, false, 1);
    }

    /** Lets a server follow another one; returns the nanoseconds until its data set is that of the primary. */
    static long follow(RunningServer replica, RunningServer primary) throws IOException {
        try (RespClient client = new RespClient(replica.port())) {
            long start = System.nanoTime();
            require(client.call("REPLICAOF", "127.0.0.1", Integer.toString(primary.port())));
            while (System.nanoTime() - start < PATIENCE_NANOS) {
                if (client.call("INFO", "replication") instanceof Reply.Bulk text
                        && text.text().contains("master_link_status:up")) {
                    return System.nanoTime() - start;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        throw new IOException("the replica of " + primary.name() + " does not come in step");
    }

    /** Snapshots for replicas begin at once. */
    static void noDelay(RunningServer primary) throws IOException {
        try (RespClient client = new RespClient(primary.port())) {
            require(client.call("CONFIG", "SET", "repl-diskless-sync-delay", "0"));
        }
    }

    private static void require(Reply reply) throws IOException {
        if (!reply.equals(new Reply.SimpleString("OK"))) {
            throw new IOException("the server answered " + reply);
        }
    }
}
