package dev.slotmesh.server.cluster;

import dev.slotmesh.gossip.GossipSettings;
import dev.slotmesh.gossip.NodeAddress;
import dev.slotmesh.server.config.ClusterDirectives;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.Directive;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.transport.BusLinks;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the configuration says about the cluster, in the terms of its parts. Any thread. */
final class ClusterSettings {
    /** The directives whose change the machine and the links are told of. */
    static final List<Directive<?>> OBEYED_AT_RUN_TIME = List.of(
            ClusterDirectives.CLUSTER_NODE_TIMEOUT,
            ClusterDirectives.CLUSTER_ANNOUNCE_IP,
            ClusterDirectives.CLUSTER_ANNOUNCE_PORT,
            ClusterDirectives.CLUSTER_ANNOUNCE_BUS_PORT,
            ClusterDirectives.CLUSTER_ANNOUNCE_HOSTNAME,
            ClusterDirectives.CLUSTER_REQUIRE_FULL_COVERAGE,
            ClusterDirectives.CLUSTER_ALLOW_REPLICA_MIGRATION,
            ClusterDirectives.CLUSTER_REPLICA_NO_FAILOVER,
            ClusterDirectives.CLUSTER_REPLICA_VALIDITY_FACTOR,
            ClusterDirectives.CLUSTER_MIGRATION_BARRIER,
            ClusterDirectives.CLUSTER_LINK_SENDBUF_LIMIT,
            ClusterDirectives.CLUSTER_HARD_EVIDENCE,
            ClusterDirectives.CLUSTER_STALL_DISCOUNT,
            ClusterDirectives.CLUSTER_PROMPT_ELECTIONS,
            ClusterDirectives.CLUSTER_FLAT_HEARTBEATS,
            ClusterDirectives.CLUSTER_LASTING_FORGET,
            ReplicationDirectives.REPL_PING_REPLICA_PERIOD,
            NetworkDirectives.PORT);

    private static final int BUS_PORT_OFFSET = 10_000;
    private static final int HIGHEST_PORT = 65_535;
    private static final int LONGEST_IP = 45;
    private static final long MIN_CONNECT_TIMEOUT_MS = 500;
    private static final long MAX_CONNECT_TIMEOUT_MS = 30_000;
    private static final long MAX_KEEP_ALIVE_SECONDS = 32_767;

    private final Configuration configuration;

    ClusterSettings(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * The port the bus listens on.
     *
     * @throws ClusterStartException when there is none left above the client port
     */
    int busPort() throws ClusterStartException {
        int configured = configuration.getInt(ClusterDirectives.CLUSTER_PORT);
        int port = clientPort() + BUS_PORT_OFFSET;
        if (configured == 0 && port > HIGHEST_PORT) {
            throw new ClusterStartException("Redis port number too high. Cluster communication port"
                    + " is 10,000 port numbers higher than your Redis port. Your Redis port number"
                    + " must be 55535 or less.");
        }
        return configured == 0 ? port : configured;
    }

    private int clientPort() {
        return configuration.getInt(NetworkDirectives.PORT);
    }

    GossipSettings gossip(int busPort) {
        return new GossipSettings(
                configuration.get(ClusterDirectives.CLUSTER_NODE_TIMEOUT),
                announced(busPort),
                configuration.get(ClusterDirectives.CLUSTER_REQUIRE_FULL_COVERAGE),
                configuration.get(ClusterDirectives.CLUSTER_LINK_SENDBUF_LIMIT),
                failover(),
                policies());
    }

    private GossipSettings.Failover failover() {
        long pingPeriodSeconds = configuration.get(ReplicationDirectives.REPL_PING_REPLICA_PERIOD);
        return new GossipSettings.Failover(
                configuration.get(ClusterDirectives.CLUSTER_REPLICA_NO_FAILOVER),
                configuration.get(ClusterDirectives.CLUSTER_REPLICA_VALIDITY_FACTOR),
                TimeUnit.SECONDS.toMillis(pingPeriodSeconds),
                configuration.get(ClusterDirectives.CLUSTER_ALLOW_REPLICA_MIGRATION),
                configuration.get(ClusterDirectives.CLUSTER_MIGRATION_BARRIER));
    }

    private GossipSettings.Policies policies() {
        return new GossipSettings.Policies(
                configuration.get(ClusterDirectives.CLUSTER_HARD_EVIDENCE),
                configuration.get(ClusterDirectives.CLUSTER_STALL_DISCOUNT),
                configuration.get(ClusterDirectives.CLUSTER_PROMPT_ELECTIONS),
                configuration.get(ClusterDirectives.CLUSTER_FLAT_HEARTBEATS),
                configuration.get(ClusterDirectives.CLUSTER_LASTING_FORGET));
    }

    private NodeAddress announced(int busPort) {
        String ip = configuration.get(ClusterDirectives.CLUSTER_ANNOUNCE_IP);
        int port = configuration.getInt(ClusterDirectives.CLUSTER_ANNOUNCE_PORT);
        int bus = configuration.getInt(ClusterDirectives.CLUSTER_ANNOUNCE_BUS_PORT);
        return new NodeAddress(
                ip.length() > LONGEST_IP ? ip.substring(0, LONGEST_IP) : ip,
                port == 0 ? clientPort() : port,
                0,
                bus == 0 ? busPort : bus,
                configuration.get(ClusterDirectives.CLUSTER_ANNOUNCE_HOSTNAME));
    }

    /** A connection may take half the node timeout; the kernel asks an idle peer after twice of it. */
    BusLinks.Timing linkTiming() {
        long nodeTimeoutMs = configuration.get(ClusterDirectives.CLUSTER_NODE_TIMEOUT);
        long connectMs = Math.max(
                MIN_CONNECT_TIMEOUT_MS, Math.min(MAX_CONNECT_TIMEOUT_MS, nodeTimeoutMs / 2));
        long idleSeconds = Math.max(1, Math.min(MAX_KEEP_ALIVE_SECONDS, nodeTimeoutMs / 1000 * 2));
        return new BusLinks.Timing((int) connectMs, (int) idleSeconds);
    }
}
