package dev.slotmesh.keyspace.memory;

import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.OS;

/**
 * Reads and writes at absolute addresses, little-endian. Nothing is checked here: every caller has checked the range of
 * the record or span it touches, once, before it comes here. For the packages of the keyspace only.
 */
public final class NativeMemory {
    private static final Memory MEMORY = OS.memory();
    private static final long BYTE_ARRAY_BASE = OS.memory().arrayBaseOffset(byte[].class);
    private static final int INLINE_COPY = 160;

    private NativeMemory() {}

    public static byte readByte(long address) {
        return MEMORY.readByte(address);
    }

    public static int readInt(long address) {
        return MEMORY.readInt(address);
    }

    public static short readShort(long address) {
        return MEMORY.readShort(address);
    }

    public static long readLong(long address) {
        return MEMORY.readLong(address);
    }

    public static void writeByte(long address, byte value) {
        MEMORY.writeByte(address, value);
    }

    public static void writeShort(long address, short value) {
        MEMORY.writeShort(address, value);
    }

    public static void writeInt(long address, int value) {
        MEMORY.writeInt(address, value);
    }

    public static void writeLong(long address, long value) {
        MEMORY.writeLong(address, value);
    }

    public static void zero(long address, long lengthBytes) {
        if (lengthBytes > 0) {
            MEMORY.setMemory(address, lengthBytes, (byte) 0);
        }
    }

    /**
     * Copies between two ranges that do not overlap. Short ones, the usual case, go by words: the call into the runtime
     * costs more than moving a hundred bytes.
     */
    public static void copy(long from, long to, long lengthBytes) {
        if (lengthBytes > INLINE_COPY) {
            MEMORY.copyMemory(from, to, lengthBytes);
            return;
        }
        if (lengthBytes < 8) {
            copyFew(from, to, (int) lengthBytes);
            return;
        }
        long last = lengthBytes - 8;
        for (long i = 0; i < last; i += 8) {
            MEMORY.writeLong(to + i, MEMORY.readLong(from + i));
        }
        MEMORY.writeLong(to + last, MEMORY.readLong(from + last));
    }

    /** Copies between two ranges that may overlap. */
    public static void move(long from, long to, long lengthBytes) {
        if (lengthBytes > 0) {
            MEMORY.copyMemory(from, to, lengthBytes);
        }
    }

    public static void copyIn(byte[] source, int offset, long to, int lengthBytes) {
        if (lengthBytes > 0) {
            MEMORY.copyMemory(source, offset, to, lengthBytes);
        }
    }

    public static void copyOut(long from, byte[] target, int offset, int lengthBytes) {
        if (lengthBytes > 0) {
            MEMORY.copyMemory(from, target, BYTE_ARRAY_BASE + offset, lengthBytes);
        }
    }

    /** Whether two ranges hold the same bytes. */
    public static boolean equal(long left, long right, int lengthBytes) {
        if (lengthBytes < 8) {
            for (int i = 0; i < lengthBytes; i++) {
                if (MEMORY.readByte(left + i) != MEMORY.readByte(right + i)) {
                    return false;
                }
            }
            return true;
        }
        int last = lengthBytes - 8;
        for (int i = 0; i < last; i += 8) {
            if (MEMORY.readLong(left + i) != MEMORY.readLong(right + i)) {
                return false;
            }
        }
        return MEMORY.readLong(left + last) == MEMORY.readLong(right + last);
    }

    /** Lexicographic order of unsigned bytes; a prefix comes first. */
    public static int compare(long left, int leftLength, long right, int rightLength) {
        int common = Math.min(leftLength, rightLength);
        int i = 0;
        for (; i + 8 <= common; i += 8) {
            long a = MEMORY.readLong(left + i);
            long b = MEMORY.readLong(right + i);
            if (a != b) {
                return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
            }
        }
        for (; i < common; i++) {
            int difference =
                    (MEMORY.readByte(left + i) & 0xFF) - (MEMORY.readByte(right + i) & 0xFF);
            if (difference != 0) {
                return difference;
            }
        }
        return Integer.compare(leftLength, rightLength);
    }

    private static void copyFew(long from, long to, int lengthBytes) {
        if (lengthBytes >= 4) {
            int last = lengthBytes - 4;
            int tail = MEMORY.readInt(from + last);
            MEMORY.writeInt(to, MEMORY.readInt(from));
            MEMORY.writeInt(to + last, tail);
            return;
        }
        for (int i = 0; i < lengthBytes; i++) {
            MEMORY.writeByte(to + i, MEMORY.readByte(from + i));
        }
    }
}
