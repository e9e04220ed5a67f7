package dev.slotmesh.server;

import dev.slotmesh.server.config.ClusterDirectives;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.config.SecurityDirectives;
import dev.slotmesh.server.log.NodeLog;

import java.util.List;

/**
 * What a configuration asks for that this version does not have. A node that would be unsafe or something else than its operator
 * believes does not start; of everything else the log tells.
 */
final class MissingFeatures {
    private final Configuration configuration;
    private final NodeLog log;

    MissingFeatures(Configuration configuration, NodeLog log) {
        this.configuration = configuration;
        this.log = log;
    }

    /**
     * Refuses what may not be left out in silence: encryption, users.
     *
     * @throws StartFailure naming the directive
     */
    void refuse() throws StartFailure {
        if (configuration.get(ReplicationDirectives.REPLICAOF).isPresent()
                && configuration.get(ClusterDirectives.CLUSTER_ENABLED)) {
            throw new StartFailure("replicaof directive not allowed in cluster mode");
        }
        refuseIf(configuration.get(NetworkDirectives.TLS_PORT) != 0, "tls-port", "TLS");
        refuseIf(configuration.get(NetworkDirectives.TLS_CLUSTER), "tls-cluster", "TLS");
        refuseIf(configuration.get(NetworkDirectives.TLS_REPLICATION), "tls-replication", "TLS");
        refuseIf(!configuration.users().isEmpty(), "user", "ACL users");
        refuseIf(!configuration.get(SecurityDirectives.ACLFILE).isEmpty(), "aclfile", "ACL users");
    }

    private static void refuseIf(boolean given, String directive, String feature)
            throws StartFailure {
        if (given) {
            throw new StartFailure(directive + ": this version does not support " + feature);
        }
    }

    /** Tells the log what else is left out. */
    void warn() {
        List<String> ignored = configuration.withoutMeaning();
        if (!ignored.isEmpty()) {
            log.notice("Directives without effect in this server: " + String.join(", ", ignored));
        }
    }
}
