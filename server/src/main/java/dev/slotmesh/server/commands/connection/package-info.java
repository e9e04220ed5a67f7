/** Commands about the connection itself: greeting, authentication, CLIENT. No keys. */
package dev.slotmesh.server.commands.connection;
