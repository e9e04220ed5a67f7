/**
 * The log in Redis's format: one {@link dev.slotmesh.server.log.NodeLog} per node, and the SLF4J provider that brings the
 * libraries' warnings into it.
 *
 * <p>Knows nothing of configuration or of the node's state; both are pushed into it by their owners.
 */
package dev.slotmesh.server.log;
