package dev.slotmesh.keyspace.memory;

/**
 * The bytes of an entry.
 *
 * <pre>
 *  compact   | header 8 | deadline 8, if EXPIRY | key | value |
 *  wide      | header 8 | lengths 8 | block 8 | deadline 8, if EXPIRY | key | value | slack |
 *  header    bits 0..3 type, 4..7 encoding, 8 EXPIRY, 9 WIDE, 10..15 generation, 16..39 access clock,
 *            40..49 key length (compact), 50..63 value length (compact)
 * </pre>
 */
final class EntryLayout {
    static final int HEADER_BYTES = 8;
    static final int LENGTHS = HEADER_BYTES;
    static final int BLOCK = LENGTHS + 8;
    static final int WIDE_BYTES = BLOCK + 8;
    static final int DEADLINE_BYTES = 8;

    static final int COMPACT_KEY_LIMIT = 1023;
    static final int COMPACT_VALUE_LIMIT = 16_383;

    static final long EXPIRY = 1L << 8;
    static final long WIDE = 1L << 9;
    static final long KIND_MASK = 0xFF;
    static final int GENERATION_BITS = 6;
    static final int GENERATION_SHIFT = 10;
    static final long GENERATION_MASK = (1L << GENERATION_BITS) - 1 << GENERATION_SHIFT;
    static final int CLOCK_SHIFT = GENERATION_SHIFT + GENERATION_BITS;
    static final long CLOCK_MASK = 0xFF_FFFFL << CLOCK_SHIFT;

    private static final int KEY_SHIFT = 40;
    private static final int VALUE_SHIFT = 50;
    private static final long LENGTHS_MASK = -1L << KEY_SHIFT;

    private EntryLayout() {}

    static long header(long entry) {
        return NativeMemory.readLong(entry);
    }

    static void header(long entry, long header) {
        NativeMemory.writeLong(entry, header);
    }

    static boolean isWide(long header) {
        return (header & WIDE) != 0;
    }

    static int keyLength(long entry, long header) {
        return isWide(header)
                ? NativeMemory.readInt(entry + LENGTHS + 4)
                : (int) (header >>> KEY_SHIFT) & COMPACT_KEY_LIMIT;
    }

    static int valueLength(long entry, long header) {
        return isWide(header)
                ? NativeMemory.readInt(entry + LENGTHS)
                : (int) (header >>> VALUE_SHIFT);
    }

    /** Where the deadline word is, or would be: right after the fixed parts. */
    static int deadlineOffset(long header) {
        return isWide(header) ? WIDE_BYTES : HEADER_BYTES;
    }

    static int keyOffset(long header) {
        return deadlineOffset(header) + ((header & EXPIRY) != 0 ? DEADLINE_BYTES : 0);
    }

    /** The header of a compact entry, and the fixed parts of a wide one, from its flags. */
    static void writeLengths(long entry, long flags, int keyLength, int valueLength) {
        if (isWide(flags)) {
            NativeMemory.writeLong(entry + LENGTHS, (long) keyLength << 32 | valueLength);
            header(entry, flags & ~LENGTHS_MASK);
        } else {
            header(
                    entry,
                    flags & ~LENGTHS_MASK
                            | (long) keyLength << KEY_SHIFT
                            | (long) valueLength << VALUE_SHIFT);
        }
    }

    /**
     * Whether the bytes of a block may be an entry: the key it would have lies within the block. Other blocks may look like
     * entries by chance.
     *
     * @param bytes the block, or a copy of it
     */
    static boolean mayBeEntry(long bytes, int blockBytes) {
        long header = header(bytes);
        if (isWide(header) && blockBytes <= WIDE_BYTES) {
            return false;
        }
        int keyLength = keyLength(bytes, header);
        return keyLength >= 0
                && keyLength <= blockBytes - keyOffset(header)
                && blockSize(bytes, header) == blockBytes;
    }

    static long blockSize(long entry, long header) {
        if (isWide(header)) {
            return NativeMemory.readLong(entry + BLOCK);
        }
        return SizeClasses.blockSize(
                (long) keyOffset(header) + keyLength(entry, header) + valueLength(entry, header));
    }
}
