package dev.slotmesh.keyspace.memory;

/** Receives entries of a walk over an index, under the lock of their slot. It must not change the index. */
@FunctionalInterface
public interface EntryVisitor {
    void visit(long entry);
}
