package dev.slotmesh.server.reshard;

/** What one of the tools has in mind. */
@FunctionalInterface
interface Planner {
    /**
     * Decides what is to be moved.
     *
     * @param map of a cluster that is well and has no open slots
     * @param figures of its slots
     * @return an empty plan when all is as it should be
     * @throws ReshardFailure when it cannot be done, or the options do not fit the cluster
     */
    Proposal propose(Cluster cluster, ClusterMap map, Figures figures) throws ReshardFailure;
}
