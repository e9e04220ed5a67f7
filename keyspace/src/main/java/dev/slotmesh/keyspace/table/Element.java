package dev.slotmesh.keyspace.table;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.KeyHash;
import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * The bytes of an element: one block with a name, and what belongs to it. An element is known by its address, which stays
 * the same until the element is removed, or replaced by a value or deadline that needs another block.
 *
 * <pre>
 *  short  | WORD 1 bit, 0, name length 6 bits, value length 8 bits |                          2 bytes
 *  long   | WORD, 1, 0, name length 12 bits, value length 17 bits |                           4 bytes
 *  huge   | WORD, 1, 1, zero | name length 4 bytes | value length 4 bytes |                   12 bytes
 *  block  | head 2, 4 or 12 | word 8, if WORD | name | value |
 * </pre>
 *
 * <p>The word is the score of a sorted set's element, or the deadline of a hash's field. All calls need the lock of the slot
 * that the table is in.
 */
public final class Element {
    private static final int WORD = 1;
    private static final int LONG = 2;
    private static final int HUGE = 4;

    private static final int SHORT_BYTES = 2;
    private static final int LONG_BYTES = 4;
    private static final int HUGE_BYTES = 12;
    private static final int WORD_BYTES = 8;

    private static final int SHORT_NAME_SHIFT = 2;
    private static final int SHORT_NAME_LIMIT = 63;
    private static final int SHORT_VALUE_SHIFT = 8;
    private static final int SHORT_VALUE_LIMIT = 255;
    private static final int LONG_NAME_SHIFT = 3;
    private static final int LONG_NAME_LIMIT = (1 << 12) - 1;
    private static final int LONG_VALUE_SHIFT = 15;
    private static final int LONG_VALUE_LIMIT = (1 << 17) - 1;
    private static final int HUGE_NAME = 4;
    private static final int HUGE_VALUE = HUGE_NAME + 4;

    private Element() {}

    /** Points {@code into} at the name. */
    public static ByteSpan name(long element, ByteSpan into) {
        long head = NativeMemory.readLong(element);
        return into.set(element + nameOffset(head), headNameLength(head));
    }

    /** Points {@code into} at the value, which may be overwritten there as long as its length stays. */
    public static ByteSpan value(long element, ByteSpan into) {
        long head = NativeMemory.readLong(element);
        return into.set(
                element + nameOffset(head) + headNameLength(head), valueLength(element, head));
    }

    /** Where the name begins. */
    public static long nameAddress(long element) {
        return element + nameOffset(NativeMemory.readLong(element));
    }

    /** Bytes of the name. */
    public static int nameLength(long element) {
        return headNameLength(NativeMemory.readLong(element));
    }

    /** Bytes of the value, 0 without one. */
    public static int valueLength(long element) {
        return valueLength(element, NativeMemory.readLong(element));
    }

    /** Whether the element's name is these bytes. */
    public static boolean hasName(long element, ByteSpan name) {
        long head = NativeMemory.readLong(element);
        int length = name.length();
        return headNameLength(head) == length
                && NativeMemory.equal(element + nameOffset(head), name.address(), length);
    }

    /** Whether there is a word: always in a table of scores, and in a table of fields once there was a deadline. */
    public static boolean hasWord(long element) {
        return (NativeMemory.readLong(element) & WORD) != 0;
    }

    /** The score's bits. The element has a word. */
    public static long word(long element) {
        return NativeMemory.readLong(element + wordOffset(NativeMemory.readLong(element)));
    }

    /** Changes the score. The element is of a table of scores: a deadline is changed through its table. */
    public static void word(long element, long word) {
        NativeMemory.writeLong(element + wordOffset(NativeMemory.readLong(element)), word);
    }

    /** The deadline of a field in milliseconds since 1970, or 0. */
    public static long deadline(long element) {
        long head = NativeMemory.readLong(element);
        return (head & WORD) == 0 ? 0 : NativeMemory.readLong(element + wordOffset(head));
    }

    /** Bytes of the element's block. */
    public static long blockSize(long element) {
        return ArenaStripe.blockSize(size(element));
    }

    /** The hash of the name. */
    public static long hash(long element, KeyHash hashes) {
        long head = NativeMemory.readLong(element);
        return hashes.of(element + nameOffset(head), headNameLength(head));
    }

    /** An element with a word and no value. */
    static long createScored(ArenaStripe stripe, ByteSpan name, long word) {
        long element = create(stripe, name, 0, true);
        word(element, word);
        return element;
    }

    /** An element without word and value. */
    static long createMember(ArenaStripe stripe, ByteSpan name) {
        return create(stripe, name, 0, false);
    }

