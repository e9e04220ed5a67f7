package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;

import java.util.function.LongConsumer;

/**
 * Named blocks in the order of their names (unsigned bytes, a prefix first): the groups of a stream, the consumers of a group.
 * Pages of block addresses below one directory; the names are in the blocks:
 *
 * <pre>
 *   table      directory 8, 0 while the table is empty | number of blocks 8
 *   directory  pages 4 | capacity 4 | page addresses
 *   page       blocks 4 | capacity 4 | block addresses
 *   block      length of the name 4 | where it is in the block 4 | ..
 * </pre>
 *
 * A page holds up to 256 blocks, so a step moves some hundred words at most, and the directory of ten million names half a
 * megabyte.
 */
final class NameTable {
    /** Bytes of the words that make a table. */
    static final int BYTES = 16;

    /** Bytes at the beginning of a named block. */
    static final int NAME_BYTES = 8;

    private static final int SIZE = 8;
    private static final int PAGE_BLOCKS = 256;
    private static final int FIRST_CAPACITY = 1;
    private static final int CAPACITY = 4;
    private static final int WORDS = 8;

    private NameTable() {}

    static void initialise(long table) {
        NativeMemory.writeLong(table, 0);
        NativeMemory.writeLong(table + SIZE, 0);
    }

    static long size(long table) {
        return NativeMemory.readLong(table + SIZE);
    }

    /** A block of {@code headBytes}, {@link #NAME_BYTES} included, and the name, which it then has. */
    static long allocateNamed(ArenaStripe stripe, int headBytes, ByteSpan name) {
        long block = stripe.allocate((long) headBytes + name.length());
        NativeMemory.writeInt(block, name.length());
        NativeMemory.writeInt(block + 4, headBytes);
        name.copyTo(block + headBytes);
        return block;
    }

    static void freeNamed(ArenaStripe stripe, long block) {
        stripe.free(block, namedBytes(block));
    }

    /** Bytes asked for when the block was made. */
    static long namedBytes(long block) {
        return (long) NativeMemory.readInt(block) + NativeMemory.readInt(block + 4);
    }

    static ByteSpan name(long block, ByteSpan into) {
        return into.set(block + NativeMemory.readInt(block + 4), NativeMemory.readInt(block));
    }

    /** The block of a name, 0 when there is none. */
    static long find(long table, ByteSpan name) {
        long directory = NativeMemory.readLong(table);
        if (directory == 0) {
            return 0;
        }
        long page = word(directory, pageOf(directory, name));
        int index = countBefore(page, name);
        return index < count(page) && order(word(page, index), name) == 0 ? word(page, index) : 0;
    }

    /** Enters a named block whose name is absent. */
    static void insert(ArenaStripe stripe, long table, long block) {
        ByteSpan name = name(block, new ByteSpan());
        long directory = NativeMemory.readLong(table);
        if (directory == 0) {
            directory = allocate(stripe, FIRST_CAPACITY);
            long page = allocate(stripe, FIRST_CAPACITY);
            directory = put(stripe, directory, 0, page);
            NativeMemory.writeLong(table, directory);
        }
        int pageIndex = pageOf(directory, name);
        long page = word(directory, pageIndex);
        if (count(page) == PAGE_BLOCKS) {
            long right = allocate(stripe, PAGE_BLOCKS);
            int half = PAGE_BLOCKS / 2;
            NativeMemory.copy(page + WORDS + 8L * half, right + WORDS, 8L * half);
            count(page, half);
            count(right, half);
            directory = put(stripe, directory, pageIndex + 1, right);
            NativeMemory.writeLong(table, directory);
            pageIndex = pageOf(directory, name);
            page = word(directory, pageIndex);
        }
        page = put(stripe, page, countBefore(page, name), block);
        NativeMemory.writeLong(directory + WORDS + 8L * pageIndex, page);
        NativeMemory.writeLong(table + SIZE, size(table) + 1);
    }

