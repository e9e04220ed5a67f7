/** Applications' own clients on clusters of both kinds of nodes. */
package dev.slotmesh.server.interop;
