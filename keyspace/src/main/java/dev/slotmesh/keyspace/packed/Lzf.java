package dev.slotmesh.keyspace.packed;

import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * The compressed form of liblzf, which Redis uses in its lists and files: runs of literal bytes, and references to bytes
 * at most 8192 back.
 *
 * <pre>
 *  000LLLLL                      L + 1 literal bytes follow
 *  LLLooooo oooooooo             L = 1..6: copy L + 2 bytes from o + 1 bytes back
 *  111ooooo LLLLLLLL oooooooo    copy L + 9 bytes from o + 1 bytes back
 * </pre>
 */
public final class Lzf {
    /** Bytes of scratch memory that {@link #compress} needs. */
    public static final int TABLE_BYTES = 1 << 14;

    private static final int MOST_TABLE_BITS = 12;
    private static final int LEAST_TABLE_BITS = 6;
    private static final int MOST_LITERALS = 32;
    private static final int FARTHEST = 1 << 13;
    /** Shorter matches the form allows save a byte at most, and cost a wrong guess of the processor each. */
    private static final int SHORTEST = 4;

    private static final int LONGEST = 264;
    private static final int LONG_FORM = 7;
    private static final int HASH_FACTOR = 0x9E37_79B1;
    /** The last bytes are literals: a candidate is read by words of so many bytes. */
    private static final int TAIL = SHORTEST;
    /** After each 2^6 places in a row without a match one more place is passed over: noise costs little. */
    private static final int PATIENCE_BITS = 6;
    /** Where there is room, fewer bytes are written as one word. */
    private static final int WORD = 8;

    private Lzf() {}

    /**
     * Compresses {@code length} bytes into at most {@code room} bytes elsewhere.
     *
     * @param table address of {@link #TABLE_BYTES} bytes to work in, overwritten
     * @return the compressed length, or 0 when it would be more than {@code room}
     */
    public static int compress(long from, int length, long to, int room, long table) {
        int shift = 32 - tableBits(length);
        NativeMemory.zero(table, 4L << 32 - shift);
        long end = from + length;
        long limit = to + room;
        long out = to;
        long literals = from;
        long at = from;
        while (at + TAIL < end) {
            int word = NativeMemory.readInt(at);
            long place = table + 4L * (word * HASH_FACTOR >>> shift);
            long candidate = from + NativeMemory.readInt(place);
            NativeMemory.writeInt(place, (int) (at - from));
            if (candidate >= at
                    || at - candidate > FARTHEST
                    || NativeMemory.readInt(candidate) != word) {
                at += 1 + (at - literals >> PATIENCE_BITS);
                continue;
            }
            int matched = matchLength(candidate, at, (int) Math.min(LONGEST, end - at));
            out = writeLiterals(literals, (int) (at - literals), out, limit);
            out = out == 0 ? 0 : writeReference(matched, (int) (at - candidate), out, limit);
            if (out == 0) {
                return 0;
            }
            at += matched;
            literals = at;
        }
        out = writeLiterals(literals, (int) (end - literals), out, limit);
        return out == 0 ? 0 : (int) (out - to);
    }

    /**
     * Twice as many places as bytes at least, up to a limit. A short value needs few, and to empty thousands of them would take
     * longer than to compress it.
     */
    private static int tableBits(int length) {
        int bits = 1 + Integer.SIZE - Integer.numberOfLeadingZeros(length);
        return Math.max(LEAST_TABLE_BITS, Math.min(MOST_TABLE_BITS, bits));
    }

    /**
     * Decompresses {@code length} bytes, from anywhere, into exactly {@code expected} bytes elsewhere.
     *
     * @return false when they are broken or give another length; nothing outside either range was touched
     */
    public static boolean decompress(long from, int length, long to, int expected) {
        long end = from + length;
        long limit = to + expected;
        long at = from;
        long out = to;
        while (at < end) {
            int control = NativeMemory.readByte(at++) & 0xFF;
            if (control < MOST_LITERALS) {
                int count = control + 1;
                if (count > end - at || count > limit - out) {
                    return false;
                }
                if (count <= WORD && end - at >= WORD && limit - out >= WORD) {
                    NativeMemory.writeLong(out, NativeMemory.readLong(at));
                } else {
                    NativeMemory.copy(at, out, count);
                }
                at += count;
                out += count;
                continue;
            }
            int count = control >>> 5;
            int wanted = count == LONG_FORM ? 2 : 1;
            if (wanted > end - at) {
                return false;
            }
            if (count == LONG_FORM) {
                count += NativeMemory.readByte(at++) & 0xFF;
            }
            count += 2;
            int back = ((control & 0x1F) << 8 | NativeMemory.readByte(at++) & 0xFF) + 1;
            if (back > out - to || count > limit - out) {
                return false;
            }
            repeat(out - back, out, count, limit);
            out += count;
        }
        return out == limit;
    }

    /** Copies forwards, so that what was just written may be read again. May write more, but not from {@code limit} on. */
    private static void repeat(long from, long to, int count, long limit) {
        int i = 0;
        if (to - from >= WORD) {
            int most = limit - to - count >= WORD ? count : count - WORD + 1;
            for (; i < most; i += WORD) {
                NativeMemory.writeLong(to + i, NativeMemory.readLong(from + i));
            }
        }
        for (; i < count; i++) {
            NativeMemory.writeByte(to + i, NativeMemory.readByte(from + i));
        }
    }

    private static int matchLength(long earlier, long at, int most) {
        int matched = SHORTEST;
        while (matched + 8 <= most) {
            long difference =
                    NativeMemory.readLong(earlier + matched) ^ NativeMemory.readLong(at + matched);
            if (difference != 0) {
                return matched + Long.numberOfTrailingZeros(difference) / 8;
            }
            matched += 8;
        }
        while (matched < most
                && NativeMemory.readByte(earlier + matched)
                        == NativeMemory.readByte(at + matched)) {
            matched++;
        }
        return matched;
    }

    /** Returns where to go on, 0 when there is no room or was none before. */
    private static long writeLiterals(long from, int count, long to, long limit) {
        if (count + (count + MOST_LITERALS - 1L) / MOST_LITERALS > limit - to) {
            return 0;
        }
        long out = to;
        for (int done = 0; done < count; ) {
            int run = Math.min(MOST_LITERALS, count - done);
            NativeMemory.writeByte(out, (byte) (run - 1));
            NativeMemory.copy(from + done, out + 1, run);
            out += run + 1;
            done += run;
        }
        return out;
    }

    private static long writeReference(int length, int distance, long to, long limit) {
        if (limit - to < 3) {
            return 0;
        }
        int back = distance - 1;
        int count = length - 2;
        if (count < LONG_FORM) {
            NativeMemory.writeByte(to, (byte) (count << 5 | back >> 8));
            NativeMemory.writeByte(to + 1, (byte) back);
            return to + 2;
        }
        NativeMemory.writeByte(to, (byte) (LONG_FORM << 5 | back >> 8));
        NativeMemory.writeByte(to + 1, (byte) (count - LONG_FORM));
        NativeMemory.writeByte(to + 2, (byte) back);
        return to + 3;
    }
}
