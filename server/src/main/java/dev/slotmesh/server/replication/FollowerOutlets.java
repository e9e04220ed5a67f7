package dev.slotmesh.server.replication;

/** What the rest of the node does when this node's role or data set changes. */
public interface FollowerOutlets {
    /** The stream begins or ends to take this node's own writes. The world lock is held. */
    void streamChanged();

    /** This node's replicas must ask again: what they follow is not what it was. No lock is held. */
    void dropReplicas();

    /** The data set is about to be replaced as a whole: whoever keeps it in files has to stop. No lock is held. */
    void replacing();

    /**
     * The data set is one to keep from now on: it has been replaced, or it was not after all, or the node leads with what it has.
     * Any lock may be held.
     */
    void settled();

    /** A snapshot under way is asked to end. Any lock may be held. */
    void endSnapshot();

    /** Has the background free what is gone. */
    void freeRemains();
}
