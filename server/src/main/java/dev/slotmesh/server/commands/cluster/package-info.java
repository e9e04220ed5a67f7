/**
 * The commands of the group cluster: CLUSTER with its subcommands, ASKING, READONLY, READWRITE. What needs no cluster state is
 * checked and answered on the client's thread; the rest is put to the gossip machine on the bus thread.
 */
package dev.slotmesh.server.commands.cluster;