    /** An element with a value, and a word if the deadline is not 0. */
    static long createField(ArenaStripe stripe, ByteSpan name, ByteSpan value, long deadlineMs) {
        long element = create(stripe, name, value.length(), deadlineMs != 0);
        long head = NativeMemory.readLong(element);
        NativeMemory.copy(
                value.address(), element + nameOffset(head) + name.length(), value.length());
        if (deadlineMs != 0) {
            NativeMemory.writeLong(element + wordOffset(head), deadlineMs);
        }
        return element;
    }

    /** Replaces the value where the element is, if a new one would have the same form and size of block. */
    static boolean overwrite(long element, ByteSpan value) {
        long head = NativeMemory.readLong(element);
        int nameLength = headNameLength(head);
        int valueLength = value.length();
        int headBytes = headBytes(nameLength, valueLength);
        if (headBytes != wordOffset(head)) {
            return false;
        }
        int valueOffset = nameOffset(head) + nameLength;
        if (valueLength != valueLength(element, head)) {
            if (ArenaStripe.blockSize((long) valueOffset + valueLength)
                    != ArenaStripe.blockSize((long) valueOffset + valueLength(element, head))) {
                return false;
            }
            writeHead(element, nameLength, valueLength, (head & WORD) != 0);
        }
        NativeMemory.copy(value.address(), element + valueOffset, valueLength);
        return true;
    }

    /** A copy of all bytes. */
    static long copy(long element, ArenaStripe into) {
        long size = size(element);
        long copy = into.allocate(size);
        NativeMemory.copy(element, copy, size);
        return copy;
    }

    static void free(ArenaStripe stripe, long element) {
        stripe.free(element, size(element));
    }

    private static long create(
            ArenaStripe stripe, ByteSpan name, int valueLength, boolean withWord) {
        int length = name.length();
        int nameOffset = headBytes(length, valueLength) + (withWord ? WORD_BYTES : 0);
        long element = stripe.allocate((long) nameOffset + length + valueLength);
        writeHead(element, length, valueLength, withWord);
        NativeMemory.copy(name.address(), element + nameOffset, length);
        return element;
    }

    private static void writeHead(long element, int nameLength, int valueLength, boolean withWord) {
        int word = withWord ? WORD : 0;
        switch (headBytes(nameLength, valueLength)) {
            case SHORT_BYTES ->
                NativeMemory.writeShort(element, (short)
                        (word | nameLength << SHORT_NAME_SHIFT | valueLength << SHORT_VALUE_SHIFT));
            case LONG_BYTES ->
                NativeMemory.writeInt(
                        element,
                        word
                                | LONG
                                | nameLength << LONG_NAME_SHIFT
                                | valueLength << LONG_VALUE_SHIFT);
            default -> {
                NativeMemory.writeInt(element, word | LONG | HUGE);
                NativeMemory.writeInt(element + HUGE_NAME, nameLength);
                NativeMemory.writeInt(element + HUGE_VALUE, valueLength);
            }
        }
    }

    private static int headBytes(int nameLength, int valueLength) {
        if (nameLength <= SHORT_NAME_LIMIT && valueLength <= SHORT_VALUE_LIMIT) {
            return SHORT_BYTES;
        }
        return nameLength <= LONG_NAME_LIMIT && valueLength <= LONG_VALUE_LIMIT
                ? LONG_BYTES
                : HUGE_BYTES;
    }

    private static int wordOffset(long head) {
        if ((head & LONG) == 0) {
            return SHORT_BYTES;
        }
        return (head & HUGE) == 0 ? LONG_BYTES : HUGE_BYTES;
    }

    private static int nameOffset(long head) {
        return wordOffset(head) + ((int) head & WORD) * WORD_BYTES;
    }

    private static int headNameLength(long head) {
        if ((head & LONG) == 0) {
            return (int) head >>> SHORT_NAME_SHIFT & SHORT_NAME_LIMIT;
        }
        return (head & HUGE) == 0
                ? (int) head >>> LONG_NAME_SHIFT & LONG_NAME_LIMIT
                : (int) (head >>> 32);
    }

    private static int valueLength(long element, long head) {
        if ((head & LONG) == 0) {
            return (int) head >>> SHORT_VALUE_SHIFT & SHORT_VALUE_LIMIT;
        }
        return (head & HUGE) == 0
                ? (int) head >>> LONG_VALUE_SHIFT
                : NativeMemory.readInt(element + HUGE_VALUE);
    }

    private static long size(long element) {
        long head = NativeMemory.readLong(element);
        return (long) nameOffset(head) + headNameLength(head) + valueLength(element, head);
    }
}
