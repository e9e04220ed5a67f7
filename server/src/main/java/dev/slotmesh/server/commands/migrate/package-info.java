/**
 * MIGRATE: keys go to another server and from this one. It runs on a thread of its own and holds nothing while it waits for the
 * other server: what it sent is watched, and sent again when it was changed meanwhile.
 */
package dev.slotmesh.server.commands.migrate;
