/**
 * The real redis-server that tests compare with, and a client that shows its replies byte for byte. Nothing here knows of this
 * project's own server: whatever speaks RESP on a port may be at the other end.
 */
package dev.slotmesh.server.oracle;
