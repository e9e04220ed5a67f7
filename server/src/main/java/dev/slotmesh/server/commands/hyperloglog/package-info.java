/** The commands that count different elements. What a HyperLogLog's bytes mean is known to the keyspace only. */
package dev.slotmesh.server.commands.hyperloglog;
