package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;

/** The elements of listpacks, ziplists and zipmaps that came from outside. Wrong ones are an {@link RdbFormatException}. */
final class PackedText {
    private static final int DIGITS = 24;
    private static final int ZIPMAP_END = 0xFF;
    private static final int ZIPMAP_WIDE = 0xFE;

    private PackedText() {}

    /** Shows the elements of a listpack. */
    static void ofListpack(ByteSpan bytes, TextVisitor visitor) {
        long listpack = bytes.address();
        require(Listpack.isValid(listpack, bytes.length()), "a broken listpack");
        ByteSpan text = new ByteSpan();
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            for (int at = Listpack.first(listpack);
                    at != Listpack.NONE;
                    at = Listpack.next(listpack, at)) {
                visitor.visit(ListpackEntry.text(listpack + at, text, digits));
            }
        }
    }

    /** Whether a valid listpack is 1 to {@code most} pairs whose first elements all differ. */
    static boolean isPairs(ByteSpan bytes, int most) {
        long listpack = bytes.address();
        int elements = Listpack.count(listpack);
        if (elements == 0 || elements % 2 != 0 || elements / 2 > most) {
            return false;
        }
        ByteSpan text = new ByteSpan();
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            int at = Listpack.first(listpack);
            while (at != Listpack.NONE) {
                ListpackEntry.text(listpack + at, text, digits);
                at = Listpack.next(listpack, Listpack.next(listpack, at));
                if (Listpack.find(listpack, at, text, 1) != Listpack.NONE) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A listpack of the elements of a ziplist, in a block of its own. */
    static long ziplistToListpack(ByteSpan ziplist, ArenaStripe stripe) {
        long[] listpack = {Listpack.create(stripe)};
        boolean whole = false;
        try {
            ofZiplist(ziplist, text -> listpack[0] = Listpack.append(stripe, listpack[0], text));
            whole = true;
            return listpack[0];
        } finally {
            if (!whole) {
                Listpack.free(stripe, listpack[0]);
            }
        }
    }

    /** Shows the elements of a ziplist. */
    static void ofZiplist(ByteSpan bytes, TextVisitor visitor) {
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            new Ziplist(bytes).forEach(visitor, digits);
        }
    }

    /**
     * Shows the fields and values of a zipmap:
     *
     * <pre>
     *  count | field length | field | value length | unused | value | unused bytes | .. | FF
     *  length: 0..253, or FE u32
     * </pre>
     */
    static void ofZipmap(ByteSpan bytes, TextVisitor visitor) {
        ByteSpan text = new ByteSpan();
        int at = 1;
        require(bytes.length() > at, "a zipmap without an end");
        int pairs = 0;
        while (bytes.byteAt(at) != ZIPMAP_END) {
            for (int part = 0; part < 2; part++) {
                int length = zipmapLength(bytes, at);
                at += bytes.byteAt(at) == ZIPMAP_WIDE ? 1 + Integer.BYTES : 1;
                int unused = 0;
                if (part == 1) {
                    require(at < bytes.length(), "a zipmap without an end");
                    unused = bytes.byteAt(at++);
                }
                require(length < bytes.length() - at - unused, "a zipmap's text too long");
                visitor.visit(text.set(bytes).slice(at, length));
                at += length + unused;
            }
            pairs++;
        }
        require(at == bytes.length() - 1, "a zipmap that ends early");
        int told = bytes.byteAt(0);
        require(told >= ZIPMAP_WIDE || told == pairs, "a zipmap of another size");
    }

    private static int zipmapLength(ByteSpan bytes, int at) {
        require(
                at + Integer.BYTES < bytes.length() - 1 || bytes.byteAt(at) < ZIPMAP_WIDE,
                "no length");
        int first = bytes.byteAt(at);
        if (first < ZIPMAP_WIDE) {
            return first;
        }
        require(first == ZIPMAP_WIDE, "a zipmap that ends inside a pair");
        int length = bytes.byteAt(at + 1)
                | bytes.byteAt(at + 2) << 8
                | bytes.byteAt(at + 3) << 16
                | bytes.byteAt(at + 4) << 24;
        require(length >= 0, "a length out of range");
        return length;
    }
}
