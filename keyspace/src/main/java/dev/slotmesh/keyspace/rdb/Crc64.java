package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * The checksum of RDB files: CRC-64 with the polynomial of David T. Jones, reflected, beginning at 0 and not inverted at the
 * end. "123456789" has e9c6d914c4b8d9ca.
 */
public final class Crc64 {
    /** The checksum of nothing. */
    public static final long START = 0;

    /** 0xad93d23594c935a9 with its bits in the opposite order. */
    private static final long POLYNOMIAL = 0x95ac9329ac4bc9b5L;

    /** Entry {@code 256 * k + b}: the checksum of byte b followed by k zero bytes. */
    private static final long[] TABLE = table();

    private Crc64() {}

    /** The checksum of some bytes and {@code length} more at an address, given that of the former. */
    public static long of(long crc, long address, int length) {
        long sum = crc;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            long word = sum ^ NativeMemory.readLong(address + at);
            sum = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                sum ^= TABLE[256 * (Long.BYTES - 1 - i) + (int) (word >>> Byte.SIZE * i & 0xFF)];
            }
        }
        for (; at < length; at++) {
            sum = sum >>> Byte.SIZE
                    ^ TABLE[(int) (sum ^ NativeMemory.readByte(address + at)) & 0xFF];
        }
        return sum;
    }

    private static long[] table() {
        long[] table = new long[256 * Long.BYTES];
        for (int b = 0; b < 256; b++) {
            long sum = b;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                sum = (sum & 1) == 0 ? sum >>> 1 : sum >>> 1 ^ POLYNOMIAL;
            }
            table[b] = sum;
        }
        for (int i = 256; i < table.length; i++) {
            long before = table[i - 256];
            table[i] = before >>> Byte.SIZE ^ table[(int) before & 0xFF];
        }
        return table;
    }
}
