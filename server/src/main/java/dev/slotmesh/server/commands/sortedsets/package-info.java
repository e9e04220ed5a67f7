/** The sorted set commands. What a sorted set is and how it is stored is the keyspace's business. */
package dev.slotmesh.server.commands.sortedsets;
