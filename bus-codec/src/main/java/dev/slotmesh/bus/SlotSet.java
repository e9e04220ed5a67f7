package dev.slotmesh.bus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * A set of hash slots 0..16383 as a bitmap; slot s is bit (s mod 8), least significant first, of byte s / 8 on the wire.
 *
 * <p>A set starts changeable and stays so until {@link #frozen()} hands out an unchangeable one; changing a frozen set is
 * an {@link IllegalStateException}. Sets inside messages are always frozen, so messages are values; {@link #copy()} gives
 * a changeable set again. A freezing copy costs 2 KiB and was preferred to a second, builder-like class. Not thread-safe
 * while changeable; a frozen set may be shared once safely published.
 *
 * <p>Every slot argument is 0..16383, otherwise {@link IndexOutOfBoundsException}.
 */
public final class SlotSet {
    /** Number of hash slots. */
    public static final int SLOT_COUNT = 16384;

    /** Bytes of the bitmap on the wire. */
    public static final int LENGTH_BYTES = SLOT_COUNT / Byte.SIZE;

    private static final int WORDS = SLOT_COUNT / Long.SIZE;
    private static final SlotSet NONE = new SlotSet(new long[WORDS], true);

    /** Bit b of word w is slot 64 w + b. */
    private final long[] words;

    private final boolean frozen;

    /** A changeable empty set. */
    public SlotSet() {
        this(new long[WORDS], false);
    }

    private SlotSet(long[] words, boolean frozen) {
        this.words = words;
        this.frozen = frozen;
    }

    /** The frozen empty set, always the same object. */
    public static SlotSet none() {
        return NONE;
    }

    /** A changeable set of the slots {@code first..last}, both inclusive. */
    public static SlotSet ofRange(int first, int last) {
        SlotSet set = new SlotSet();
        set.setRange(first, last);
        return set;
    }

    /**
     * A frozen set from the 2048 bytes at absolute {@code offset}; position and byte order of the buffer do not matter.
     *
     * @throws IndexOutOfBoundsException when fewer than 2048 bytes lie between {@code offset} and the limit
     */
    public static SlotSet read(ByteBuffer source, int offset) {
        Objects.checkFromIndexSize(offset, LENGTH_BYTES, source.limit());
        boolean swap = source.order() == ByteOrder.BIG_ENDIAN;
        long[] words = new long[WORDS];
        long any = 0;
        for (int i = 0; i < WORDS; i++) {
            long word = source.getLong(offset + i * Long.BYTES);
            words[i] = swap ? Long.reverseBytes(word) : word;
            any |= word;
        }
        return any == 0 ? NONE : new SlotSet(words, true);
    }

    /**
     * Writes the 2048 bytes at absolute {@code offset}; position and byte order of the buffer stay.
     *
     * @throws IndexOutOfBoundsException when fewer than 2048 bytes lie between {@code offset} and the limit
     */
    public void write(ByteBuffer target, int offset) {
        Objects.checkFromIndexSize(offset, LENGTH_BYTES, target.limit());
        boolean swap = target.order() == ByteOrder.BIG_ENDIAN;
        for (int i = 0; i < WORDS; i++) {
            target.putLong(offset + i * Long.BYTES, swap ? Long.reverseBytes(words[i]) : words[i]);
        }
    }

    /** Whether {@code slot} is in the set. */
    public boolean get(int slot) {
        checkSlot(slot);
        return (words[slot >> 6] & 1L << slot) != 0;
    }

    /** Adds {@code slot}; true when it was not in the set. */
    public boolean set(int slot) {
        checkSlot(slot);
        checkChangeable();
        long before = words[slot >> 6];
        words[slot >> 6] = before | 1L << slot;
        return (before & 1L << slot) == 0;
    }

    /** Adds {@code first..last}, both inclusive; nothing when {@code last < first}. */
    public void setRange(int first, int last) {
        checkSlot(first);
        checkSlot(last);
        checkChangeable();
        for (int slot = first; slot <= last; slot++) {
            words[slot >> 6] |= 1L << slot;
        }
    }

    /** Removes {@code slot}; true when it was in the set. */
    public boolean clear(int slot) {
        checkSlot(slot);
        checkChangeable();
        long before = words[slot >> 6];
        words[slot >> 6] = before & ~(1L << slot);
        return (before & 1L << slot) != 0;
    }

    /** Removes every slot. */
    public void clearAll() {
        checkChangeable();
        Arrays.fill(words, 0);
    }

    /** Adds every slot of {@code other}. */
    public void addAll(SlotSet other) {
        checkChangeable();
        for (int i = 0; i < WORDS; i++) {
            words[i] |= other.words[i];
        }
    }

    /** Removes every slot of {@code other}. */
    public void removeAll(SlotSet other) {
        checkChangeable();
        for (int i = 0; i < WORDS; i++) {
            words[i] &= ~other.words[i];
        }
    }

    /** A new changeable set of the slots in this set that are not in {@code other}. */
    public SlotSet minus(SlotSet other) {
        SlotSet rest = copy();
        rest.removeAll(other);
        return rest;
    }

    /** A new changeable set of the slots that are in exactly one of the two sets. */
    public SlotSet difference(SlotSet other) {
        SlotSet differing = copy();
        for (int i = 0; i < WORDS; i++) {
            differing.words[i] ^= other.words[i];
        }
        return differing;
    }

    /** Whether some slot is in both sets. */
    public boolean intersects(SlotSet other) {
        for (int i = 0; i < WORDS; i++) {
            if ((words[i] & other.words[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether every slot of {@code other} is in this set. */
    public boolean containsAll(SlotSet other) {
        for (int i = 0; i < WORDS; i++) {
            if ((other.words[i] & ~words[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether no slot is in the set. */
    public boolean isEmpty() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    /** Number of slots in the set, 0..16384. */
    public int cardinality() {
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** The first slot in the set that is {@code >= from}, or -1. {@code from} is 0..16384. */
    public int nextSet(int from) {
        return next(from, 0);
    }

    /** The first slot outside the set that is {@code >= from}, or -1. {@code from} is 0..16384. */
    public int nextClear(int from) {
        return next(from, -1L);
    }

    /** The set as its longest runs, ascending; a new list. */
    public List<SlotRange> ranges() {
        List<SlotRange> ranges = new ArrayList<>();
        int first = nextSet(0);
        while (first >= 0) {
            int after = nextClear(first);
            int end = after < 0 ? SLOT_COUNT : after;
            ranges.add(new SlotRange(first, end - 1));
            first = nextSet(end);
        }
        return ranges;
    }

    /** A changeable set with the same slots. */
    public SlotSet copy() {
        return new SlotSet(words.clone(), false);
    }

    /** This set when it is frozen already, otherwise a frozen copy; later changes here do not show there. */
    public SlotSet frozen() {
        return frozen ? this : new SlotSet(words.clone(), true);
    }

    /** Whether the set refuses changes. */
    public boolean isFrozen() {
        return frozen;
    }

    /** Equal when the slots are equal, frozen or not. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SlotSet that && (this == that || Arrays.equals(words, that.words));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    /** Ranges separated by a blank, as in CLUSTER NODES: {@code 0-5460 5462}; empty for the empty set. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(" ");
        for (SlotRange range : ranges()) {
            text.add(range.toString());
        }
        return text.toString();
    }

    private int next(int from, long inversion) {
        Objects.checkIndex(from, SLOT_COUNT + 1);
        for (int i = from >> 6; i < WORDS; i++) {
            long word = words[i] ^ inversion;
            if (i == from >> 6) {
                word &= -1L << from;
            }
            if (word != 0) {
                return (i << 6) + Long.numberOfTrailingZeros(word);
            }
        }
        return -1;
    }

    private void checkChangeable() {
        if (frozen) {
            throw new IllegalStateException("a frozen slot set cannot be changed; change a copy()");
        }
    }

    private static void checkSlot(int slot) {
        Objects.checkIndex(slot, SLOT_COUNT);
    }
}
