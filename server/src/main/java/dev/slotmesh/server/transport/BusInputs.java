package dev.slotmesh.server.transport;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.ConnectFailure;
import dev.slotmesh.gossip.LinkContext;
import dev.slotmesh.gossip.LinkId;
import dev.slotmesh.gossip.ProbeOutcome;

/**
 * What happens on the cluster bus, told to the driver of the gossip machine. All calls come on the bus thread, one after
 * the other in the order of the events, and never from inside an I/O callback. Two implementations: the node's driver, and
 * a test's recorder.
 */
public interface BusInputs {
    /** Another node connected. Returns the handle by which the connection goes from now on. */
    LinkId accepted(LinkContext context);

    /** A connection asked for is established. */
    void opened(LinkId link, LinkContext context);

    /** A connection asked for could not be established. */
    void failed(LinkId link, ConnectFailure reason);

    /** What the client port of a node did that was to be probed. */
    void probed(NodeId node, ProbeOutcome outcome);

    /** An established connection ended without being asked to. */
    void closed(LinkId link);

    /** So many bytes wait on a link because its peer does not read. */
    void backlog(LinkId link, long queuedBytes);

    /** A valid packet. */
    void received(LinkId link, BusMessage message);

    /**
     * Bytes that are no valid packet.
     *
     * @param typeCode the type field, or -1 when there was none
     * @param detail the warning for the log, empty when Redis says nothing either
     */
    void refused(LinkId link, int typeCode, String detail);

    /** All events of this turn of the bus thread were told. */
    void turnEnded();
}
