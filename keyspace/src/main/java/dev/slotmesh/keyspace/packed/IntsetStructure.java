package dev.slotmesh.keyspace.packed;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.Structure;

/** An {@link Intset} below an entry: one block. */
public final class IntsetStructure implements Structure {

    @Override
    public long free(ArenaStripe stripe, long address, int blocks) {
        Intset.free(stripe, address);
        return 0;
    }

    @Override
    public boolean isOneBlock() {
        return true;
    }

    @Override
    public long blocks(long address) {
        return 1;
    }

    @Override
    public long copy(long address, ArenaStripe into) {
        return Intset.copy(address, into);
    }

    @Override
    public long bytes(long address, int samples) {
        return Intset.blockBytes(address);
    }
}
