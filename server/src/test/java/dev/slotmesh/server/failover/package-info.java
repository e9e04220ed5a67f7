/**
 * Clusters of six processes of either kind, three primaries with a replica each, to which faults happen: a killed, a stopped, a
 * cut-off primary, failovers by hand, replicas that move, other addresses. Nodes are seen from outside alone, as clients,
 * operators and peers see them; what the gossip machine does inside is tested in its own module.
 */
package dev.slotmesh.server.failover;
