package dev.slotmesh.server.cluster;

import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.resp.ReplyEncoder;

import java.util.function.Consumer;

/** A client's request that needs the gossip machine. */
@FunctionalInterface
public interface BusRequest {
    /**
     * Asks the machine, on the bus thread.
     *
     * @param nowMs the machine's time
     * @return writes the reply, later and on the client's thread: it must hold values, not the machine
     */
    Consumer<ReplyEncoder> run(Gossip gossip, long nowMs);
}
