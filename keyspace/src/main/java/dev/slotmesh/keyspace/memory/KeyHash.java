package dev.slotmesh.keyspace.memory;

/**
 * A keyed 64-bit hash of bytes, eight at a time: each pair of words is folded by a 64 x 64 to 128 bit multiplication with
 * secrets drawn from the seed, so that clients who do not know the seed cannot choose keys that collide.
 */
public final class KeyHash {
    private final long first;
    private final long second;
    private final long third;

    /** A hash with the given key. */
    public KeyHash(long seed) {
        first = mix(seed + 0x9E37_79B9_7F4A_7C15L) | 1;
        second = mix(first + 0x9E37_79B9_7F4A_7C15L) | 1;
        third = mix(second + 0x9E37_79B9_7F4A_7C15L) | 1;
    }

    /** The hash of a span's bytes. */
    public long of(ByteSpan bytes) {
        return of(bytes.address(), bytes.length());
    }

    /** The hash of {@code length} bytes at a native address. */
    public long of(long address, int length) {
        long state = third ^ length;
        int rest = length;
        long at = address;
        while (rest > 16) {
            state = fold(NativeMemory.readLong(at) ^ first, NativeMemory.readLong(at + 8) ^ state);
            at += 16;
            rest -= 16;
        }
        long a;
        long b;
        if (rest >= 8) {
            a = NativeMemory.readLong(at);
            b = NativeMemory.readLong(at + rest - 8);
        } else if (rest >= 4) {
            a = NativeMemory.readInt(at) & 0xFFFF_FFFFL;
            b = NativeMemory.readInt(at + rest - 4) & 0xFFFF_FFFFL;
        } else {
            a = 0;
            for (int i = 0; i < rest; i++) {
                a = a << 8 | (NativeMemory.readByte(at + i) & 0xFF);
            }
            b = 0;
        }
        return fold(second ^ length, fold(a ^ first, b ^ state));
    }

    private static long fold(long x, long y) {
        long high = Math.multiplyHigh(x, y) + ((x >> 63) & y) + ((y >> 63) & x);
        return x * y ^ high;
    }

    private static long mix(long value) {
        long x = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return x ^ (x >>> 31);
    }
}
