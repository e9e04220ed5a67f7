package dev.slotmesh.server.commands.pubsub;

/** The way of a message to the other nodes of the cluster. */
@FunctionalInterface
public interface MessageSpread {
    /**
     * Sends a message; it arrives later, or never at a node that cannot be reached. Any thread.
     *
     * @param sharded whether it is for the nodes of this shard only
     */
    void send(boolean sharded, byte[] channel, byte[] text);
}
