/**
 * One node's view of the cluster and how it changes: a deterministic machine driven by calls. No clock, thread, lock,
 * socket, file, logger or static state lives here.
 */
package dev.slotmesh.gossip;
