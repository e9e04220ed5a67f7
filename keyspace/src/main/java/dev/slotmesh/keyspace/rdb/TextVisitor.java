package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.memory.ByteSpan;

/** Is shown one element after the other; each span is valid for one call. */
@FunctionalInterface
interface TextVisitor {
    void visit(ByteSpan text);
}
