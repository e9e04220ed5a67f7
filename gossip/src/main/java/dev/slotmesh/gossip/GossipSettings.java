package dev.slotmesh.gossip;

import java.util.Objects;

/**
 * The configuration parameters the machine obeys. All of them may change at run time through {@link Gossip#settings}.
 *
 * @param nodeTimeoutMs cluster-node-timeout, 0 or more
 * @param announced what peers are told
 * @param requireFullCoverage cluster-require-full-coverage
 * @param linkSendBufferLimitBytes cluster-link-sendbuf-limit, 0 for no limit
 * @param failover when replicas take over and move
 * @param policies where this node does better than a stock one
 */
public record GossipSettings(
        long nodeTimeoutMs,
        NodeAddress announced,
        boolean requireFullCoverage,
        long linkSendBufferLimitBytes,
        Failover failover,
        Policies policies) {
    /** cluster-node-timeout of a node that was not told otherwise. */
    public static final long DEFAULT_NODE_TIMEOUT_MS = 15_000;

    private static final long MIN_HANDSHAKE_TIMEOUT_MS = 1_000;

    public GossipSettings {
        Objects.requireNonNull(announced, "announced");
        Objects.requireNonNull(failover, "failover");
        Objects.requireNonNull(policies, "policies");
        if (nodeTimeoutMs < 0 || linkSendBufferLimitBytes < 0) {
            throw new IllegalArgumentException("negative limit");
        }
    }

    /**
     * When replicas take over and move.
     *
     * @param noFailover cluster-replica-no-failover; announced to peers as a flag
     * @param validityFactor cluster-replica-validity-factor, 0 or more; 0 for no limit of the data's age
     * @param replicaPingPeriodMs repl-ping-replica-period, in milliseconds; part of that limit
     * @param allowMigration cluster-allow-replica-migration
     * @param migrationBarrier cluster-migration-barrier, 0 or more: replicas that stay with a primary
     */
    public record Failover(
            boolean noFailover,
            long validityFactor,
            long replicaPingPeriodMs,
            boolean allowMigration,
            long migrationBarrier) {
        /** Redis's defaults. */
        public static final Failover DEFAULTS = new Failover(false, 10, 10_000, true, 1);

        public Failover {
            if (validityFactor < 0 || replicaPingPeriodMs < 0 || migrationBarrier < 0) {
                throw new IllegalArgumentException("negative limit");
            }
        }

        /** The same with another cluster-replica-no-failover. */
        public Failover withNoFailover(boolean newNoFailover) {
            return new Failover(
                    newNoFailover,
                    validityFactor,
                    replicaPingPeriodMs,
                    allowMigration,
                    migrationBarrier);
        }

        /** The same with another cluster-allow-replica-migration. */
        public Failover withAllowMigration(boolean newAllowMigration) {
            return new Failover(
                    noFailover,
                    validityFactor,
                    replicaPingPeriodMs,
                    newAllowMigration,
                    migrationBarrier);
        }
    }

    /**
     * Where this node does better than a stock one, unseen by stock peers (docs/gossip.md).
     *
     * @param hardEvidence cluster-hard-evidence: a refused or reset connection on bus and client port is believed at once, and
     *     suspicion is told at once
     * @param stallDiscount cluster-stall-discount: time in which this process did not run is not held against others
     * @param promptElections cluster-prompt-elections: no waiting once the siblings' offsets are known
     * @param flatHeartbeats cluster-flat-heartbeats: the cost of heartbeats does not grow with the cluster
     * @param lastingForget cluster-lasting-forget: a forgotten node stays away until its time is over
     */
    public record Policies(
            boolean hardEvidence,
            boolean stallDiscount,
            boolean promptElections,
            boolean flatHeartbeats,
            boolean lastingForget) {
        /** Everything on, as by default. */
        public static final Policies ALL = new Policies(true, true, true, true, true);
        /** Everything off: as a stock node. */
        public static final Policies STOCK = new Policies(false, false, false, false, false);
    }

    /** Redis's defaults for a node that announces {@code announced}, with all policies. */
    public static GossipSettings defaults(NodeAddress announced) {
        return new GossipSettings(
                DEFAULT_NODE_TIMEOUT_MS, announced, true, 0, Failover.DEFAULTS, Policies.ALL);
    }

    /** The same with another node timeout. */
    public GossipSettings withNodeTimeoutMs(long newNodeTimeoutMs) {
        return new GossipSettings(
                newNodeTimeoutMs,
                announced,
                requireFullCoverage,
                linkSendBufferLimitBytes,
                failover,
                policies);
    }

    /** The same with another announced address. */
    public GossipSettings withAnnounced(NodeAddress newAnnounced) {
        return new GossipSettings(
                nodeTimeoutMs,
                newAnnounced,
                requireFullCoverage,
                linkSendBufferLimitBytes,
                failover,
                policies);
    }

    /** The same with another cluster-require-full-coverage. */
    public GossipSettings withRequireFullCoverage(boolean newRequireFullCoverage) {
        return new GossipSettings(
                nodeTimeoutMs,
                announced,
                newRequireFullCoverage,
                linkSendBufferLimitBytes,
                failover,
                policies);
    }

    /** The same with another cluster-link-sendbuf-limit. */
    public GossipSettings withLinkSendBufferLimitBytes(long newLinkSendBufferLimitBytes) {
        return new GossipSettings(
                nodeTimeoutMs,
                announced,
                requireFullCoverage,
                newLinkSendBufferLimitBytes,
                failover,
                policies);
    }

    /** The same with other rules of failover. */
    public GossipSettings withFailover(Failover newFailover) {
        return new GossipSettings(
                nodeTimeoutMs,
                announced,
                requireFullCoverage,
                linkSendBufferLimitBytes,
                newFailover,
                policies);
    }

    /** The same with other policies. */
    public GossipSettings withPolicies(Policies newPolicies) {
        return new GossipSettings(
                nodeTimeoutMs,
                announced,
                requireFullCoverage,
                linkSendBufferLimitBytes,
                failover,
                newPolicies);
    }

    /** How long a handshake entry may live: max(node timeout, 1000). Cluster bus facts, section 1. */
    long handshakeTimeoutMs() {
        return Math.max(nodeTimeoutMs, MIN_HANDSHAKE_TIMEOUT_MS);
    }
}
