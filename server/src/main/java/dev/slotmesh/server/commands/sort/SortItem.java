package dev.slotmesh.server.commands.sort;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.text.DoubleReader;

import java.util.Arrays;
import java.util.Comparator;

/**
 * An element with what it is sorted by. These are Java objects, as many as the value sorted has elements (those that LIMIT
 * asks for when nothing is sorted); they are gone with the command.
 *
 * @param score the numeric weight
 * @param weight the weight as text, null when there is none
 */
record SortItem(byte[] element, double score, byte[] weight) {
    private static final ErrorReply NOT_A_NUMBER =
            new ErrorReply("ERR One or more scores can't be converted into double");

    /** Ascending scores; equal ones in the order of the elements' bytes, so that the result is always the same. */
    static final Comparator<SortItem> BY_SCORE = Comparator.comparingDouble(SortItem::score)
            .thenComparing(SortItem::element, Arrays::compareUnsigned);

    /** Ascending bytes, an absent weight first. */
    static final Comparator<SortItem> BY_BYTES =
            Comparator.comparing(SortItem::weight, Comparator.nullsFirst(Arrays::compareUnsigned));

    /** As C's strcoll in its own locale: ascending bytes up to the first zero, an absent weight first. */
    static final Comparator<SortItem> BY_TEXT =
            Comparator.comparing(SortItem::weight, Comparator.nullsFirst(SortItem::compareText));

    /**
     * The number that a weight spells to C's strtod, which skips spaces and stops at a zero byte; 0 for an empty text.
     *
     * @param buffer to be overwritten
     * @throws ErrorReply when it spells none, or one that a double does not hold
     */
    static double number(byte[] weight, NativeBuffer buffer) {
        ByteSpan text = buffer.put(weight);
        int end = 0;
        while (end < weight.length && weight[end] != 0) {
            end++;
        }
        if (end == 0) {
            return 0;
        }
        int start = 0;
        while (start < end && isSpace(weight[start])) {
            start++;
        }
        double score = DoubleReader.read(text.slice(start, end - start));
        boolean subnormal = score != 0 && Math.abs(score) < Double.MIN_NORMAL;
        if (Double.isNaN(score) || subnormal) {
            throw NOT_A_NUMBER;
        }
        // No difference is made between the two zeros.
        return score + 0.0;
    }

    private static int compareText(byte[] left, byte[] right) {
        for (int i = 0; ; i++) {
            int a = i < left.length ? left[i] & 0xFF : 0;
            int b = i < right.length ? right[i] & 0xFF : 0;
            if (a != b || a == 0) {
                return a - b;
            }
        }
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }
}
