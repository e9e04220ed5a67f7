package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

/**
 * The form in which Redis kept small values before listpacks; only ever read here.
 *
 * <pre>
 *  | bytes u32 | offset of the last entry u32 | count u16, 65535: unknown | entries | FF |
 *
 *  entry     | length of the one before: 0..253, or FE u32 | encoding | text |
 *  encoding  00llllll | 01llllll llllllll | 10...... u32    a string; high bits first
 *            C0 i16 | D0 i32 | E0 i64 | F0 i24 | FE i8      an integer; low bits first
 *            F1..FD                                         an integer 0..12
 * </pre>
 */
final class Ziplist {
    private static final int COUNT = 8;
    private static final int HEADER_BYTES = 10;
    private static final int END = 0xFF;
    private static final int WIDE = 0xFE;
    private static final int UNKNOWN_COUNT = 0xFFFF;

    private final ByteSpan bytes;
    private final int end;
    private final ByteSpan text = new ByteSpan();
    private int at;

    /** @param bytes all of it */
    Ziplist(ByteSpan bytes) {
        this.bytes = bytes;
        this.end = bytes.length() - 1;
        require(end >= HEADER_BYTES && word(0) == bytes.length(), "a ziplist of another length");
        require(bytes.byteAt(end) == END, "a ziplist without an end");
    }

    /** Shows the elements, checking each before; {@code digits} holds the text of integers. */
    void forEach(TextVisitor visitor, NativeBuffer digits) {
        at = HEADER_BYTES;
        int last = HEADER_BYTES;
        int before = 0;
        int count = 0;
        while (at < end) {
            last = at;
            require(previousLength() == before, "a ziplist's entry of another length");
            visitor.visit(element(digits));
            before = at - last;
            count++;
        }
        int told = bytes.byteAt(COUNT) | bytes.byteAt(COUNT + 1) << 8;
        require(told == UNKNOWN_COUNT || told == count, "a ziplist of another size");
        require(word(Integer.BYTES) == last, "a ziplist with another last entry");
    }

    private int previousLength() {
        int first = take();
        if (first < WIDE) {
            return first;
        }
        require(first == WIDE, "a ziplist that ends early");
        return (int) little(Integer.BYTES);
    }

    private ByteSpan element(NativeBuffer digits) {
        int first = take();
        return switch (first >>> 6) {
            case 0 -> string(first);
            case 1 -> string((first & 0x3F) << 8 | take());
            case 2 -> string(Integer.reverseBytes((int) little(Integer.BYTES)));
            default -> digits.putLong(integer(first));
        };
    }

    private long integer(int encoding) {
        return switch (encoding) {
            case 0xC0 -> (short) little(Short.BYTES);
            case 0xD0 -> (int) little(Integer.BYTES);
            case 0xE0 -> little(Long.BYTES);
            case 0xF0 -> (int) little(3) << 8 >> 8;
            case 0xFE -> (byte) little(1);
            default -> {
                require(encoding > 0xF0 && encoding < 0xFE, "an unknown encoding");
                yield encoding - 0xF1;
            }
        };
    }

    private ByteSpan string(int length) {
        require(length >= 0 && length <= end - at, "a string that does not end");
        text.set(bytes).slice(at, length);
        at += length;
        return text;
    }

    private int take() {
        require(at < end, "a ziplist that ends inside an entry");
        return bytes.byteAt(at++);
    }

    private long little(int count) {
        require(count <= end - at, "a ziplist that ends inside an entry");
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (long) bytes.byteAt(at + i) << Byte.SIZE * i;
        }
        at += count;
        return value;
    }

    private int word(int offset) {
        return (int) bytes.longAt(offset);
    }
}
