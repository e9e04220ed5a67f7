package dev.slotmesh.keyspace.packed;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * One element of a listpack, at the address of its first byte. An integer is stored in its shortest form, and so is a
 * string that is the one decimal form of a 64-bit integer.
 *
 * <pre>
 *  | encoding and value | backlen: length of what stands before it, 1..5 bytes of 7 bits, read from the right |
 *
 *  0xxxxxxx                      integer 0..127
 *  10xxxxxx bytes                string of up to 63
 *  110xxxxx xxxxxxxx             integer of 13 bits, high bits first
 *  1110xxxx xxxxxxxx bytes       string of up to 4095, high bits first
 *  11110000 u32 bytes            string of up to 2^32 - 1
 *  11110001 i16   11110010 i24   11110011 i32   11110100 i64
 * </pre>
 */
public final class ListpackEntry {
    private static final int STRING_6 = 0x80;
    private static final int INTEGER_13 = 0xC0;
    private static final int STRING_12 = 0xE0;
    private static final int STRING_32 = 0xF0;
    private static final int INTEGER_16 = 0xF1;
    private static final int INTEGER_24 = 0xF2;
    private static final int INTEGER_32 = 0xF3;
    private static final int INTEGER_64 = 0xF4;

    private ListpackEntry() {}

    /** Bytes that a string or the integer it spells takes, backlen included. */
    public static int sizeOf(ByteSpan value) {
        return DecimalLong.isLong(value.address(), value.length())
                ? sizeOf(DecimalLong.parse(value.address(), value.length()))
                : sizeOfString(value.length());
    }

    /** Bytes that an integer takes, backlen included. */
    public static int sizeOf(long value) {
        return integerBytes(value) + 1;
    }

    /** Bytes that a string of {@code length} bytes takes as a string, backlen included; at most 2^31 - 11 long. */
    public static int sizeOfString(int length) {
        int bytes = (length < 64 ? 1 : length < 4096 ? 2 : 5) + length;
        return bytes + backlenBytes(bytes);
    }

    /** Writes a string, or the integer it spells, in as many bytes as {@link #sizeOf(ByteSpan)} says. Returns that. */
    public static int write(ByteSpan value, long entry) {
        return DecimalLong.isLong(value.address(), value.length())
                ? write(DecimalLong.parse(value.address(), value.length()), entry)
                : writeString(value.address(), value.length(), entry);
    }

    /** Writes an integer in as many bytes as {@link #sizeOf(long)} says. Returns that. */
    public static int write(long value, long entry) {
        int bytes = integerBytes(value);
        switch (bytes) {
            case 1 -> NativeMemory.writeByte(entry, (byte) value);
            case 2 -> {
                NativeMemory.writeByte(entry, (byte) (INTEGER_13 | (value >> 8 & 0x1F)));
                NativeMemory.writeByte(entry + 1, (byte) value);
            }
            case 3 -> {
                NativeMemory.writeByte(entry, (byte) INTEGER_16);
                NativeMemory.writeShort(entry + 1, (short) value);
            }
            case 4 -> NativeMemory.writeInt(entry, (int) value << 8 | INTEGER_24);
            case 5 -> {
                NativeMemory.writeByte(entry, (byte) INTEGER_32);
                NativeMemory.writeInt(entry + 1, (int) value);
            }
            default -> {
                NativeMemory.writeByte(entry, (byte) INTEGER_64);
                NativeMemory.writeLong(entry + 1, value);
            }
        }
        NativeMemory.writeByte(entry + bytes, (byte) bytes);
        return bytes + 1;
    }

    /** Writes a string as a string in as many bytes as {@link #sizeOfString} says. Returns that. */
    public static int writeString(long from, int length, long entry) {
        int head;
        if (length < 64) {
            NativeMemory.writeByte(entry, (byte) (STRING_6 | length));
            head = 1;
        } else if (length < 4096) {
            NativeMemory.writeByte(entry, (byte) (STRING_12 | length >> 8));
            NativeMemory.writeByte(entry + 1, (byte) length);
            head = 2;
        } else {
            NativeMemory.writeByte(entry, (byte) STRING_32);
            NativeMemory.writeInt(entry + 1, length);
            head = 5;
        }
        NativeMemory.copy(from, entry + head, length);
        int bytes = head + length;
        return bytes + writeBacklen(bytes, entry + bytes);
    }

    /** Bytes of the element at {@code entry}, backlen included. */
    public static int size(long entry) {
        int bytes = encodedBytes(entry);
        return bytes + backlenBytes(bytes);
    }

    /** Bytes of the element that ends before {@code end}, backlen included. */
    public static int sizeBefore(long end) {
        int last = NativeMemory.readByte(end - 1);
        if (last >= 0) {
            return last + 1;
        }
        int bytes = last & 0x7F;
        int taken = 1;
        while (last < 0 && taken < 5) {
            taken++;
            last = NativeMemory.readByte(end - taken);
            bytes |= (last & 0x7F) << 7 * (taken - 1);
        }
        return bytes + taken;
    }

    /** Whether the element is stored as an integer. */
    public static boolean isInteger(long entry) {
        int first = NativeMemory.readByte(entry) & 0xFF;
        return first < STRING_6
                || (first & 0xE0) == INTEGER_13
                || (first >= INTEGER_16 && first <= INTEGER_64);
    }

