package dev.slotmesh.server.replication;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.session.Session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The replicas of this node, from the moment they ask for the stream.
 *
 * <p>The array is replaced under this object's monitor and read without it: by each write that wakes them, among others.
 */
final class Replicas {
    private static final Replica[] NONE = {};

    private final Configuration configuration;
    private final NodeLog log;
    private final ReplicationLog stream;
    private final Acknowledgements acknowledgements;
    private final AtomicLong fullSyncs = new AtomicLong();
    private final AtomicLong partialSyncs = new AtomicLong();
    private final AtomicLong refusedPartialSyncs = new AtomicLong();
    private volatile Replica[] all = NONE;
    private volatile int good;
    private volatile long noneSinceMs = System.currentTimeMillis();

    Replicas(Configuration configuration, NodeLog log, ReplicationLog stream) {
        this.configuration = configuration;
        this.log = log;
        this.stream = stream;
        this.acknowledgements = new Acknowledgements(this);
        stream.whenAppended(this::wake);
    }

    /** What they follow. */
    ReplicationLog stream() {
        return stream;
    }

    /** Who waits for replicas to have what was written. */
    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    /** Those there are now, in the order in which they came. The caller leaves the array as it is. */
    Replica[] all() {
        return all;
    }

    int count() {
        return all.length;
    }

    boolean isEmpty() {
        return all.length == 0;
    }

    /** Those that wait for a snapshot. */
    List<Replica> waiting() {
        List<Replica> waiting = new ArrayList<>();
        for (Replica replica : all) {
            if (replica.phase() == Replica.Phase.WAITING && !replica.isClosed()) {
                waiting.add(replica);
            }
        }
        return waiting;
    }

    /** The replica that serves its clients at an address, or null. */
    Replica find(String host, int port) {
        for (Replica replica : all) {
            if (replica.traits().port() == port && replica.host().equals(host)) {
                return replica;
            }
        }
        return null;
    }

    /** The replica behind a session, or null. */
    Replica of(Session session) {
        for (Replica replica : all) {
            if (replica.session() == session) {
                return replica;
            }
        }
        return null;
    }

    synchronized void add(Replica replica) {
        Replica[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = replica;
        all = more;
    }

    private synchronized void remove(Replica replica) {
        all = Arrays.stream(all).filter(other -> other != replica).toArray(Replica[]::new);
        if (all.length == 0) {
            noneSinceMs = System.currentTimeMillis();
        }
    }

    /** Since when there is none, milliseconds since 1970. Only while there is none. */
    long noneSinceMs() {
        return noneSinceMs;
    }

    /** Something was appended to the log. Under the locks of the write. */
    void wake() {
        for (Replica replica : all) {
            if (replica.isOnline()) {
                replica.wake();
            }
        }
    }

    /** A replica has the whole data set, and follows the log from now on. On its loop. */
    void synchronised(Replica replica) {
        log.notice("Synchronization with replica " + replica.name() + " succeeded");
        online(replica);
    }

    /** A replica follows the log from now on. On its loop. */
    void online(Replica replica) {
        review(System.currentTimeMillis());
        acknowledgements.membersChanged();
    }

    /** A client that wants nothing but the snapshot has it. On its loop. */
    void snapshotSent(Replica replica) {
        log.notice("Closing the connection with " + replica.name()
                + ": the snapshot it asked for is sent");
    }

    /** The snapshot that a replica was to be sent cannot be read. On its loop. */
    void broken(Replica replica, Throwable cause) {
        log.warning("Sending the snapshot to replica " + replica.name() + " failed", cause);
    }

    /** A replica has got a reply, which breaks its stream. On its loop. */
    void replied(Replica replica, String command) {
        log.warning("Replica " + replica.name() + " generated a reply to command '" + command
                + "', disconnecting it");
    }

    /** A replica has gone. On its loop. */
    void closed(Replica replica) {
        remove(replica);
        log.notice("Connection with replica " + replica.name() + " lost.");
        review(System.currentTimeMillis());
        acknowledgements.membersChanged();
    }

    /** Ends all connections; the replicas will come back and ask how to go on. Any thread. */
    void dropAll() {
        for (Replica replica : all) {
            replica.drop();
        }
    }

    /** Those that follow the stream. */
    int onlineCount() {
        int count = 0;
        for (Replica replica : all()) {
            count += replica.isOnline() ? 1 : 0;
        }
        return count;
    }

    /** Those that are online and were heard of lately: what min-replicas-to-write counts. */
    int goodCount() {
        return good;
    }

    /** Counts the good ones, keeps the waiting ones patient, and drops those that are silent or stuck. Any thread. */
    void review(long nowMs) {
        long lagMs = TimeUnit.SECONDS.toMillis(
                configuration.get(ReplicationDirectives.MIN_REPLICAS_MAX_LAG));
        int count = 0;
        for (Replica replica : all) {
            // Redis compares whole seconds.
            boolean lately = nowMs / 1000 - replica.heardMs() / 1000 <= lagMs / 1000;
            count += replica.isOnline() && lately ? 1 : 0;
        }
        good = count;
    }

    /** Once a second: keeps waiting replicas patient, drops those that are silent, stuck or cut off. */
    void tend(long nowMs) {
        long timeoutMs =
                TimeUnit.SECONDS.toMillis(configuration.get(ReplicationDirectives.REPL_TIMEOUT));
        for (Replica replica : all) {
            replica.keepAlive();
            replica.session().reviewOutput();
            if (replica.isCut()) {
                replica.drop();
            } else if (isSilent(replica, nowMs - timeoutMs)) {
                log.warning("Disconnecting timedout replica ("
                        + (replica.isOnline() ? "streaming" : "full") + " sync): "
                        + replica.name());
                replica.drop();
            }
        }
        review(nowMs);
    }

    private static boolean isSilent(Replica replica, long sinceMs) {
        return switch (replica.phase()) {
            case WAITING -> false;
            case TRANSFER -> replica.isStuck() && replica.progressMs() < sinceMs;
            case ONLINE -> !replica.isOld() && replica.heardMs() < sinceMs;
        };
    }

    /** Full resyncs begun, partial ones, and those asked for in vain, since the start or {@link #resetCounts}. */
    AtomicLong fullSyncs() {
        return fullSyncs;
    }

    AtomicLong partialSyncs() {
        return partialSyncs;
    }

    AtomicLong refusedPartialSyncs() {
        return refusedPartialSyncs;
    }

    /** CONFIG RESETSTAT. */
    void resetCounts() {
        fullSyncs.set(0);
        partialSyncs.set(0);
        refusedPartialSyncs.set(0);
    }
}
