/** The commands of sets. How a set is kept, and when it changes its encoding, is the keyspace's business. */
package dev.slotmesh.server.commands.sets;
