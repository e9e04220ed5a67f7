package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.KeyType;

/**
 * What a command that found nothing waits for: one of its keys to be made or changed.
 *
 * @param firstKey the argument that is the first key
 * @param keyCount how many arguments from there on are keys, 1 or more; repeated ones count once
 * @param type what the key must be for {@link Waiter#serve} to be called
 * @param timeoutMs how long to wait, 0 is for ever
 * @param nullArray whether the reply after that time is a null array ({@code *-1}), else a null bulk string
 *     ({@code $-1}); RESP3 has one null for both
 */
public record Wait(int firstKey, int keyCount, KeyType type, long timeoutMs, boolean nullArray) {}
