package dev.slotmesh.keyspace.packed;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.Structure;

/** A value that is one listpack in a block of its own. */
public final class PackedStructure implements Structure {
    @Override
    public long free(ArenaStripe stripe, long address, int blocks) {
        Listpack.free(stripe, address);
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
        return Listpack.copy(address, into);
    }

    @Override
    public long bytes(long address, int samples) {
        return ArenaStripe.blockSize(Listpack.totalBytes(address));
    }
}
