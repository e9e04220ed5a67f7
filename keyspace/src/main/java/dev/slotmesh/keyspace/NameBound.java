package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * One end of a range of names.
 *
 * @param side -1: before every name, 1: behind every name, 0: at {@code name}
 * @param name any span when {@code side} is not 0
 * @param exclusive whether {@code name} itself is outside
 */
public record NameBound(int side, ByteSpan name, boolean exclusive) {

    /** Whether a member is inside a range that begins here. */
    boolean isBelow(long member) {
        if (side != 0) {
            return side < 0;
        }
        int order = SortedMember.compare(member, name);
        return order > 0 || (order == 0 && !exclusive);
    }

    /** Whether a member is inside a range that ends here. */
    boolean isAbove(long member) {
        if (side != 0) {
            return side > 0;
        }
        int order = SortedMember.compare(member, name);
        return order < 0 || (order == 0 && !exclusive);
    }
}
