/** MULTI, EXEC, DISCARD, WATCH and UNWATCH. What they do to a session is in the package of sessions. */
package dev.slotmesh.server.commands.transactions;
