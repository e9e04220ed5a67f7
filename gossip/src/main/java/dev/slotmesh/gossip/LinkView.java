package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;

/**
 * One line of CLUSTER LINKS as far as the machine knows it; buffer sizes are the driver's.
 *
 * @param link the handle
 * @param outbound true for a connection this node opened ({@code to}), false for an accepted one ({@code from})
 * @param node the peer; a random id while it is in handshake
 * @param createTimeMs when the connection was asked for or accepted
 */
public record LinkView(LinkId link, boolean outbound, NodeId node, long createTimeMs) {}
