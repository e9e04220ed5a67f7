package dev.slotmesh.keyspace;

/** Is shown members of a sorted set; it must not change the set. */
public interface SortedVisitor {

    /** @param member a {@link SortedMember}, valid during the call */
    void visit(long member);
}