    /** Takes a block out, which is not freed. */
    static void remove(ArenaStripe stripe, long table, long block) {
        ByteSpan name = name(block, new ByteSpan());
        long directory = NativeMemory.readLong(table);
        int pageIndex = pageOf(directory, name);
        long page = word(directory, pageIndex);
        int index = countBefore(page, name);
        if (index == count(page) || word(page, index) != block) {
            throw new IllegalStateException("the block is not in the table");
        }
        cut(page, index);
        if (count(page) == 0) {
            stripe.free(page, bytes(page));
            cut(directory, pageIndex);
        }
        if (count(directory) == 0) {
            stripe.free(directory, bytes(directory));
            NativeMemory.writeLong(table, 0);
        }
        NativeMemory.writeLong(table + SIZE, size(table) - 1);
    }

    /** The block whose name is last, 0 when the table is empty. */
    static long last(long table) {
        long directory = NativeMemory.readLong(table);
        if (directory == 0) {
            return 0;
        }
        long page = word(directory, count(directory) - 1);
        return word(page, count(page) - 1);
    }

    /** Visits every block in the order of names; the table must not change meanwhile. */
    static void forEach(long table, LongConsumer visitor) {
        long directory = NativeMemory.readLong(table);
        int pages = directory == 0 ? 0 : count(directory);
        for (int i = 0; i < pages; i++) {
            long page = word(directory, i);
            int blocks = count(page);
            for (int j = 0; j < blocks; j++) {
                visitor.accept(word(page, j));
            }
        }
    }

    /** Bytes of directory and pages. */
    static long tableBytes(long table) {
        long directory = NativeMemory.readLong(table);
        if (directory == 0) {
            return 0;
        }
        long sum = ArenaStripe.blockSize(bytes(directory));
        int pages = count(directory);
        for (int i = 0; i < pages; i++) {
            sum += ArenaStripe.blockSize(bytes(word(directory, i)));
        }
        return sum;
    }

    /** The page that has, or would have, a name: the last that does not begin after it. */
    private static int pageOf(long directory, ByteSpan name) {
        int low = 1;
        int high = count(directory);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (order(word(word(directory, middle), 0), name) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private static int countBefore(long page, ByteSpan name) {
        int low = 0;
        int high = count(page);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (order(word(page, middle), name) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int order(long block, ByteSpan name) {
        return NativeMemory.compare(
                block + NativeMemory.readInt(block + 4),
                NativeMemory.readInt(block),
                name.address(),
                name.length());
    }

    private static long allocate(ArenaStripe stripe, int capacity) {
        long array = stripe.allocate(WORDS + 8L * capacity);
        count(array, 0);
        NativeMemory.writeInt(array + CAPACITY, capacity);
        return array;
    }

    private static long bytes(long array) {
        return WORDS + 8L * NativeMemory.readInt(array + CAPACITY);
    }

    private static int count(long array) {
        return NativeMemory.readInt(array);
    }

    private static void count(long array, int count) {
        NativeMemory.writeInt(array, count);
    }

    private static long word(long array, int index) {
        return NativeMemory.readLong(array + WORDS + 8L * index);
    }

    /** Puts a word in before {@code index}, in an array twice as large when it is full. Returns the array. */
    private static long put(ArenaStripe stripe, long array, int index, long word) {
        int count = count(array);
        long target = array;
        if (count == NativeMemory.readInt(array + CAPACITY)) {
            target = allocate(stripe, 2 * count);
            NativeMemory.copy(array + WORDS, target + WORDS, 8L * count);
            stripe.free(array, bytes(array));
        }
        long at = target + WORDS + 8L * index;
        NativeMemory.move(at, at + 8, 8L * (count - index));
        NativeMemory.writeLong(at, word);
        count(target, count + 1);
        return target;
    }

    private static void cut(long array, int index) {
        int left = count(array) - 1;
        long at = array + WORDS + 8L * index;
        NativeMemory.move(at + 8, at, 8L * (left - index));
        count(array, left);
    }
}
