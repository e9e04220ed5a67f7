package dev.slotmesh.server.replication;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.ReplicationDirectives;

import java.security.SecureRandom;

/** All of a node's replication: the entry to this room. Made by the node; thread safe. */
public final class Replication {
    private final ReplicationLog log;
    private final ReplicationState state;
    /** Set once, before anything else is asked. */
    private Follower follower;

    public Replication(Configuration configuration, SecureRandom random) {
        this.log = new ReplicationLog(
                () -> configuration.get(ReplicationDirectives.REPL_BACKLOG_SIZE));
        this.state = new ReplicationState(random, log);
    }

    /** Makes the replica's side, as soon as there is something to apply commands with. */
    public void prepareToFollow(Follower.Parts parts) {
        follower = new Follower(parts, state, log);
    }

    /** The replica's side: whom this node follows. */
    public Follower follower() {
        return follower;
    }

    /** Role, IDs and offsets. */
    public ReplicationState state() {
        return state;
    }

    /** The stream. */
    public ReplicationLog log() {
        return log;
    }
}
