package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.memory.ByteSpan;

/** Where an {@link RdbWriter} sends its bytes: a buffer in memory, a file, a socket. */
@FunctionalInterface
public interface RdbSink {

    /** Takes the next bytes, all of them, before it returns; the span is then used for others. */
    void write(ByteSpan bytes);
}
