package dev.slotmesh.keyspace.table;

/** Is shown elements; it may change their words and values in place but not their table. */
public interface ElementVisitor {
    void visit(long element);
}
