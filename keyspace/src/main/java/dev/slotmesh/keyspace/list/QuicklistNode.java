package dev.slotmesh.keyspace.list;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.packed.Listpack;

/**
 * A node of a quicklist: one block with a piece of the list somewhere in it.
 *
 * <pre>
 *   0 next node (long, 0 at the end)    8 previous node (long)
 *  16 block size (int)                 20 offset of the content (int)
 *  24 elements; of a plain node: bytes (int)
 *  28 kind (int): 0 packed, 1 plain, 2 compressed
 *  32 room | content | room
 *
 *  content   packed: a {@link Listpack}    plain: the bytes of one element
 *            compressed: | bytes of the listpack u32 | bytes here u32 | {@link dev.slotmesh.keyspace.packed.Lzf LZF} |
 * </pre>
 *
 * The content floats in the block, so that either end of it can grow and shrink without moving the rest.
 */
public final class QuicklistNode {
    static final int HEADER_BYTES = 32;
    static final int PACKED = 0;
    static final int PLAIN = 1;
    static final int COMPRESSED = 2;
    static final int COMPRESSED_HEAD = 8;

    private static final int NEXT = 0;
    private static final int PREVIOUS = NEXT + 8;
    private static final int BLOCK = PREVIOUS + 8;
    private static final int START = BLOCK + 4;
    private static final int MEASURE = START + 4;
    private static final int KIND = MEASURE + 4;
    private static final byte END = (byte) 0xFF;

    private QuicklistNode() {}

    /** The node after this one, 0 at the end. */
    public static long next(long node) {
        return NativeMemory.readLong(node + NEXT);
    }

    /** The node before this one, 0 at the beginning. */
    public static long previous(long node) {
        return NativeMemory.readLong(node + PREVIOUS);
    }

    /** Whether the node is one element as it is, not a listpack. */
    public static boolean isPlain(long node) {
        return kind(node) == PLAIN;
    }

    /** Whether the node's listpack is compressed. */
    public static boolean isCompressed(long node) {
        return kind(node) == COMPRESSED;
    }

    /** How many elements are in the node, at least 1. */
    public static int elements(long node) {
        return kind(node) == PLAIN ? 1 : NativeMemory.readInt(node + MEASURE);
    }

    /** Points {@code into} at the listpack, at the element of a plain node, at the LZF bytes of a compressed one. */
    public static ByteSpan content(long node, ByteSpan into) {
        return switch (kind(node)) {
            case PACKED -> into.set(listpack(node), Listpack.totalBytes(listpack(node)));
            case PLAIN -> into.set(node + start(node), NativeMemory.readInt(node + MEASURE));
            default ->
                into.set(
                        node + start(node) + COMPRESSED_HEAD,
                        NativeMemory.readInt(node + start(node) + 4));
        };
    }

    /** Bytes of the content once it is not compressed. */
    public static int contentBytes(long node) {
        return switch (kind(node)) {
            case PACKED -> Listpack.totalBytes(listpack(node));
            case PLAIN -> NativeMemory.readInt(node + MEASURE);
            default -> NativeMemory.readInt(node + start(node));
        };
    }

    /** A node in no list yet, without content. */
    static long create(ArenaStripe stripe, long bytes, int kind) {
        long block = ArenaStripe.blockSize(bytes);
        if (block > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a node of " + bytes + " bytes");
        }
        long node = stripe.allocate(block);
        NativeMemory.writeLong(node + NEXT, 0);
        NativeMemory.writeLong(node + PREVIOUS, 0);
        NativeMemory.writeInt(node + BLOCK, (int) block);
        NativeMemory.writeInt(node + START, HEADER_BYTES);
        NativeMemory.writeInt(node + MEASURE, 0);
        NativeMemory.writeInt(node + KIND, kind);
        return node;
    }

    /** Writes the listpack of a compressed node to an address where {@link #contentBytes} bytes are free. */
    public static void decompress(long node, long to) {
        NodeCompression.decompress(node, to);
    }

    static void free(ArenaStripe stripe, long node) {
        stripe.free(node, block(node));
    }

    static void next(long node, long other) {
        NativeMemory.writeLong(node + NEXT, other);
    }

    static void previous(long node, long other) {
        NativeMemory.writeLong(node + PREVIOUS, other);
    }

    static int block(long node) {
        return NativeMemory.readInt(node + BLOCK);
    }

    static int start(long node) {
        return NativeMemory.readInt(node + START);
    }

    static void start(long node, int offset) {
        NativeMemory.writeInt(node + START, offset);
    }

    static void measure(long node, int elementsOrBytes) {
        NativeMemory.writeInt(node + MEASURE, elementsOrBytes);
    }

    static int kind(long node) {
        return NativeMemory.readInt(node + KIND);
    }

    static boolean isPacked(long node) {
        return kind(node) == PACKED;
    }

    /** The listpack of a packed node. */
    static long listpack(long node) {
        return node + start(node);
    }

    /** Bytes of header and content of a node, once it is not compressed. */
    static int usedBytes(long node) {
        return HEADER_BYTES + contentBytes(node);
    }

    static int roomBefore(long node) {
        return start(node) - HEADER_BYTES;
    }

    static int roomAfter(long node) {
        return block(node) - start(node) - Listpack.totalBytes(listpack(node));
    }

    /** Takes room before a packed node's content for a new first element. Returns the address to write it to. */
    static long openFirst(long node, int bytes) {
        int start = start(node);
        int total = Listpack.totalBytes(node + start) + bytes;
        int elements = NativeMemory.readInt(node + MEASURE) + 1;
        start(node, start - bytes);
        NativeMemory.writeInt(node + MEASURE, elements);
        Listpack.header(node + start - bytes, total, elements);
        return node + start - bytes + Listpack.HEADER_BYTES;
    }

    /** Takes room after a packed node's content for a new last element. Returns the address to write it to. */
    static long openLast(long node, int bytes) {
        long listpack = listpack(node);
        int total = Listpack.totalBytes(listpack);
        int elements = NativeMemory.readInt(node + MEASURE) + 1;
        NativeMemory.writeInt(node + MEASURE, elements);
        NativeMemory.writeByte(listpack + total + bytes - 1, END);
        Listpack.header(listpack, total + bytes, elements);
        return listpack + total - 1;
    }

    /** Leaves the first elements of a packed node out, not all of them. */
    static void dropFirst(long node, int bytes, int elements) {
        int start = start(node);
        int total = Listpack.totalBytes(node + start) - bytes;
        int left = NativeMemory.readInt(node + MEASURE) - elements;
        start(node, start + bytes);
        NativeMemory.writeInt(node + MEASURE, left);
        Listpack.header(node + start + bytes, total, left);
    }

    /** Leaves the last elements of a packed node out, not all of them. */
    static void dropLast(long node, int bytes, int elements) {
        long listpack = listpack(node);
        int total = Listpack.totalBytes(listpack) - bytes;
        int left = NativeMemory.readInt(node + MEASURE) - elements;
        NativeMemory.writeInt(node + MEASURE, left);
        NativeMemory.writeByte(listpack + total - 1, END);
        Listpack.header(listpack, total, left);
    }
}
