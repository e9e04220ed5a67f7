/**
 * Whole clusters in one thread and virtual time: real machines and a model of the stock server over a network of real
 * packets that delays, loses, doubles and cuts, on hosts that stop, crash and come back. It knows the machine by its public
 * methods only, so that the figures of the benchmarks and the tests come from the same simulator.
 */
package dev.slotmesh.gossip.simulator;
