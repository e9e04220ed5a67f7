/**
 * The append-only file in Redis 7's form of several parts: the manifest, the writing with its policies of forcing to disk, the
 * rewriting, and the loading at start. Snapshots themselves and RDB files live elsewhere.
 */
package dev.slotmesh.server.persistence.aof;
