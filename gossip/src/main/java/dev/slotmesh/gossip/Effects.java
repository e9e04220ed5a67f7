package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.function.Supplier;

/**
 * What the machine asks its driver to do. All calls come from inside an input of {@link Gossip}, on its thread, and are
 * to be performed in the order in which they arrive. At the end of an input the machine first saves, then publishes the
 * view, then emits the rest: so a vote or a new epoch never leaves the node before it is durable, and nobody
 * is told of a hand-over before this node obeys it. An effect must not call back into the machine.
 */
public interface Effects {
    /**
     * Replaces nodes.conf. A driver that cannot save must not carry out any later effect.
     *
     * @param text writes the whole new content, {@code \n} line ends, ASCII: what it was when this call was made, whenever it
     *     is asked and on whatever thread. A save that another one replaces before it is written thus costs no text
     * @param fsync true when the content must be durable before the call returns
     */
    void saveConfiguration(Supplier<String> text, boolean fsync);

    /** Makes the view the one clients are routed by. */
    void publishView(ClusterView view);

    /** Queues a message on an established link; silently without effect when the link is gone. */
    void send(LinkId link, BusMessage message);

    /**
     * Starts a connection. Answered later by exactly one of {@link Gossip#linkOpened} and {@link Gossip#linkFailed},
     * unless the machine closes the link before.
     */
    void openLink(LinkId link, BusAddress address);

    /** Closes a connection, established or not. The driver reports nothing more about it. */
    void closeLink(LinkId link);

    /**
     * Connects to a node's client port, sends nothing, and closes. Answered later by exactly one {@link Gossip#probed}. At most
     * one per node is under way; a driver may hold back all but a bounded number of them.
     */
    void probe(NodeId node, String ip, int clientPort);

    /** Deletes every key of these slots: they now belong to another primary. */
    void deleteSlotKeys(SlotSet slots);

    /** Drops all shard-channel subscriptions of these slots: this node's shard no longer owns them. */
    void leaveShardChannels(SlotSet slots);

    /** This node is a replica from now on, or its primary moved: replicate from there. */
    void replicate(NodeId primary, String ip, int port);

    /** This node is a primary from now on: stop replicating, keep the keys. */
    void promote();

    /**
     * A replica is about to take over: writes are put off, not refused, and nothing else changes the data. Once no write is on
     * its way any more, {@link Gossip#writesStandStill} says so, unless {@link #resumeWrites} came before.
     *
     * @param mostMs after that long the driver lets writes go on by itself
     */
    void pauseWrites(long mostMs);

    /** Writes that were put off go on: by the view of then, which may send them elsewhere. */
    void resumeWrites();

    /** Deletes every key of every database: a replica was reset. */
    void deleteAllKeys();

    /** A PUBLISH or PUBLISHSHARD arrived: deliver it to local subscribers only. */
    void deliver(BusMessage.Publish publish);

    /** Something an operator may want to read. */
    void notice(Notice notice);
}
