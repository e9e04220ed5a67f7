package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.ConnectFailure;
import dev.slotmesh.gossip.ManualFailover;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.gossip.OperatorResult;
import dev.slotmesh.gossip.ProbeOutcome;

import java.util.List;

/**
 * One life of the cluster part of a simulated process. It acts through the {@link SimulatedNode} it was made for: connects,
 * sends, saves, and says when its outlook changed. All calls come from the one thread of the simulation.
 */
interface Machine {
    void start(long nowMs);

    void tick(long nowMs);

    /** The socket asked for is connected. */
    void opened(long nowMs, Socket socket);

    /** The socket asked for will never be connected. */
    void failed(long nowMs, Socket socket, ConnectFailure reason);

    /** What became of a probe of a node's client port that {@link SimulatedNode#probe} began. */
    void probed(long nowMs, NodeId node, ProbeOutcome outcome);

    /** Somebody connected. */
    void accepted(long nowMs, Socket socket);

    /** A connected socket ended by the other side's doing. */
    void closed(long nowMs, Socket socket);

    /** A message arrived on a socket that is connected or accepted. */
    void received(long nowMs, Socket socket, BusMessage message);

    /** What it holds true now; the same object until that changes. */
    Outlook outlook();

    /** The same with the times, links and offsets of this moment. */
    Outlook described();

    /** How many members have a connection to this node over which they have shown who they are. */
    int connectedPeers();

    /** The line CLUSTER NODES has for an entry of the outlook. */
    String describe(NodeView entry);

    OperatorResult meet(long nowMs, SimulatedNode other);

    OperatorResult forget(long nowMs, NodeId id);

    OperatorResult addSlots(long nowMs, List<Integer> slots);

    OperatorResult replicate(long nowMs, NodeId primary);

    OperatorResult failover(long nowMs, ManualFailover.Kind kind);

    OperatorResult reset(long nowMs, boolean hard);

    /**
     * How replication stands, told before each tick and packet.
     *
     * @param offset the bytes of the stream produced or taken in so far
     * @param silenceMs of a replica: how long nothing has come from its primary
     */
    void replication(long nowMs, long offset, long silenceMs);
}
