/** Tests of the sockets, over real connections on the loopback. */
package dev.slotmesh.server.transport;
