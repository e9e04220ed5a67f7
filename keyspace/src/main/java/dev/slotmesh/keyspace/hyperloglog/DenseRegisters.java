package dev.slotmesh.keyspace.hyperloglog;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * The registers of a dense HyperLogLog: 6 bits each, from the lowest bit of byte 16 on, so that a register may lie in two
 * bytes.
 */
public final class DenseRegisters {
    static final int BITS = 6;
    private static final int MASK = (1 << BITS) - 1;

    /** Registers in a group that begins and ends with a byte. */
    private static final int GROUP = 4;

    private static final int GROUP_BYTES = GROUP * BITS / Byte.SIZE;

    private DenseRegisters() {}

    /** Makes a register at least {@code rank}, 1 to 63. Returns whether it was less. */
    public static boolean raise(ByteSpan value, int register, int rank) {
        int at = groupOffset(register);
        int shift = register % GROUP * BITS;
        int group = group(value, at);
        if ((group >>> shift & MASK) >= rank) {
            return false;
        }
        write(value, at, group & ~(MASK << shift) | rank << shift);
        return true;
    }

    /** Raises each entry of {@code ranks} to the register of that number. */
    public static void readInto(ByteSpan value, byte[] ranks) {
        for (int register = 0; register < ranks.length; register += GROUP) {
            int group = group(value, groupOffset(register));
            for (int i = register; i < register + GROUP; i++) {
                ranks[i] = (byte) Math.max(ranks[i], group & MASK);
                group >>>= BITS;
            }
        }
    }

    /** Counts how many registers hold each rank, adding to {@code histogram} (64 entries). */
    static void count(ByteSpan value, int[] histogram) {
        for (int register = 0; register < HyperLogLogHeader.REGISTERS; register += GROUP) {
            int group = group(value, groupOffset(register));
            for (int i = 0; i < GROUP; i++) {
                histogram[group & MASK]++;
                group >>>= BITS;
            }
        }
    }

    /** Overwrites all registers; {@code value} is {@link HyperLogLogHeader#DENSE_BYTES} long. Keeps the estimate. */
    public static void fill(ByteSpan value, byte[] ranks) {
        HyperLogLogHeader.markDense(value);
        for (int register = 0; register < ranks.length; register += GROUP) {
            int group = 0;
            for (int i = GROUP - 1; i >= 0; i--) {
                group = group << BITS | ranks[register + i];
            }
            write(value, groupOffset(register), group);
        }
    }

    private static int groupOffset(int register) {
        return HyperLogLogHeader.BYTES + register / GROUP * GROUP_BYTES;
    }

    private static int group(ByteSpan value, int at) {
        return value.byteAt(at) | value.byteAt(at + 1) << 8 | value.byteAt(at + 2) << 16;
    }

    private static void write(ByteSpan value, int at, int group) {
        value.setByte(at, group);
        value.setByte(at + 1, group >>> 8);
        value.setByte(at + 2, group >>> 16);
    }
}
