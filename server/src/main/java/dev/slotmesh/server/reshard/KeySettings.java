package dev.slotmesh.server.reshard;

/**
 * How keys are moved by MIGRATE.
 *
 * @param keysAtOnce most keys in one MIGRATE, 1 to 10,000
 * @param timeoutMs how long the source may wait for the target
 * @param always also between nodes that can hand over whole slots
 * @param replace whether a key that the target has already is overwritten
 */
record KeySettings(int keysAtOnce, int timeoutMs, boolean replace, boolean always) {}
