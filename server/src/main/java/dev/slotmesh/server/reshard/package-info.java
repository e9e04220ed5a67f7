/**
 * {@code slotmesh reshard} and {@code slotmesh rebalance}: tools that move hash slots between the primaries of a running cluster,
 * from outside, by the commands any client could send. What is moved is decided by pure planners ({@link
 * dev.slotmesh.server.reshard.EvenPlanner}, {@link dev.slotmesh.server.reshard.FigurePlanner}, {@link
 * dev.slotmesh.server.reshard.SharePlanner}); how, by the {@link dev.slotmesh.server.reshard.Mover}s. Nothing here knows the
 * node that may run in the same program.
 */
package dev.slotmesh.server.reshard;
