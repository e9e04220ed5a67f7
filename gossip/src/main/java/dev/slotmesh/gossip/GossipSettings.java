package dev.slotmesh.gossip;

import java.util.Objects;

/**
 * The configuration parameters the machine obeys. All of them may change at run time through {@link Gossip#settings}.
 *
 * @param nodeTimeoutMs cluster-node-timeout, 0 or more
 * @param announced what peers are told
 * @param requireFullCoverage cluster-require-full-coverage
 * @param allowReplicaMigration cluster-allow-replica-migration
 * @param replicaNoFailover cluster-replica-no-failover; announced to peers as a flag
 * @param linkSendBufferLimitBytes cluster-link-sendbuf-limit, 0 for no limit
 */
public record GossipSettings(
        long nodeTimeoutMs,
        NodeAddress announced,
        boolean requireFullCoverage,
        boolean allowReplicaMigration,
        boolean replicaNoFailover,
        long linkSendBufferLimitBytes) {
    /** cluster-node-timeout of a node that was not told otherwise. */
    public static final long DEFAULT_NODE_TIMEOUT_MS = 15_000;

    private static final long MIN_HANDSHAKE_TIMEOUT_MS = 1_000;

    public GossipSettings {
        Objects.requireNonNull(announced, "announced");
        if (nodeTimeoutMs < 0 || linkSendBufferLimitBytes < 0) {
            throw new IllegalArgumentException("negative limit");
        }
    }

    /** Redis's defaults for a node that announces {@code announced}. */
    public static GossipSettings defaults(NodeAddress announced) {
        return new GossipSettings(DEFAULT_NODE_TIMEOUT_MS, announced, true, true, false, 0);
    }

    /** The same with another node timeout. */
    public GossipSettings withNodeTimeoutMs(long newNodeTimeoutMs) {
        return new GossipSettings(
                newNodeTimeoutMs,
                announced,
                requireFullCoverage,
                allowReplicaMigration,
                replicaNoFailover,
                linkSendBufferLimitBytes);
    }

    /** The same with another announced address. */
    public GossipSettings withAnnounced(NodeAddress newAnnounced) {
        return new GossipSettings(
                nodeTimeoutMs,
                newAnnounced,
                requireFullCoverage,
                allowReplicaMigration,
                replicaNoFailover,
                linkSendBufferLimitBytes);
    }

    /** The same with another cluster-require-full-coverage. */
    public GossipSettings withRequireFullCoverage(boolean newRequireFullCoverage) {
        return new GossipSettings(
                nodeTimeoutMs,
                announced,
                newRequireFullCoverage,
                allowReplicaMigration,
                replicaNoFailover,
                linkSendBufferLimitBytes);
    }

    /** How long a handshake entry may live: max(node timeout, 1000). Cluster bus facts, section 1. */
    long handshakeTimeoutMs() {
        return Math.max(nodeTimeoutMs, MIN_HANDSHAKE_TIMEOUT_MS);
    }
}
