package dev.slotmesh.gossip;

/**
 * The numbers CLUSTER INFO shows. Epochs are unsigned.
 *
 * @param slotsAssigned slots with an owner, 0..16384
 * @param slotsOk slots whose owner is neither PFAIL nor FAIL
 * @param slotsPfail slots whose owner is PFAIL
 * @param slotsFail slots whose owner is FAIL
 * @param knownNodes entries of the node table, myself and handshakes included
 * @param size primaries with at least one slot, as of the last evaluation of the state
 * @param currentEpoch the cluster's clock
 * @param myEpoch this node's configEpoch; of a replica, its primary's
 * @param lastVoteEpoch the epoch of the last vote given
 */
public record ClusterCounts(
        int slotsAssigned,
        int slotsOk,
        int slotsPfail,
        int slotsFail,
        int knownNodes,
        int size,
        long currentEpoch,
        long myEpoch,
        long lastVoteEpoch) {}
