package dev.slotmesh.keyspace;

/** Receives the keys of a walk, one by one, under the lock of their slot. */
@FunctionalInterface
public interface KeyVisitor {
    /** Called with the slot and an entry of it, valid during the call. It must not change the slot, wait or send. */
    void visit(Slot slot, long entry);
}
