package dev.slotmesh.keyspace.packed;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;

/**
 * Sorted integers without duplicates in one block, byte for byte as Redis keeps and dumps them. All numbers are
 * little-endian:
 *
 * <pre>
 *  | width u32: 2, 4 or 8 | count u32 | count integers of that width, ascending |
 * </pre>
 *
 * <p>The width is that of the widest integer ever added: it grows by need and never shrinks. The block's size follows from
 * width and count. Everything here is a function over the address of the block; whoever holds that address holds the lock
 * it is guarded by. Methods that change the length answer the address from then on.
 */
public final class Intset {
    /** Bytes of the two header fields. */
    public static final int HEADER_BYTES = 8;

    /** Most members: what a block can hold of the widest integers with a length of 31 bits. */
    public static final int MOST_MEMBERS = (Integer.MAX_VALUE - HEADER_BYTES) / Long.BYTES;

    private static final int WIDTH = 0;
    private static final int COUNT = WIDTH + 4;

    private Intset() {}

    /** A new set without members. */
    public static long create(ArenaStripe stripe) {
        long block = stripe.allocate(HEADER_BYTES);
        writeHeader(block, Short.BYTES, 0);
        return block;
    }

    /**
     * A new set of these bytes, which came from elsewhere.
     *
     * @throws IllegalArgumentException when {@link #isValid} is false
     */
    public static long load(ArenaStripe stripe, ByteSpan bytes) {
        if (!isValid(bytes)) {
            throw new IllegalArgumentException("not an intset");
        }
        return copy(bytes.address(), stripe);
    }

    /** Whether bytes are a set: a known width, at least one member, no byte too many, strictly ascending. */
    public static boolean isValid(ByteSpan bytes) {
        long address = bytes.address();
        if (bytes.length() < HEADER_BYTES) {
            return false;
        }
        int width = width(address);
        if (width != Short.BYTES && width != Integer.BYTES && width != Long.BYTES) {
            return false;
        }
        long count = NativeMemory.readInt(address + COUNT) & 0xFFFF_FFFFL;
        return count > 0
                && count == (bytes.length() - HEADER_BYTES) / width
                && count * width == bytes.length() - HEADER_BYTES
                && isAscending(address, (int) count, width);
    }

    /** Points {@code into} at the set's bytes. */
    public static ByteSpan bytes(long block, ByteSpan into) {
        return into.set(block, (int) byteLength(count(block), width(block)));
    }

    /** Number of members, 0 to {@link #MOST_MEMBERS}. */
    public static int count(long block) {
        return NativeMemory.readInt(block + COUNT);
    }

    /** Bytes of a member: 2, 4 or 8. */
    public static int width(long block) {
        return NativeMemory.readInt(block + WIDTH);
    }

    /** The member at {@code index}, 0 to {@link #count} - 1, in ascending order. */
    public static long get(long block, int index) {
        return get(block, index, width(block));
    }

    public static boolean contains(long block, long value) {
        return search(block, value) >= 0;
    }

    /** The index of a member; of what is none {@code -1 - i}, where i is the index at which it belongs. */
    public static int search(long block, long value) {
        int width = width(block);
        int low = 0;
        int high = count(block) - 1;
        if (high < 0 || value > get(block, high, width)) {
            return -2 - high;
        }
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = get(block, middle, width);
            if (found < value) {
                low = middle + 1;
            } else if (found > value) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -1 - low;
    }

    /**
     * Adds a member.
     *
     * @return where the set is from now on; 0 when the value was a member before, and nothing changed
     * @throws IllegalStateException when there are {@link #MOST_MEMBERS} already
     */
    public static long add(ArenaStripe stripe, long block, long value) {
        int found = search(block, value);
        if (found >= 0) {
            return 0;
        }
        int count = count(block);
        if (count == MOST_MEMBERS) {
            throw new IllegalStateException("an intset of more than " + count + " members");
        }
        int width = width(block);
        int needed = widthOf(value);
        return needed > width
                ? widen(stripe, block, value, needed)
                : insert(stripe, block, -1 - found, value);
    }

