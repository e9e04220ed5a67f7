package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.packed.ListpackEntry;
import dev.slotmesh.keyspace.packed.ScoreText;
import dev.slotmesh.keyspace.table.Element;
import dev.slotmesh.keyspace.tree.SortedTable;

/**
 * A member of a sorted set, as {@link SortedSets} and {@link SortedRanges} find it: a word that leads to its bytes and its
 * score until the next change of the set. The lock of its slot is held.
 *
 * <pre>
 *  bit 63 clear: address of an element of a table; set: bits 0..47 address of an element of a listpack
 * </pre>
 */
public final class SortedMember {
    /** No member. */
    public static final long ABSENT = 0;

    private static final long PACKED = 1L << 63;

    private SortedMember() {}

    static long packed(long entry) {
        return entry | PACKED;
    }

    static long packedEntry(long member) {
        return member & ~PACKED;
    }

    /** The score, never NaN. */
    public static double score(long member) {
        if (member > 0) {
            return SortedTable.score(member);
        }
        long entry = packedEntry(member);
        return ScoreText.read(entry + ListpackEntry.size(entry));
    }

    /** Whether the score is stored as an integer of 64 bits: in a listpack, if it is whole and not beyond 2^62. */
    public static boolean hasIntegerScore(long member) {
        long entry = packedEntry(member);
        return member < 0 && ListpackEntry.isInteger(entry + ListpackEntry.size(entry));
    }

    /** Whether the member is stored as an integer: {@link #integer} is its text then, and there are no {@link #bytes}. */
    public static boolean isInteger(long member) {
        return member < 0 && ListpackEntry.isInteger(packedEntry(member));
    }

    /** The integer whose decimal form is the member. */
    public static long integer(long member) {
        return ListpackEntry.integer(packedEntry(member));
    }

    /** Points {@code into} at the bytes of a member that is not {@link #isInteger}. */
    public static ByteSpan bytes(long member, ByteSpan into) {
        return member > 0
                ? Element.name(member, into)
                : ListpackEntry.string(packedEntry(member), into);
    }

    /** Points {@code into} at the bytes of any member: an integer's digits are written to {@code scratch}. */
    public static ByteSpan text(long member, ByteSpan into, NativeBuffer scratch) {
        return isInteger(member) ? into.set(scratch.putLong(integer(member))) : bytes(member, into);
    }

    /** Order of the member's bytes and others, as memcmp and then the lengths: negative, 0 or positive. */
    static int compare(long member, ByteSpan other) {
        if (isInteger(member)) {
            return DecimalLong.compare(integer(member), other);
        }
        return bytes(member, new ByteSpan()).compareContent(other);
    }
}
