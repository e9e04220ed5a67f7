package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * A set that an operation over several reads: an entry and the slot it is in.
 *
 * @param entry of type set, not {@link Slot#ABSENT}; nothing is removed from its slot while this is used
 */
public record SetOperand(Slot slot, long entry) {

    long size() {
        return Sets.size(slot, entry);
    }

    boolean contains(ByteSpan member) {
        return Sets.contains(slot, entry, member);
    }

    void forEach(MemberVisitor visitor) {
        Sets.forEach(slot, entry, visitor);
    }
}
