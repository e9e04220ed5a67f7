/**
 * Sockets: event loops, the client listener and its channels, the cluster bus listener and its links. The only package
 * that knows {@code io.netty.channel}; bytes leave it as inputs of the session or of the bus driver, never as actions
 * inside an I/O callback.
 */
package dev.slotmesh.server.transport;
