/** The stream commands. */
package dev.slotmesh.server.commands.streams;
