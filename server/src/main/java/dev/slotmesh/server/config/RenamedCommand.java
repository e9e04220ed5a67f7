package dev.slotmesh.server.config;

/**
 * A line {@code rename-command}.
 *
 * @param command the name in the command table, as written
 * @param newName the only name it answers to; empty disables it
 */
public record RenamedCommand(String command, String newName) {}
