package dev.slotmesh.server.cluster;

import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.command.CommandSpec;

/** What the cluster decides over this node's replication. Any thread that holds no slot lock, but for {@link #drop}. */
public interface ReplicationRole {
    /** Replicates from a primary from now on, also if it is the present one, which then has moved. */
    void follow(String ip, int port);

    /** Is a primary from now on. */
    void lead();

    /** How far the data set is: produced as a primary, applied as a replica; 0 when it belongs to no history. */
    long offset();

    /**
     * How long nothing has come from the primary on the replication link.
     *
     * @return milliseconds; {@link Long#MAX_VALUE} when nothing ever came, 0 on a primary
     */
    long silenceMs();

    /**
     * Puts writes off so that a replica can take over.
     *
     * @param mostMs after that long they go on by themselves
     */
    void pauseWrites(long mostMs);

    /** Every client loop has finished its turn since: the offset stands still from here on. False when it does not matter any more. */
    boolean writesArePaused();

    /** Writes go on. */
    void resumeWrites();

    /**
     * Deletes a key of a slot that another node has now: replicas and the append-only file are told, clients are not. The slot's
     * lock is held.
     */
    void drop(Slot slot, long entry);

    /**
     * Why this node does not serve its primary's slots to readers now.
     *
     * @return an error line without the leading dash, or null
     */
    String readRefusal(CommandSpec command);

    /** Commands are routed by this view from now on. Under the world lock, on the hand-over thread. */
    default void published(ClusterView view) {}
}
