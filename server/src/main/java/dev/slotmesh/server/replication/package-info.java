/**
 * Replication: the identity of the stream, the log of what was written, the replicas fed from it, and the link to a primary.
 *
 * <p>How commands get into the log is the matter of {@code propagation}; how a snapshot is made, that of {@code persistence}.
 */
package dev.slotmesh.server.replication;
