package dev.slotmesh.server.commands.strings;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * The longest common subsequence of two byte strings, the very one that Redis chooses among equally long ones.
 *
 * <p>Going back from both ends, equal last bytes belong to it; otherwise the last byte of the first string is dropped when
 * that leaves the longer subsequence, else that of the second. Only one bit per pair of positions is kept for that choice,
 * and lengths only for one row along the shorter string, so that the transient memory is 1/32 of a table of lengths.
 *
 * <p>It reads the strings again on the way back, so it is valid as long as their spans.
 */
final class CommonSubsequence {
    private static final int BITS_PER_WORD = 64;

    private final ByteSpan first;
    private final ByteSpan second;
    private final int length;
    /** Bit {@code i * second.length() + j}: drop from the first string at positions i, j. Empty when only the length counts. */
    private final long[] dropFirst;

    private CommonSubsequence(ByteSpan first, ByteSpan second, int length, long[] dropFirst) {
        this.first = first;
        this.second = second;
        this.length = length;
        this.dropFirst = dropFirst;
    }

    /** Receives the matching stretches from the last to the first: offsets from 0 and a length above 0, in bytes. */
    @FunctionalInterface
    interface MatchVisitor {
        void match(int firstStart, int secondStart, int length);
    }

    /**
     * Finds it in time proportional to the product of the lengths.
     *
     * @param lengthOnly true when nothing but {@link #length()} will be asked
     */
    static CommonSubsequence of(ByteSpan first, ByteSpan second, boolean lengthOnly) {
        long cells = lengthOnly ? 0 : (long) first.length() * second.length();
        long[] choices = new long[(int) ((cells + BITS_PER_WORD - 1) / BITS_PER_WORD)];
        int length = first.length() <= second.length()
                ? fill(second, first, true, choices)
                : fill(first, second, false, choices);
        return new CommonSubsequence(first, second, length, choices);
    }

    /**
     * Computes the lengths row by row along the longer string.
     *
     * @param swapped whether {@code outer} is the second string
     */
    private static int fill(ByteSpan outer, ByteSpan inner, boolean swapped, long[] choices) {
        byte[] row = inner.toByteArray();
        int[] lengths = new int[row.length + 1];
        for (int o = 0; o < outer.length(); o++) {
            byte outerByte = (byte) outer.byteAt(o);
            int diagonal = 0;
            for (int i = 0; i < row.length; i++) {
                int withoutOuter = lengths[i + 1];
                int withoutInner = lengths[i];
                if (row[i] == outerByte) {
                    lengths[i + 1] = diagonal + 1;
                } else {
                    lengths[i + 1] = Math.max(withoutOuter, withoutInner);
                    boolean drop =
                            swapped ? withoutInner > withoutOuter : withoutOuter > withoutInner;
                    if (drop && choices.length > 0) {
                        long cell =
                                swapped ? (long) i * outer.length() + o : (long) o * row.length + i;
                        choices[(int) (cell / BITS_PER_WORD)] |= 1L << cell;
                    }
                }
                diagonal = withoutOuter;
            }
        }
        return lengths[row.length];
    }

    /** Its length in bytes. */
    int length() {
        return length;
    }

    /** Its bytes. */
    byte[] bytes() {
        byte[] bytes = new byte[length];
        int[] end = {length};
        forEachMatch((firstStart, secondStart, count) -> {
            end[0] -= count;
            first.copyTo(firstStart, count, bytes, end[0]);
        });
        return bytes;
    }

    /** Visits the stretches it consists of. */
    void forEachMatch(MatchVisitor visitor) {
        int i = first.length();
        int j = second.length();
        int run = 0;
        while (i > 0 && j > 0) {
            if (first.byteAt(i - 1) == second.byteAt(j - 1)) {
                i--;
                j--;
                run++;
                continue;
            }
            run = report(visitor, i, j, run);
            if (dropsFirst(i - 1, j - 1)) {
                i--;
            } else {
                j--;
            }
        }
        report(visitor, i, j, run);
    }

    private static int report(MatchVisitor visitor, int i, int j, int run) {
        if (run > 0) {
            visitor.match(i, j, run);
        }
        return 0;
    }

    private boolean dropsFirst(int i, int j) {
        long cell = (long) i * second.length() + j;
        return (dropFirst[(int) (cell / BITS_PER_WORD)] >>> cell & 1) != 0;
    }
}
