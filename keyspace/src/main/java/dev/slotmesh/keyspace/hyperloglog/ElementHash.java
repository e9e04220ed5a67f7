package dev.slotmesh.keyspace.hyperloglog;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * Which register an element belongs to and what it says there: Austin Appleby's MurmurHash64A with the seed of Redis. The
 * low 14 bits of the hash choose the register; the rank is one more than the zeros above them, up to the first one.
 */
public final class ElementHash {
    static final int INDEX_BITS = 14;

    /** Highest rank an element can have: all hash bits beside the index are zero. */
    static final int HIGHEST_RANK = Long.SIZE - INDEX_BITS + 1;

    private static final long SEED = 0xadc83b19L;
    private static final long MULTIPLIER = 0xc6a4a7935bd1e995L;
    private static final int SHIFT = 47;

    private ElementHash() {}

    /** The 64-bit hash of an element. */
    public static long of(ByteSpan element) {
        int length = element.length();
        long hash = SEED ^ length * MULTIPLIER;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            long block = element.longAt(at) * MULTIPLIER;
            hash = (hash ^ (block ^ block >>> SHIFT) * MULTIPLIER) * MULTIPLIER;
        }
        if (at < length) {
            long rest = 0;
            for (int i = length - 1; i >= at; i--) {
                rest = rest << Byte.SIZE | element.byteAt(i);
            }
            hash = (hash ^ rest) * MULTIPLIER;
        }
        hash = (hash ^ hash >>> SHIFT) * MULTIPLIER;
        return hash ^ hash >>> SHIFT;
    }

    /** The register of a hash, 0 to {@link HyperLogLogHeader#REGISTERS} - 1. */
    public static int register(long hash) {
        return (int) hash & HyperLogLogHeader.REGISTERS - 1;
    }

    /** The rank of a hash, 1 to 51. */
    public static int rank(long hash) {
        return 1 + Long.numberOfTrailingZeros(hash >>> INDEX_BITS | 1L << Long.SIZE - INDEX_BITS);
    }
}