    /** The value of an element that {@link #isInteger}. */
    public static long integer(long entry) {
        int first = NativeMemory.readByte(entry) & 0xFF;
        if (first < STRING_6) {
            return first;
        }
        if (first < STRING_12) {
            int bits = (first & 0x1F) << 8 | NativeMemory.readByte(entry + 1) & 0xFF;
            return bits << 19 >> 19;
        }
        switch (first) {
            case INTEGER_16:
                return NativeMemory.readShort(entry + 1);
            case INTEGER_24:
                return NativeMemory.readInt(entry) >> 8;
            case INTEGER_32:
                return NativeMemory.readInt(entry + 1);
            case INTEGER_64:
                return NativeMemory.readLong(entry + 1);
            default:
                throw new IllegalStateException("not an integer: " + first);
        }
    }

    /** Points {@code into} at the bytes of an element that is not {@link #isInteger}. */
    public static ByteSpan string(long entry, ByteSpan into) {
        int first = NativeMemory.readByte(entry) & 0xFF;
        int head = headBytes(first);
        return into.set(entry + head, encodedBytes(entry) - head);
    }

    /** Points {@code into} at the element's text: in the listpack, or an integer's digits in {@code scratch}. */
    public static ByteSpan text(long entry, ByteSpan into, NativeBuffer scratch) {
        int first = NativeMemory.readByte(entry) & 0xFF;
        if ((first & 0xC0) == STRING_6) {
            return into.set(entry + 1, first & 0x3F);
        }
        return isInteger(entry) ? into.set(scratch.putLong(integer(entry))) : string(entry, into);
    }

    /** Whether the element's text is these bytes. */
    public static boolean isText(long entry, ByteSpan value) {
        if (isInteger(entry)) {
            return DecimalLong.isLong(value.address(), value.length())
                    && DecimalLong.parse(value.address(), value.length()) == integer(entry);
        }
        return isString(entry, value.address(), value.length());
    }

    /** Whether the element is stored as a string and is these bytes. */
    public static boolean isString(long entry, ByteSpan bytes) {
        return isString(entry, bytes.address(), bytes.length());
    }

    static boolean isString(long entry, long bytes, int length) {
        int first = NativeMemory.readByte(entry) & 0xFF;
        if ((first & 0xC0) == STRING_6) {
            return (first & 0x3F) == length && NativeMemory.equal(entry + 1, bytes, length);
        }
        if (first < STRING_12 || first > STRING_32) {
            return false;
        }
        int head = headBytes(first);
        return encodedBytes(entry) - head == length
                && NativeMemory.equal(entry + head, bytes, length);
    }

    /** Bytes of encoding and value of the element at {@code entry}. */
    static int encodedBytes(long entry) {
        int first = NativeMemory.readByte(entry) & 0xFF;
        if (first < STRING_6) {
            return 1;
        }
        if (first < INTEGER_13) {
            return 1 + (first & 0x3F);
        }
        if (first < STRING_12) {
            return 2;
        }
        if (first < STRING_32) {
            return 2 + ((first & 0x0F) << 8 | NativeMemory.readByte(entry + 1) & 0xFF);
        }
        switch (first) {
            case STRING_32:
                return 5 + NativeMemory.readInt(entry + 1);
            case INTEGER_16:
                return 3;
            case INTEGER_24:
                return 4;
            case INTEGER_32:
                return 5;
            case INTEGER_64:
                return 9;
            default:
                throw new IllegalStateException("no element of a listpack begins with " + first);
        }
    }

    /**
     * Bytes of the foreign element at {@code entry}, backlen included, of which at most {@code available} may be read; -1
     * when it is broken: an unknown encoding, longer than what is there, or a backlen that tells another length.
     */
    static int checkedSize(long entry, long available) {
        if (available < 2) {
            return -1;
        }
        int first = NativeMemory.readByte(entry) & 0xFF;
        int head = first < STRING_6 ? 1 : headBytes(first);
        if (head == 0 || head >= available) {
            return -1;
        }
        long bytes = first == STRING_32
                ? 5 + (NativeMemory.readInt(entry + 1) & 0xFFFF_FFFFL)
                : encodedBytes(entry);
        if (bytes >= available) {
            return -1;
        }
        int backlen = backlenBytes((int) bytes);
        if (bytes + backlen > available) {
            return -1;
        }
        int size = (int) bytes + backlen;
        return sizeBefore(entry + size) == size ? size : -1;
    }

    /** Bytes before a string's own, or of a whole integer; 0 when no element begins so. */
    private static int headBytes(int first) {
        if (first < STRING_6 || (first & 0xC0) == STRING_6) {
            return 1;
        }
        if (first < STRING_32) {
            return 2;
        }
        switch (first) {
            case STRING_32, INTEGER_32:
                return 5;
            case INTEGER_16:
                return 3;
            case INTEGER_24:
                return 4;
            case INTEGER_64:
                return 9;
            default:
                return 0;
        }
    }

    private static int integerBytes(long value) {
        if (value >= 0 && value < 128) {
            return 1;
        }
        if (value >= -4096 && value < 4096) {
            return 2;
        }
        if (value == (short) value) {
            return 3;
        }
        if (value >= -(1 << 23) && value < 1 << 23) {
            return 4;
        }
        return value == (int) value ? 5 : 9;
    }

    /** The steps are Redis's: the longest length of each size but the first is left to the next. */
    private static int backlenBytes(int bytes) {
        if (bytes <= 127) {
            return 1;
        }
        if (bytes < (1 << 14) - 1) {
            return 2;
        }
        if (bytes < (1 << 21) - 1) {
            return 3;
        }
        return bytes < (1 << 28) - 1 ? 4 : 5;
    }

    private static int writeBacklen(int bytes, long at) {
        int taken = backlenBytes(bytes);
        int rest = bytes;
        for (int i = taken - 1; i > 0; i--) {
            NativeMemory.writeByte(at + i, (byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        NativeMemory.writeByte(at, (byte) rest);
        return taken;
    }
}
