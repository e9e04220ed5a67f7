/**
 * Tables of what clusters of up to a thousand nodes do, in the simulator the tests of the gossip machine use. The figures are
 * virtual times and bytes: what the protocol costs and how long it takes to decide, not what a machine makes of it.
 */
package dev.slotmesh.benchmarks.simulate;
