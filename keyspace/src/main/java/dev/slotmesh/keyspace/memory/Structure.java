package dev.slotmesh.keyspace.memory;

/**
 * What the keyspace does with the structures of one encoding without knowing them: free, copy, measure. An implementation
 * has no state; a structure is known by the address of its first block. Reading needs the lock of the slot it is in.
 */
public interface Structure {
    /**
     * Frees up to about {@code blocks} blocks of a structure that nobody can reach any more; another thread may go on.
     *
     * @param stripe where the structure's blocks are from
     * @param blocks at least 1
     * @return the address to go on with, 0 when everything is free
     */
    long free(ArenaStripe stripe, long address, int blocks);

    /** Whether a structure is always a single block, so that a copy can take its place. */
    default boolean isOneBlock() {
        return false;
    }

    /** About how many blocks there are to be freed, at least 1. */
    long blocks(long address);

    /** Makes a copy in another stripe or the same. Returns the address of its first block. */
    long copy(long address, ArenaStripe into);

    /** Bytes of all blocks, exactly or extrapolated from {@code samples} elements (0: all are looked at). */
    long bytes(long address, int samples);
}
