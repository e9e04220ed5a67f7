package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.log.NodeLog;

/** All that a node has of persistence, from its start to its end: the way in for the rest of the server. */
public final class Persistence {
    private final Snapshots snapshots;

    public Persistence(Configuration configuration, Keyspace keyspace, NodeLog log) {
        this.snapshots = new Snapshots(
                keyspace,
                log,
                () -> configuration.getInt(PersistenceDirectives.RDB_KEY_SAVE_DELAY));
    }

    /** Takes snapshots, for whatever purpose. */
    public Snapshots snapshots() {
        return snapshots;
    }

    /** Ends what is under way. Returns false when it did not end in time, so that the keyspace must stay. */
    public boolean stop() {
        return snapshots.stop();
    }
}
