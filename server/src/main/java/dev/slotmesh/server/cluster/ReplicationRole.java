package dev.slotmesh.server.cluster;

import dev.slotmesh.server.command.CommandSpec;

/** What the cluster decides over this node's replication. Any thread that holds no slot lock. */
public interface ReplicationRole {
    /** Replicates from a primary from now on, also if it is the present one, which then has moved. */
    void follow(String ip, int port);

    /** Is a primary from now on. */
    void lead();

    /** How far the data set is: produced as a primary, applied as a replica; 0 when it belongs to no history. */
    long offset();

    /**
     * Why this node does not serve its primary's slots to readers now.
     *
     * @return an error line without the leading dash, or null
     */
    String readRefusal(CommandSpec command);
}
