/** Commands about replication: who follows whom, and how far. What they mean is decided in {@code server.replication}. */
package dev.slotmesh.server.commands.replication;
