/** MIGRATE between a node and a real server. */
package dev.slotmesh.server.commands.migrate;
