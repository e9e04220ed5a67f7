package dev.slotmesh.server.config;

/**
 * A rule of {@code save}: snapshot once this long has passed with this many changes.
 *
 * @param seconds 1 or more
 * @param changes 0 or more
 */
public record SavePoint(long seconds, int changes) {}
