/**
 * What outlives the process: snapshots and the files made of them, and reading them back at the start. {@link
 * dev.slotmesh.server.persistence.Persistence} is the way in for the rest of the server. Formats are in {@code
 * dev.slotmesh.keyspace.rdb}; how changes are handed on one by one is not decided here.
 */
package dev.slotmesh.server.persistence;
