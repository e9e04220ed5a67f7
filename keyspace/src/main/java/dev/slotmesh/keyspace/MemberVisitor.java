package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

/** Is shown the members of a set, one after the other; it must not change the set. */
public interface MemberVisitor {

    /** @param member as text, also of a set that keeps integers; valid during the call only */
    void visit(ByteSpan member);
}
