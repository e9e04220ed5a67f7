package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.NativeMemory;

/** The text of an ID, {@code 1526919030474-55}, written without allocation. */
public final class StreamIdText {
    /** Bytes of the longest. */
    public static final int LONGEST = 41;

    private StreamIdText() {}

    /** Bytes of the text. */
    public static int length(long ms, long seq) {
        return digits(ms) + 1 + digits(seq);
    }

    /** Writes the text of {@code length} bytes, as {@link #length} gave it, at an address with so much room. */
    public static void write(long ms, long seq, long address, int length) {
        long at = writeBackwards(seq, address + length) - 1;
        NativeMemory.writeByte(at, (byte) '-');
        writeBackwards(ms, at);
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = tenth(value); rest != 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** Writes the digits before an address; returns that of the first. */
    private static long writeBackwards(long value, long end) {
        long at = end;
        long rest = value;
        do {
            long tenth = rest < 0 ? tenth(rest) : rest / 10;
            NativeMemory.writeByte(--at, (byte) ('0' + (rest - tenth * 10)));
            rest = tenth;
        } while (rest != 0);
        return at;
    }

    private static long tenth(long unsigned) {
        return unsigned >= 0 ? unsigned / 10 : Long.divideUnsigned(unsigned, 10);
    }
}
