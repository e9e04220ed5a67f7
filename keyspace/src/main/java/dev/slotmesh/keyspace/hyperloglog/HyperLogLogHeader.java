package dev.slotmesh.keyspace.hyperloglog;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * The first 16 bytes of a HyperLogLog, and what they promise of the rest.
 *
 * <pre>
 *  offset 0  'H' 'Y' 'L' 'L'
 *         4  form: 0 dense, 1 sparse
 *         5  unused, 3 bytes
 *         8  cached estimate, 63 bits little-endian; the highest bit of byte 15: the estimate is stale
 *        16  registers
 * </pre>
 */
public final class HyperLogLogHeader {
    /** Number of registers, a power of two. */
    public static final int REGISTERS = 1 << ElementHash.INDEX_BITS;

    /** Where the registers begin. */
    public static final int BYTES = 16;

    /** Length of every dense HyperLogLog, bytes. */
    public static final int DENSE_BYTES = BYTES + REGISTERS * DenseRegisters.BITS / Byte.SIZE;

    private static final int MAGIC = 'H' | 'Y' << 8 | 'L' << 16 | 'L' << 24;
    private static final int FORM = 4;
    private static final int DENSE = 0;
    private static final int SPARSE = 1;
    private static final int ESTIMATE = 8;
    private static final long STALE = Long.MIN_VALUE;

    private HyperLogLogHeader() {}

    /** Whether a string is a HyperLogLog as far as the header tells; sparse registers may still be corrupt. */
    public static boolean isValid(ByteSpan value) {
        if (value.length() < BYTES || (int) value.longAt(0) != MAGIC) {
            return false;
        }
        int form = value.byteAt(FORM);
        return form == SPARSE || form == DENSE && value.length() == DENSE_BYTES;
    }

    /** Whether a valid HyperLogLog is sparse; else it is dense. */
    public static boolean isSparse(ByteSpan value) {
        return value.byteAt(FORM) == SPARSE;
    }

    /** Writes the header of an empty HyperLogLog with no estimate. */
    static void write(ByteSpan value, boolean sparse) {
        value.setLong(0, (MAGIC & 0xFFFF_FFFFL) | (long) (sparse ? SPARSE : DENSE) << 32);
        value.setLong(ESTIMATE, 0);
    }

    /** The cached estimate, 0 or more, or -1 when it is stale. */
    public static long estimate(ByteSpan value) {
        long word = value.longAt(ESTIMATE);
        return word < 0 ? -1 : word;
    }

    /** Stores an estimate, 0 or more. */
    public static void estimate(ByteSpan value, long estimate) {
        value.setLong(ESTIMATE, estimate);
    }

    /** Notes that the registers have changed since the estimate was made. */
    public static void markStale(ByteSpan value) {
        value.setLong(ESTIMATE, value.longAt(ESTIMATE) | STALE);
    }

    /** Makes the header say dense. */
    static void markDense(ByteSpan value) {
        value.setByte(FORM, DENSE);
    }
}
