package dev.slotmesh.gossip.simulator;

import dev.slotmesh.gossip.GossipSettings;
import dev.slotmesh.gossip.NodeAddress;

/**
 * What a simulated node is configured with.
 *
 * @param gossip the cluster part; every node listens on the ports it announces
 * @param connectTimeoutMs when a connection attempt that nobody answers is given up
 */
public record NodeSettings(GossipSettings gossip, long connectTimeoutMs) {
    static final int PORT = 7000;
    static final int BUS_PORT = 17_000;

    private static final long MIN_CONNECT_TIMEOUT_MS = 500;
    private static final long MAX_CONNECT_TIMEOUT_MS = 30_000;

    /** Defaults, with that cluster-node-timeout. */
    public static NodeSettings withNodeTimeoutMs(long nodeTimeoutMs) {
        GossipSettings gossip = GossipSettings.defaults(NodeAddress.ofPorts(PORT, BUS_PORT))
                .withNodeTimeoutMs(nodeTimeoutMs);
        return new NodeSettings(gossip, connectTimeoutMs(nodeTimeoutMs));
    }

    public NodeSettings withPolicies(GossipSettings.Policies policies) {
        return new NodeSettings(gossip.withPolicies(policies), connectTimeoutMs);
    }

    public long nodeTimeoutMs() {
        return gossip.nodeTimeoutMs();
    }

    /** As the server derives it. */
    private static long connectTimeoutMs(long nodeTimeoutMs) {
        return Math.max(
                MIN_CONNECT_TIMEOUT_MS, Math.min(MAX_CONNECT_TIMEOUT_MS, nodeTimeoutMs / 2));
    }
}
