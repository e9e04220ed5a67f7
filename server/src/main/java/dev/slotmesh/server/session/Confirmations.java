package dev.slotmesh.server.session;

/** Knows which writes replicas have. Any thread. */
public interface Confirmations {
    /**
     * What was written, and how many must have it.
     *
     * @param tenure {@link Confirmations#tenure} before it was written
     * @param offset behind it, in the replication stream
     * @param replicas that must acknowledge the offset, 1 or more
     */
    record Written(int tenure, long offset, int replicas) {}

    /**
     * A number that changes whenever this node becomes a primary or a replica: an offset says something about a write only as
     * long as the stream is the one it was written to.
     */
    int tenure();

    /** Whether so many replicas have acknowledged it. False for ever when the node's role has changed since. */
    boolean isConfirmed(Written written);

    /**
     * Asks the replicas, and calls an action once when {@link #isConfirmed} has become true: at once or later, on any thread.
     *
     * @return takes the action back, if it has not been called
     */
    Runnable whenConfirmed(Written written, Runnable action);

    /** Nothing is ever confirmed: there is no replication. */
    Confirmations NONE = new Confirmations() {
        @Override
        public int tenure() {
            return 0;
        }

        @Override
        public boolean isConfirmed(Written written) {
            return false;
        }

        @Override
        public Runnable whenConfirmed(Written written, Runnable action) {
            return () -> {};
        }
    };
}
