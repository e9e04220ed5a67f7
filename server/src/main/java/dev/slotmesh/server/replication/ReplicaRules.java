package dev.slotmesh.server.replication;

import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.persistence.Loading;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Session;

/** What a replica refuses its clients. A primary's stream is never asked here. Thread safe. */
public final class ReplicaRules {
    private static final ErrorReply READ_ONLY =
            new ErrorReply("READONLY You can't write against a read only replica.");
    private static final ErrorReply PRIMARY_DOWN = new ErrorReply(
            "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.");
    private static final ErrorReply LOADING =
            new ErrorReply("LOADING Redis is loading the dataset in memory");

    private final Configuration configuration;
    private final Replication replication;
    private final boolean cluster;
    private final Loading loading;

    /** @param cluster whether commands on keys are routed first, and asked about by {@link #readRefusal} then */
    public ReplicaRules(
            Configuration configuration,
            Replication replication,
            Loading loading,
            boolean cluster) {
        this.loading = loading;
        this.cluster = cluster;
        this.configuration = configuration;
        this.replication = replication;
    }

    /** Why this node does not execute a command now, for its role; null if it does. Costs a primary two volatile reads. */
    public ErrorReply refusal(Session session, CommandSpec spec) {
        if (!replication.state().isReplica()) {
            return replication.refusal(session, spec);
        }
        if (isRoutedFirst(spec)) {
            return null;
        }
        boolean exec = spec.name().equals("exec");
        boolean writes =
                spec.has(CommandFlags.WRITE) || exec && session.hasQueued(CommandFlags.WRITE);
        if (writes && configuration.get(ReplicationDirectives.REPLICA_READ_ONLY)) {
            return READ_ONLY;
        }
        return readRefusal(spec);
    }

    /** As {@link #refusal}, for a command that does not write. */
    public ErrorReply readRefusal(CommandSpec spec) {
        Follower follower = replication.follower();
        if (!spec.has(CommandFlags.STALE)
                && !follower.isLinkUp()
                && !configuration.get(ReplicationDirectives.REPLICA_SERVE_STALE_DATA)) {
            return PRIMARY_DOWN;
        }
        return loading.isBlocking() && !spec.has(CommandFlags.LOADING) ? LOADING : null;
    }

    /** Whether an image of the primary's data is being received or loaded. */
    public boolean isSynchronizing() {
        return replication.follower().view().isSynchronizing();
    }

    /** Whether a command belongs elsewhere before anything else is asked: on keys, in a cluster. */
    public boolean isRoutedFirst(CommandSpec spec) {
        return cluster && spec.hasKeys() && replication.state().isReplica();
    }
}
