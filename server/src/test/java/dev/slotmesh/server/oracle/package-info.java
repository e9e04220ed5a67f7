/**
 * The real redis-server that tests compare with, the project's own as a process beside it, and a client that shows the replies
 * of either byte for byte. Of this project's server only the main class is known here: whatever speaks RESP on a port may be at
 * the other end.
 */
package dev.slotmesh.server.oracle;
