/**
 * What the node tells others of its changes: the commands collected while locks are held, their deterministic forms, and the
 * log that hands them to every stream that wants them (replication, append-only file). It knows neither sessions nor files nor
 * sockets.
 */
package dev.slotmesh.server.propagation;
