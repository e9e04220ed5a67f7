/** SAVE, BGSAVE and LASTSAVE. How they save is in {@code dev.slotmesh.server.persistence}. */
package dev.slotmesh.server.commands.persistence;
