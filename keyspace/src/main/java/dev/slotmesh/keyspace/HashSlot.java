package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * The hash slot of a key: CRC16/XMODEM modulo 16384 over the hash tag if the key has one, else over the whole key (Cluster
 * spec, Key slot; shared spec section 18.1).
 *
 * <p>Eight bytes are folded per step through eight tables (the usual slicing of a CRC), since this runs for every key of
 * every command.
 */
public final class HashSlot {
    /** How many hash slots there are; a slot is 0 to {@code SLOT_COUNT - 1}. */
    public static final int SLOT_COUNT = 16_384;

    private static final int POLYNOMIAL = 0x1021;
    private static final int SLICES = 8;
    /** {@code TABLES[k * 256 + b]}: what byte b contributes when k more bytes follow it. */
    private static final char[] TABLES = tables();

    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long OPEN_BRACES = EACH_BYTE * '{';

    private HashSlot() {}

    /** Slot 0..16383 of a key of any length, the empty key included (slot 0). */
    public static int of(ByteSpan key) {
        int length = key.length();
        int open = indexOfOpenBrace(key, length);
        if (open < 0) {
            return crc16(key, 0, length) & SLOT_COUNT - 1;
        }
        int close = open + 1;
        while (close < length && key.byteAt(close) != '}') {
            close++;
        }
        boolean tagged = close < length && close > open + 1;
        int crc = tagged ? crc16(key, open + 1, close) : crc16(key, 0, length);
        return crc & SLOT_COUNT - 1;
    }

    private static int indexOfOpenBrace(ByteSpan key, int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            long difference = key.longAt(i) ^ OPEN_BRACES;
            long matches = difference - EACH_BYTE & ~difference & HIGH_BITS;
            if (matches != 0) {
                return i + (Long.numberOfTrailingZeros(matches) >>> 3);
            }
        }
        for (; i < length; i++) {
            if (key.byteAt(i) == '{') {
                return i;
            }
        }
        return -1;
    }

    /** CRC16/XMODEM of the bytes from (inclusive) to end (exclusive). */
    static int crc16(ByteSpan bytes, int from, int end) {
        char[] tables = TABLES;
        int crc = 0;
        int i = from;
        for (; i + SLICES <= end; i += SLICES) {
            long word = bytes.longAt(i);
            int first = (int) word & 0xFF ^ crc >>> 8;
            int second = (int) (word >>> 8) & 0xFF ^ crc & 0xFF;
            crc = tables[7 * 256 + first]
                    ^ tables[6 * 256 + second]
                    ^ tables[5 * 256 + ((int) (word >>> 16) & 0xFF)]
                    ^ tables[4 * 256 + ((int) (word >>> 24) & 0xFF)]
                    ^ tables[3 * 256 + ((int) (word >>> 32) & 0xFF)]
                    ^ tables[2 * 256 + ((int) (word >>> 40) & 0xFF)]
                    ^ tables[256 + ((int) (word >>> 48) & 0xFF)]
                    ^ tables[(int) (word >>> 56)];
        }
        for (; i < end; i++) {
            crc = crc << 8 & 0xFFFF ^ tables[crc >>> 8 ^ bytes.byteAt(i)];
        }
        return crc;
    }

    private static char[] tables() {
        char[] tables = new char[SLICES * 256];
        for (int b = 0; b < 256; b++) {
            int crc = b << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ POLYNOMIAL : crc << 1;
            }
            tables[b] = (char) crc;
        }
        for (int k = 1; k < SLICES; k++) {
            for (int b = 0; b < 256; b++) {
                int previous = tables[(k - 1) * 256 + b];
                tables[k * 256 + b] = (char) (previous << 8 ^ tables[previous >>> 8]);
            }
        }
        return tables;
    }
}
