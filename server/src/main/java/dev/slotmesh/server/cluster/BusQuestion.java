package dev.slotmesh.server.cluster;

import dev.slotmesh.gossip.Gossip;

/** A question of the node's own to the gossip machine. */
@FunctionalInterface
public interface BusQuestion<T> {
    /**
     * Asks it, on the bus thread.
     *
     * @param nowMs the machine's time
     * @return a value that does not refer to the machine
     */
    T ask(Gossip gossip, long nowMs);
}
