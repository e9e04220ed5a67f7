package dev.slotmesh.keyspace;

/** Is shown the fields of a hash; it must not change the hash. */
@FunctionalInterface
public interface FieldVisitor {
    /** @param name {@link FieldText} of the name; {@link FieldText#valueOfName} gives the value's */
    void visit(long name);
}
