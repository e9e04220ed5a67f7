/**
 * The node as a member of a cluster: drives the gossip machine with sockets, clock and nodes.conf, publishes its views to the
 * command path, and routes commands by them. No rule of the protocol lives here (they are in {@code dev.slotmesh.gossip}), no
 * socket type (they are in {@code transport}) and no command (they are in {@code commands.cluster}).
 */
package dev.slotmesh.server.cluster;
