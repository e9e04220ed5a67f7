package dev.slotmesh.server.replication;

import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.session.Pause;

import java.util.function.Supplier;

/**
 * FAILOVER: a primary hands its role to one of its replicas without losing a write. Writes are put off, the replica is waited
 * for until it has everything, then this node becomes its replica and asks it to take over.
 *
 * <p>Guarded by the monitor; {@link #phase} is read without it. The steps to another role are {@link RoleChange}'s; those that
 * take the world lock come outside of the monitor, as a transaction comes to it with that lock.
 */
final class Failover {
    /** How far it is, and what INFO calls it. */
    enum Phase {
        NONE("no-failover"),
        WAITING_FOR_REPLICA("waiting-for-sync"),
        HANDING_OVER("failover-in-progress"),
        /** This node was about to be a replica and becomes a primary again. */
        TAKING_BACK("failover-in-progress");

        final String word;

        Phase(String word) {
            this.word = word;
        }
    }

    /** What becomes of this node: by whoever changes roles. */
    interface RoleChange {
        /** Becomes the replica of that node, which is asked to take over. */
        void handOverTo(String host, int port);

        /** Becomes a primary: gives up what was begun by {@link #handOverTo}, or is asked to take over. */
        void becomePrimary();
    }

    /**
     * What was asked for.
     *
     * @param host of the replica, empty for any
     * @param port of the replica, 0 for any
     * @param force whether to hand over when the time is up though the replica lacks something
     * @param endMs when to give up or to force, 0 for never
     */
    record Request(String host, int port, boolean force, long endMs) {}

    private final NodeLog log;
    private final Replicas replicas;
    private final Supplier<Pause> pause;
    private final Runnable pauseEnded;
    private volatile Phase phase = Phase.NONE;
    private volatile RoleChange roles;
    private Request request;

    /** @param pauseEnded lets those go on that were put off */
    Failover(NodeLog log, Replicas replicas, Supplier<Pause> pause, Runnable pauseEnded) {
        this.log = log;
        this.replicas = replicas;
        this.pause = pause;
        this.pauseEnded = pauseEnded;
    }

    /** Who changes roles. Before the node runs. */
    void roles(RoleChange change) {
        roles = change;
    }

    Phase phase() {
        return phase;
    }

    boolean isUnderWay() {
        return phase != Phase.NONE;
    }

    /** Begins. Writes are put off from now on. */
    synchronized void begin(Request asked) {
        log.notice(
                asked.port() == 0
                        ? "FAILOVER requested."
                        : "FAILOVER requested to " + asked.host() + ":" + asked.port() + ".");
        request = asked;
        phase = Phase.WAITING_FOR_REPLICA;
        pause.get().start(Pause.Purpose.FAILOVER, Pause.Kind.WRITES, Long.MAX_VALUE);
    }

    /** Looks whether the replica has everything, or the time is up; a few times a second and after each acknowledgement. */
    synchronized void review(long nowMs) {
        if (phase != Phase.WAITING_FOR_REPLICA) {
            return;
        }
        if (request.endMs() != 0 && request.endMs() - nowMs <= 0) {
            if (request.force()) {
                log.notice("Failover to " + request.host() + ":" + request.port()
                        + " time out exceeded, failing over.");
                handOver(request.host(), request.port());
            } else {
                abort("Replica never caught up before timeout");
            }
            return;
        }
        Replica target =
                request.port() == 0 ? anyComplete() : replicas.find(request.host(), request.port());
        if (target != null && isComplete(target)) {
            log.notice("Failover target " + target.name() + " is synced, failing over.");
            handOver(target.host(), target.traits().port());
        }
    }

    private Replica anyComplete() {
        for (Replica replica : replicas.all()) {
            if (isComplete(replica)) {
                return replica;
            }
        }
        return null;
    }

    private boolean isComplete(Replica replica) {
        return replica.isOnline() && replica.acknowledged() == replicas.stream().endOffset();
    }

    private void handOver(String host, int port) {
        phase = Phase.HANDING_OVER;
        roles.handOverTo(host, port);
    }

    /** FAILOVER ABORT, or it cannot succeed. Any thread that holds no slot lock, or all. */
    void abort(String reason) {
        synchronized (this) {
            if (phase == Phase.NONE || phase == Phase.TAKING_BACK) {
                return;
            }
            log.notice("Aborting failover: " + reason);
            if (phase == Phase.WAITING_FOR_REPLICA) {
                end();
                resumeWrites();
                return;
            }
            phase = Phase.TAKING_BACK;
        }
        try {
            roles.becomePrimary();
        } finally {
            synchronized (this) {
                end();
                resumeWrites();
            }
        }
    }

    /** The other end has taken over and this node follows it. By the link to the primary. */
    synchronized void completed() {
        if (phase == Phase.HANDING_OVER) {
            end();
            resumeWrites();
        }
    }

    /** Whether the link to the primary has to ask it to take over. */
    boolean isHandingOver() {
        return phase == Phase.HANDING_OVER;
    }

    private void end() {
        phase = Phase.NONE;
        request = null;
    }

    private void resumeWrites() {
        pause.get().end(Pause.Purpose.FAILOVER);
        pauseEnded.run();
    }

    /** Another primary hands its role over to this node. */
    void takeOver() {
        roles.becomePrimary();
    }
}
