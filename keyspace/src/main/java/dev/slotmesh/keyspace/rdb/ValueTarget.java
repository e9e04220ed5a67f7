package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;

import java.util.function.LongSupplier;

/**
 * Where a value that is being read is put together.
 *
 * @param slot whose lock is held
 * @param key absent at first, outside the keyspace
 * @param nowMs milliseconds since 1970
 * @param deadlines gives the deadline of each field of a hash, asked in the order of the fields: see {@link TimedFields}
 */
record ValueTarget(Slot slot, ByteSpan key, long nowMs, LongSupplier deadlines) {

    /** For a value that has no deadlines of fields beside it. */
    ValueTarget(Slot slot, ByteSpan key, long nowMs) {
        this(slot, key, nowMs, () -> FieldDeadlines.NONE);
    }
}
