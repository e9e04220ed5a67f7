/** Commands of the operator: CONFIG, INFO, COMMAND, TIME, DEBUG, MEMORY, SHUTDOWN. */
package dev.slotmesh.server.commands.admin;
