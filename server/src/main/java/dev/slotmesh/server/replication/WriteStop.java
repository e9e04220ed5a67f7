package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.ExpiryMode;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.session.Pause;

/**
 * Lets this primary's data set and replication offset stand still until a replica has taken over or given up: writes are put off,
 * nothing expires or is evicted, replicas are asked nothing over the stream. Thread safe; no slot lock may be held.
 *
 * <p>It takes two steps, since a write may be on its way when it begins: {@link #begin} puts off what comes from then on, and
 * {@link #settle}, once every client loop has finished its turn, does the rest.
 */
public final class WriteStop {
    private final Keyspace keyspace;
    private final Dispatcher dispatcher;
    private final ReplicationState state;
    private final Acknowledgements acknowledgements;
    private volatile boolean active;

    WriteStop(
            Keyspace keyspace,
            Dispatcher dispatcher,
            ReplicationState state,
            Acknowledgements acknowledgements) {
        this.keyspace = keyspace;
        this.dispatcher = dispatcher;
        this.state = state;
        this.acknowledgements = acknowledgements;
    }

    /** Whether nothing may change the data. */
    public boolean isActive() {
        return active;
    }

    /** Puts writes off; {@code mostMs} later they go on by themselves. */
    public void begin(long mostMs) {
        active = true;
        dispatcher
                .pause()
                .start(
                        Pause.Purpose.FAILOVER,
                        Pause.Kind.WRITES,
                        System.currentTimeMillis() + mostMs);
    }

    /** No write is on its way any more: from here on the offset stands still. False when it has ended meanwhile. */
    public boolean settle() {
        keyspace.locks().lockWorld();
        try {
            if (!active || state.isReplica()) {
                return false;
            }
            keyspace.expiryMode(ExpiryMode.HIDE);
            acknowledgements.quiet(true);
            return true;
        } finally {
            keyspace.locks().unlockWorld();
        }
    }

    /** Writes go on, those that were put off first. */
    public void end() {
        keyspace.locks().lockWorld();
        try {
            active = false;
            if (!state.isReplica()) {
                keyspace.expiryMode(ExpiryMode.DELETE);
            }
            dispatcher.pause().end(Pause.Purpose.FAILOVER);
        } finally {
            keyspace.locks().unlockWorld();
        }
        acknowledgements.quiet(false);
        dispatcher.resumePaused();
    }
}
