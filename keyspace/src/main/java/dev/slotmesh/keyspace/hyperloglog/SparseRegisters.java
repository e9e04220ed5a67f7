package dev.slotmesh.keyspace.hyperloglog;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * The registers of a sparse HyperLogLog: a run after the other, together all of the registers.
 *
 * <pre>
 *  ZERO   00llllll           1 + l registers (1..64) are zero
 *  XZERO  01llllll llllllll  1 + l registers (1..16384) are zero, high bits first
 *  VAL    1vvvvvll           1 + l registers (1..4) hold rank 1 + v (1..32)
 * </pre>
 *
 * The second byte of an XZERO that the value ends before counts as 0. Runs that are not just the number of registers are
 * corrupt, which is noticed by whoever walks over them all.
 */
public final class SparseRegisters {
    /** Highest rank that a run can hold. */
    public static final int HIGHEST_RANK = 32;

    /** Length of a sparse HyperLogLog in which all registers are zero, bytes. */
    public static final int EMPTY_BYTES = HyperLogLogHeader.BYTES + 2;

    static final int LONGEST_VAL = 4;
    private static final int LONGEST_ZERO = 64;
    private static final int XZERO = 0x40;
    private static final int VAL = 0x80;

    private SparseRegisters() {}

    /** Writes a HyperLogLog that has seen nothing; {@code value} is {@link #EMPTY_BYTES} long. */
    public static void writeEmpty(ByteSpan value) {
        HyperLogLogHeader.write(value, true);
        int run = zeros(HyperLogLogHeader.REGISTERS);
        value.setByte(HyperLogLogHeader.BYTES, run);
        value.setByte(HyperLogLogHeader.BYTES + 1, run >>> Byte.SIZE);
    }

    /** Raises each entry of {@code ranks} to the register of that number. Returns false when the runs are corrupt. */
    public static boolean readInto(ByteSpan value, byte[] ranks) {
        int register = 0;
        for (int at = HyperLogLogHeader.BYTES; at < value.length(); at += width(value, at)) {
            int end = register + length(value, at);
            if (end > ranks.length) {
                return false;
            }
            int rank = rank(value, at);
            for (; register < end; register++) {
                ranks[register] = (byte) Math.max(ranks[register], rank);
            }
        }
        return register == ranks.length;
    }

    /** Counts how many registers hold each rank, adding to {@code histogram}. Returns false when the runs are corrupt. */
    static boolean count(ByteSpan value, int[] histogram) {
        int registers = 0;
        for (int at = HyperLogLogHeader.BYTES; at < value.length(); at += width(value, at)) {
            int length = length(value, at);
            registers += length;
            if (registers > HyperLogLogHeader.REGISTERS) {
                return false;
            }
            histogram[rank(value, at)] += length;
        }
        return registers == HyperLogLogHeader.REGISTERS;
    }

    /** The runs as text: {@code z:} ZERO, {@code Z:} XZERO and {@code v:rank,length}, with spaces between. */
    public static String describe(ByteSpan value) {
        StringBuilder text = new StringBuilder();
        for (int at = HyperLogLogHeader.BYTES; at < value.length(); at += width(value, at)) {
            text.append(text.isEmpty() ? "" : " ");
            if (isVal(value, at)) {
                text.append("v:").append(rank(value, at)).append(',');
            } else {
                text.append(width(value, at) == 1 ? "z:" : "Z:");
            }
            text.append(length(value, at));
        }
        return text.toString();
    }

    static boolean isVal(ByteSpan value, int at) {
        return (value.byteAt(at) & VAL) != 0;
    }

    /** Bytes of the run at an offset, 1 or 2. */
    static int width(ByteSpan value, int at) {
        return (value.byteAt(at) & (VAL | XZERO)) == XZERO ? 2 : 1;
    }

    /** Registers in the run at an offset. */
    static int length(ByteSpan value, int at) {
        int first = value.byteAt(at);
        if ((first & VAL) != 0) {
            return 1 + (first & 3);
        }
        if ((first & XZERO) == 0) {
            return 1 + first;
        }
        int second = at + 1 < value.length() ? value.byteAt(at + 1) : 0;
        return 1 + ((first & 0x3F) << Byte.SIZE | second);
    }

    /** What the registers of the run at an offset hold. */
    static int rank(ByteSpan value, int at) {
        return isVal(value, at) ? 1 + (value.byteAt(at) >>> 2 & 0x1F) : 0;
    }

    /** The byte of a run of 1 to 4 registers of rank 1 to 32. */
    static int val(int rank, int length) {
        return VAL | rank - 1 << 2 | length - 1;
    }

    /** The bytes of a run of zeros, the first lowest. */
    static int zeros(int length) {
        return length <= LONGEST_ZERO
                ? length - 1
                : XZERO | length - 1 >>> Byte.SIZE | (length - 1 & 0xFF) << Byte.SIZE;
    }

    /** How many bytes {@link #zeros} of this length are. */
    static int zerosWidth(int length) {
        return length <= LONGEST_ZERO ? 1 : 2;
    }
}