    /**
     * Takes a member out; the set may be left without any.
     *
     * @return where the set is from now on; 0 when the value was no member, and nothing changed
     */
    public static long remove(ArenaStripe stripe, long block, long value) {
        int found = search(block, value);
        return found < 0 ? 0 : removeAt(stripe, block, found);
    }

    /** Takes the member at {@code index}, 0 to {@link #count} - 1, out. Returns where the set is from now on. */
    public static long removeAt(ArenaStripe stripe, long block, int index) {
        int count = count(block);
        int width = width(block);
        long hole = slot(block, index, width);
        NativeMemory.move(hole + width, hole, (long) (count - 1 - index) * width);
        writeHeader(block, width, count - 1);
        long had = byteLength(count, width);
        long has = byteLength(count - 1, width);
        if (ArenaStripe.blockSize(had) == ArenaStripe.blockSize(has)) {
            return block;
        }
        long moved = stripe.allocate(has);
        NativeMemory.copy(block, moved, has);
        stripe.free(block, had);
        return moved;
    }

    /** A copy of a set in a block of its own. */
    public static long copy(long block, ArenaStripe into) {
        long length = byteLength(count(block), width(block));
        long copy = into.allocate(length);
        NativeMemory.copy(block, copy, length);
        return copy;
    }

    /** Gives the block back. */
    public static void free(ArenaStripe stripe, long block) {
        stripe.free(block, blockBytes(block));
    }

    /** Bytes of the block. */
    public static long blockBytes(long block) {
        return ArenaStripe.blockSize(byteLength(count(block), width(block)));
    }

    private static long insert(ArenaStripe stripe, long block, int index, long value) {
        int count = count(block);
        int width = width(block);
        long had = byteLength(count, width);
        long has = byteLength(count + 1, width);
        long place = slot(block, index, width);
        long above = (long) (count - index) * width;
        long grown = block;
        if (ArenaStripe.blockSize(had) == ArenaStripe.blockSize(has)) {
            NativeMemory.move(place, place + width, above);
        } else {
            grown = stripe.allocate(has);
            long below = place - block;
            NativeMemory.copy(block, grown, below);
            NativeMemory.copy(place, grown + below + width, above);
            stripe.free(block, had);
        }
        put(grown, index, width, value);
        writeHeader(grown, width, count + 1);
        return grown;
    }

    /** Adds a value that no narrower width can hold: it lies below or above all members. */
    private static long widen(ArenaStripe stripe, long block, long value, int width) {
        int count = count(block);
        int had = width(block);
        long grown = stripe.allocate(byteLength(count + 1, width));
        int shift = value < 0 ? 1 : 0;
        for (int i = 0; i < count; i++) {
            put(grown, i + shift, width, get(block, i, had));
        }
        put(grown, value < 0 ? 0 : count, width, value);
        writeHeader(grown, width, count + 1);
        stripe.free(block, byteLength(count, had));
        return grown;
    }

    private static boolean isAscending(long address, int count, int width) {
        for (int i = 1; i < count; i++) {
            if (get(address, i - 1, width) >= get(address, i, width)) {
                return false;
            }
        }
        return true;
    }

    private static long get(long block, int index, int width) {
        long at = slot(block, index, width);
        return switch (width) {
            case Short.BYTES -> NativeMemory.readShort(at);
            case Integer.BYTES -> NativeMemory.readInt(at);
            default -> NativeMemory.readLong(at);
        };
    }

    private static void put(long block, int index, int width, long value) {
        long at = slot(block, index, width);
        switch (width) {
            case Short.BYTES -> NativeMemory.writeShort(at, (short) value);
            case Integer.BYTES -> NativeMemory.writeInt(at, (int) value);
            default -> NativeMemory.writeLong(at, value);
        }
    }

    private static int widthOf(long value) {
        if (value == (short) value) {
            return Short.BYTES;
        }
        return value == (int) value ? Integer.BYTES : Long.BYTES;
    }

    private static long slot(long block, int index, int width) {
        return block + HEADER_BYTES + (long) index * width;
    }

    private static long byteLength(int count, int width) {
        return HEADER_BYTES + (long) count * width;
    }

    private static void writeHeader(long block, int width, int count) {
        NativeMemory.writeInt(block + WIDTH, width);
        NativeMemory.writeInt(block + COUNT, count);
    }
}
