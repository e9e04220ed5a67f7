/** Tests of the append-only file, most of them with files of a real server beside ours. */
package dev.slotmesh.server.persistence.aof;
