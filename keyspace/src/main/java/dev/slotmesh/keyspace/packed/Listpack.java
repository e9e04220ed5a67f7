package dev.slotmesh.keyspace.packed;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * A sequence of strings and integers in one run of bytes, Redis's to the last bit.
 *
 * <pre>
 *  | total bytes u32 | count u16 (65535: unknown) | {@link ListpackEntry elements} | 0xFF |
 * </pre>
 *
 * <p>A listpack is known by the address of its first byte, an element by its <i>position</i>: the offset of its first byte
 * from there, {@link #NONE} for no element. Read an element with {@link ListpackEntry} at {@code listpack + position}.
 * Positions at or behind the place of an edit change by it.
 *
 * <p>Most listpacks are alone in a block of a stripe, and the block's size follows from the total bytes: the edits that take
 * a stripe keep it so, free the old block when they need another, and return the address to use from now on. Values handed
 * in must not lie in the listpack that is edited. {@link #open} and {@link #close} are for owners that manage the room
 * themselves.
 *
 * <p>Nothing is checked on the way: a listpack from outside goes through {@link #isValid} first. The owner's lock is needed
 * for everything, reads included (a count that is unknown is written back).
 */
public final class Listpack {
    /** Instead of a position: there is no such element. */
    public static final int NONE = -1;

    /** Bytes before the first element. */
    public static final int HEADER_BYTES = 6;

    /** Bytes of a listpack without elements. */
    public static final int EMPTY_BYTES = HEADER_BYTES + 1;

    /** Most bytes of a listpack: 1 GiB. Ask {@link #hasRoom} before adding what a client sent. */
    public static final int MOST_BYTES = 1 << 30;

    private static final int TOTAL = 0;
    private static final int COUNT = TOTAL + 4;
    private static final int UNKNOWN = 0xFFFF;
    private static final byte END = (byte) 0xFF;

    private Listpack() {}

    /** A new empty listpack in a block of its own. */
    public static long create(ArenaStripe stripe) {
        return initialise(stripe.allocate(EMPTY_BYTES));
    }

    /** Makes an empty listpack at an address with {@link #EMPTY_BYTES} bytes of room. Returns the address. */
    public static long initialise(long listpack) {
        NativeMemory.writeInt(listpack + TOTAL, EMPTY_BYTES);
        NativeMemory.writeShort(listpack + COUNT, (short) 0);
        NativeMemory.writeByte(listpack + HEADER_BYTES, END);
        return listpack;
    }

    /** Writes the header of a listpack whose elements and end are, or will be, where they belong. */
    public static void header(long listpack, int totalBytes, int count) {
        NativeMemory.writeInt(listpack + TOTAL, totalBytes);
        NativeMemory.writeShort(listpack + COUNT, (short) Math.min(UNKNOWN, count));
    }

    /** A copy of a listpack, in a block of its own. Also the way in for bytes that {@link #isValid} found good. */
    public static long copy(long listpack, ArenaStripe into) {
        int total = totalBytes(listpack);
        long copy = into.allocate(total);
        NativeMemory.copy(listpack, copy, total);
        return copy;
    }

    /** Frees a listpack that is alone in a block of the stripe. */
    public static void free(ArenaStripe stripe, long listpack) {
        stripe.free(listpack, totalBytes(listpack));
    }

    /** All bytes of the listpack, header and end included: at least {@link #EMPTY_BYTES}. */
    public static int totalBytes(long listpack) {
        return NativeMemory.readInt(listpack + TOTAL);
    }

    /** How many elements there are; one step each when there are, or were, 65,535 or more. */
    public static int count(long listpack) {
        int stored = NativeMemory.readShort(listpack + COUNT) & 0xFFFF;
        if (stored != UNKNOWN) {
            return stored;
        }
        int count = 0;
        for (int at = first(listpack); at != NONE; at = next(listpack, at)) {
            count++;
        }
        if (count < UNKNOWN) {
            NativeMemory.writeShort(listpack + COUNT, (short) count);
        }
        return count;
    }

    /** Whether there is no element. */
    public static boolean isEmpty(long listpack) {
        return totalBytes(listpack) == EMPTY_BYTES;
    }

    /** Whether {@code bytes} more stay within {@link #MOST_BYTES}. */
    public static boolean hasRoom(long listpack, long bytes) {
        return totalBytes(listpack) + bytes <= MOST_BYTES;
    }

    /** The position of the first element, or {@link #NONE}. */
    public static int first(long listpack) {
        return isEmpty(listpack) ? NONE : HEADER_BYTES;
    }

    /** The position of the last element, or {@link #NONE}. */
    public static int last(long listpack) {
        int end = end(listpack);
        return end == HEADER_BYTES ? NONE : end - ListpackEntry.sizeBefore(listpack + end);
    }

    /** The position of the end mark: where an element would be appended. */
    public static int end(long listpack) {
        return totalBytes(listpack) - 1;
    }

    /** The position after an element's, or {@link #NONE}. */
    public static int next(long listpack, int position) {
        int next = position + ListpackEntry.size(listpack + position);
        return NativeMemory.readByte(listpack + next) == END ? NONE : next;
    }

    /** The position before an element's, or {@link #NONE}. */
    public static int previous(long listpack, int position) {
        return position == HEADER_BYTES
                ? NONE
                : position - ListpackEntry.sizeBefore(listpack + position);
    }

    /** The position of element {@code index}: 0 is the first, -1 the last; {@link #NONE} when out of range. */
    public static int seek(long listpack, int index) {
        int stored = NativeMemory.readShort(listpack + COUNT) & 0xFFFF;
        int steps = index;
        if (stored != UNKNOWN) {
            steps = index < 0 ? index + stored : index;
            if (steps < 0 || steps >= stored) {
                return NONE;
            }
            steps = steps <= stored / 2 ? steps : steps - stored;
        }
        int at;
        if (steps >= 0) {
            at = first(listpack);
            for (; steps > 0 && at != NONE; steps--) {
                at = next(listpack, at);
            }
        } else {
            at = last(listpack);
            for (; steps < -1 && at != NONE; steps++) {
                at = previous(listpack, at);
            }
        }
        return at;
    }

    /**
     * The first element from {@code position} on ({@link #NONE}: none is looked at) whose text is {@code value}, leaving
     * out {@code skip} elements after each that is compared: 1 finds a field among fields and values.
     *
     * @return its position, or {@link #NONE}
     */
    public static int find(long listpack, int position, ByteSpan value, int skip) {
        if (position == NONE) {
            return NONE;
        }
        long bytes = value.address();
        int length = value.length();
        boolean isLong = DecimalLong.isLong(bytes, length);
        long number = isLong ? DecimalLong.parse(bytes, length) : 0;
        long entry = listpack + position;
        while (NativeMemory.readByte(entry) != END) {
            boolean found = isLong && ListpackEntry.isInteger(entry)
                    ? ListpackEntry.integer(entry) == number
                    : ListpackEntry.isString(entry, bytes, length);
            if (found) {
                return (int) (entry - listpack);
            }
            entry += ListpackEntry.size(entry);
            for (int i = 0; i < skip && NativeMemory.readByte(entry) != END; i++) {
                entry += ListpackEntry.size(entry);
            }
        }
        return NONE;
    }

    /** Adds an element at the end: its position is what {@link #end} was. Returns the listpack's address. */
    public static long append(ArenaStripe stripe, long listpack, ByteSpan value) {
        return insert(stripe, listpack, end(listpack), value);
    }

    /** Adds an integer at the end. Returns the listpack's address. */
    public static long append(ArenaStripe stripe, long listpack, long value) {
        return insert(stripe, listpack, end(listpack), value);
    }

    /** Adds an element at the beginning. Returns the listpack's address. */
    public static long prepend(ArenaStripe stripe, long listpack, ByteSpan value) {
        return insert(stripe, listpack, HEADER_BYTES, value);
    }

    /** Adds an integer at the beginning. Returns the listpack's address. */
    public static long prepend(ArenaStripe stripe, long listpack, long value) {
        return insert(stripe, listpack, HEADER_BYTES, value);
    }

    /**
     * Adds an element before the one at {@code position}, or before the {@link #end}; it has that position afterwards.
     * Returns the listpack's address.
     */
    public static long insert(ArenaStripe stripe, long listpack, int position, ByteSpan value) {
        return put(stripe, listpack, position, 0, value);
    }

    /** As {@link #insert(ArenaStripe, long, int, ByteSpan)}, for an integer. */
    public static long insert(ArenaStripe stripe, long listpack, int position, long value) {
        return put(stripe, listpack, position, 0, value);
    }

    /** Adds an element after the one at {@code position}. Returns the listpack's address. */
    public static long insertAfter(
            ArenaStripe stripe, long listpack, int position, ByteSpan value) {
        int after = position + ListpackEntry.size(listpack + position);
        return put(stripe, listpack, after, 0, value);
    }

    /** Puts another value in the place of an element, whose position stays. Returns the listpack's address. */
    public static long replace(ArenaStripe stripe, long listpack, int position, ByteSpan value) {
        return put(stripe, listpack, position, ListpackEntry.size(listpack + position), value);
    }

    /** As {@link #replace(ArenaStripe, long, int, ByteSpan)}, for an integer. */
    public static long replace(ArenaStripe stripe, long listpack, int position, long value) {
        return put(stripe, listpack, position, ListpackEntry.size(listpack + position), value);
    }

    /**
     * Takes an element out; the one after it, or the end, has its position afterwards ({@link #elementAt} tells which).
     * Returns the listpack's address.
     */
    public static long delete(ArenaStripe stripe, long listpack, int position) {
        return deleteRange(stripe, listpack, position, 1);
    }

    /**
     * Takes {@code count} elements out from {@code position} on, or as many as there are; what follows them has that
     * position afterwards. Returns the listpack's address.
     */
    public static long deleteRange(ArenaStripe stripe, long listpack, int position, int count) {
        int to = position;
        int deleted = 0;
        while (deleted < count && NativeMemory.readByte(listpack + to) != END) {
            to += ListpackEntry.size(listpack + to);
            deleted++;
        }
        long edited = splice(stripe, listpack, position, to - position, 0);
        addCount(edited, -deleted);
        return edited;
    }

    /** The position itself, or {@link #NONE} when the end is there. */
    public static int elementAt(long listpack, int position) {
        return NativeMemory.readByte(listpack + position) == END ? NONE : position;
    }

    /**
     * Makes room for {@code bytes} bytes of {@code elements} new elements at a position, in place, for the caller to fill at
     * once. The caller has made sure of the room behind the listpack.
     */
    public static void open(long listpack, int position, int bytes, int elements) {
        int total = totalBytes(listpack);
        long at = listpack + position;
        NativeMemory.move(at, at + bytes, total - position);
        NativeMemory.writeInt(listpack + TOTAL, total + bytes);
        addCount(listpack, elements);
    }

    /** Takes {@code bytes} bytes of {@code elements} elements out at a position, in place. */
    public static void close(long listpack, int position, int bytes, int elements) {
        int total = totalBytes(listpack);
        long at = listpack + position;
        NativeMemory.move(at + bytes, at, total - position - bytes);
        NativeMemory.writeInt(listpack + TOTAL, total - bytes);
        addCount(listpack, -elements);
    }

    /**
     * Whether the {@code length} bytes at an address are one whole listpack, every element looked at: total, encodings,
     * backlens, end mark and count agree. For bytes from outside.
     */
    public static boolean isValid(long listpack, long length) {
        if (length < EMPTY_BYTES
                || length > MOST_BYTES
                || totalBytes(listpack) != length
                || NativeMemory.readByte(listpack + length - 1) != END) {
            return false;
        }
        int end = (int) length - 1;
        int at = HEADER_BYTES;
        int count = 0;
        while (at < end) {
            int size = ListpackEntry.checkedSize(listpack + at, end - at);
            if (size < 0) {
                return false;
            }
            at += size;
            count++;
        }
        int stored = NativeMemory.readShort(listpack + COUNT) & 0xFFFF;
        return at == end && (stored == UNKNOWN || stored == count);
    }

    private static long put(
            ArenaStripe stripe, long listpack, int position, int removed, ByteSpan value) {
        if (DecimalLong.isLong(value.address(), value.length())) {
            long number = DecimalLong.parse(value.address(), value.length());
            return put(stripe, listpack, position, removed, number);
        }
        int size = ListpackEntry.sizeOfString(value.length());
        long edited = splice(stripe, listpack, position, removed, size);
        addCount(edited, removed == 0 ? 1 : 0);
        ListpackEntry.writeString(value.address(), value.length(), edited + position);
        return edited;
    }

    private static long put(
            ArenaStripe stripe, long listpack, int position, int removed, long value) {
        int size = ListpackEntry.sizeOf(value);
        long edited = splice(stripe, listpack, position, removed, size);
        addCount(edited, removed == 0 ? 1 : 0);
        ListpackEntry.write(value, edited + position);
        return edited;
    }

    /** Puts {@code added} undefined bytes in the place of {@code removed}; in another block when the size asks for it. */
    private static long splice(ArenaStripe stripe, long listpack, int at, int removed, int added) {
        int total = totalBytes(listpack);
        int after = total + added - removed;
        if (after > MOST_BYTES || after < 0) {
            throw new IllegalArgumentException("a listpack of more than 1 GiB");
        }
        int tail = total - at - removed;
        long edited = listpack;
        if (ArenaStripe.blockSize(after) != ArenaStripe.blockSize(total)) {
            edited = stripe.allocate(after);
            NativeMemory.copy(listpack, edited, at);
            NativeMemory.copy(listpack + at + removed, edited + at + added, tail);
            stripe.free(listpack, total);
        } else if (added != removed) {
            NativeMemory.move(listpack + at + removed, listpack + at + added, tail);
        }
        NativeMemory.writeInt(edited + TOTAL, after);
        return edited;
    }

    private static void addCount(long listpack, int elements) {
        int stored = NativeMemory.readShort(listpack + COUNT) & 0xFFFF;
        if (stored != UNKNOWN) {
            int count = Math.min(UNKNOWN, stored + elements);
            NativeMemory.writeShort(listpack + COUNT, (short) count);
        }
    }
}
