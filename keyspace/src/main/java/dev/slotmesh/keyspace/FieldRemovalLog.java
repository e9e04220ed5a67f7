package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

/** Learns of every field of a hash that goes because its time has passed. */
public interface FieldRemovalLog {
    /**
     * A field is about to be deleted. Called under its slot's lock, while hash and field can still be read, so it may take
     * nothing but locks of its own that nobody holds for long.
     *
     * @param field its name; the span is the caller's
     */
    void removing(Slot slot, long entry, ByteSpan field);
}
