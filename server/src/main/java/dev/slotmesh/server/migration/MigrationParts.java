package dev.slotmesh.server.migration;

import dev.slotmesh.server.cluster.ClusterService;
import dev.slotmesh.server.config.ClusterDirectives;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.Snapshots;
import dev.slotmesh.server.replication.Replication;
import dev.slotmesh.server.session.Dispatcher;

import java.util.concurrent.TimeUnit;

/** What a node lends its slot migrations. */
record MigrationParts(
        Configuration configuration,
        NodeLog log,
        ClusterService cluster,
        Snapshots snapshots,
        Work work) {
    /** Those parts that execute and propagate commands. */
    record Work(Dispatcher dispatcher, Replication replication) {}

    Dispatcher dispatcher() {
        return work.dispatcher();
    }

    Replication replication() {
        return work.replication();
    }

    int nodeTimeoutMs() {
        return configuration.getInt(ClusterDirectives.CLUSTER_NODE_TIMEOUT);
    }

    /** The most that may wait for a target that is slower than the writes: as for a replica; 0 for any. */
    long streamLimitBytes() {
        return configuration
                .get(NetworkDirectives.CLIENT_OUTPUT_BUFFER_LIMIT)
                .replica()
                .hardBytes();
    }

    /** How much of the changes may be on its way when writes are stopped. */
    long handOverBytes(long least) {
        return Math.max(
                least, configuration.get(ClusterDirectives.SLOT_MIGRATION_MAX_FAILOVER_REPL_BYTES));
    }

    /** How long the other end of a connection may be silent. */
    int silenceMs() {
        long seconds = configuration.get(ReplicationDirectives.REPL_TIMEOUT);
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.SECONDS.toMillis(seconds));
    }
}
