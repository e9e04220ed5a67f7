package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * Where a value that is being read is put together.
 *
 * @param slot whose lock is held
 * @param key absent at first, outside the keyspace
 * @param nowMs milliseconds since 1970
 */
record ValueTarget(Slot slot, ByteSpan key, long nowMs) {}
