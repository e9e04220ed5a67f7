package dev.slotmesh.gossip;

/**
 * Epochs to claim slots with, without an election, that a failover cannot collide with: the epoch after a reserved one is made
 * the current one and told, and the reserved one is used only once a majority of the voters has shown that it knows. From then on no
 * candidate gets a majority with an epoch up to the reserved one, so whoever is elected has a greater claim than the
 * one made here. An election that was won before is not excluded; what that leaves is said in docs/resharding.md.
 */
final class EpochReservations {
    private final NodeTable table;
    private final Epochs epochs;
    private final ClusterHealth health;
    private final Heartbeats heartbeats;

    EpochReservations(NodeTable table, Epochs epochs, ClusterHealth health, Heartbeats heartbeats) {
        this.table = table;
        this.epochs = epochs;
        this.health = health;
        this.heartbeats = heartbeats;
    }

    /** Reserves an epoch, and asks those who vote, and the own replicas, to take it in. */
    long reserve(long nowMs) {
        long epoch = epochs.reserve();
        ask(nowMs, epoch);
        return epoch;
    }

    /** Asks those again that have not shown yet that they know. */
    void ask(long nowMs, long epoch) {
        for (Node node : table.all()) {
            boolean wanted = isVoter(node) || node.primary == table.myself();
            if (wanted && !knows(node, epoch) && Heartbeats.isBroadcastTarget(node)) {
                heartbeats.pingAgain(nowMs, node);
            }
        }
    }

    /** Whether a majority knows, so that the epoch may be used. */
    boolean isGranted(long epoch) {
        int knowing = 0;
        for (Node node : table.all()) {
            knowing += isVoter(node) && knows(node, epoch) ? 1 : 0;
        }
        return knowing >= health.quorum();
    }

    private static boolean isVoter(Node node) {
        return node.isPrimary() && node.ownsSlots();
    }

    private static boolean knows(Node node, long epoch) {
        return node.isMyself() || Long.compareUnsigned(node.toldEpoch, epoch) > 0;
    }
}
