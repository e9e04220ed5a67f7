package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.packed.Lzf;

/**
 * Reads lengths, strings and numbers as {@link RdbWriter} writes them. Memory grows with the bytes that have come, not with
 * the lengths they speak of. All methods throw {@link RdbFormatException} when the bytes are wrong or end early. For one
 * thread.
 */
public final class RdbReader implements AutoCloseable {
    /** Longest string, bytes: 512 MiB, as long as a string may be. */
    static final int LONGEST_STRING = 512 * 1024 * 1024;

    private static final int PAGE_BYTES = 1 << 14;
    private static final int FIRST_BYTES = 1 << 10;
    /** Most bytes that one compressed byte can stand for: a copy of 264 takes 3. */
    private static final int MOST_EXPANSION = 88;

    private final RdbSource source;
    private final int pageBytes;
    private final NativeBuffer pageBuffer;
    private final ByteSpan window = new ByteSpan();
    private final long page;
    private final NativeBuffer gathered = new NativeBuffer(FIRST_BYTES);
    private final NativeBuffer expanded = new NativeBuffer(FIRST_BYTES);
    private int at;
    private int end;
    private int summed;
    private long passedBytes;
    private long checksum = Crc64.START;

    public RdbReader(RdbSource source) {
        this(source, PAGE_BYTES);
    }

    /** @param pageBytes how much is asked of the source at a time, at least 64 */
    RdbReader(RdbSource source, int pageBytes) {
        this.source = source;
        this.pageBytes = pageBytes;
        this.pageBuffer = new NativeBuffer(pageBytes);
        this.page = pageBuffer.zeros(pageBytes).address();
    }

    /** Bytes read so far. */
    public long readBytes() {
        return passedBytes + at;
    }

    /** The {@link Crc64} of the bytes read so far. */
    public long checksum() {
        checksum = Crc64.of(checksum, page + summed, at - summed);
        summed = at;
        return checksum;
    }

    /** Whether there is nothing left. */
    public boolean atEnd() {
        return at == end && !refill();
    }

    /** Points {@code into} at what the source has given and nobody has read, and passes it. */
    ByteSpan readAhead(ByteSpan into) {
        into.set(page + at, end - at);
        at = end;
        return into;
    }

    /** The place in the page, to come back to by {@link #reset} as long as only {@code try} methods were called. */
    int mark() {
        return at;
    }

    void reset(int mark) {
        at = mark;
    }

    /** Whether so many bytes stand in the page. */
    boolean has(int bytes) {
        return end - at >= bytes;
    }

    /** The next byte if it stands in the page, else -1. */
    int tryByte() {
        return at < end ? NativeMemory.readByte(page + at++) & 0xFF : -1;
    }

    /** Points {@code into} at the next string, if it is shorter than 16,384 bytes, plain, and stands in the page whole. */
    boolean tryRaw(ByteSpan into) {
        if (!has(Short.BYTES)) {
            return false;
        }
        int first = NativeMemory.readByte(page + at) & 0xFF;
        int length = first;
        int head = 1;
        if (first >= 1 << 6) {
            length = (first & 0x3F) << 8 | NativeMemory.readByte(page + at + 1) & 0xFF;
            head = 2;
        }
        if (first >= 1 << 7 || end - at - head < length) {
            return false;
        }
        into.set(page + at + head, length);
        at += head + length;
        return true;
    }

    /** A byte, 0..255. */
    public int readByte() {
        need(1);
        return NativeMemory.readByte(page + at++) & 0xFF;
    }

    /** 64 bits, low first. */
    public long readLong() {
        need(Long.BYTES);
        long value = NativeMemory.readLong(page + at);
        at += Long.BYTES;
        return value;
    }

    /** A number as {@link RdbWriter#writeLength} wrote it, all 64 bits of it. */
    public long readNumber() {
        int first = readByte();
        return switch (first >>> 6) {
            case 0 -> first;
            case 1 -> (first & 0x3F) << 8 | readByte();
            case 2 -> readWide(first);
            default -> throw new RdbFormatException("a string for a length");
        };
    }

    /** A count of things that take at least one byte each, 0 to 2^31 - 1. */
    public int readCount() {
        long count = readNumber();
        require(count >= 0 && count <= Integer.MAX_VALUE, "a count out of range");
        return (int) count;
    }

    /** Points {@code into} at a string, which stays there until anything else is read. */
    public ByteSpan readString(ByteSpan into) {
        int first = readByte();
        if (first >>> 6 == 3) {
            return switch (first) {
                case RdbWriter.INT_8 -> into.set(gathered.putLong((byte) readByte()));
                case RdbWriter.INT_16 -> into.set(gathered.putLong((short) readShort()));
                case RdbWriter.INT_32 -> into.set(gathered.putLong(readInt()));
                case RdbWriter.COMPRESSED -> readCompressed(into);
                default -> throw new RdbFormatException("an unknown form of string");
            };
        }
        at--;
        return readRaw(stringLength(), into);
    }

    /** Points {@code into} at so many bytes, 0 to 512 MiB, which stay there until anything else is read. */
    public ByteSpan readRaw(int length, ByteSpan into) {
        if (end - at < length && length <= pageBytes) {
            fill(length);
        }
        if (end - at >= length) {
            into.set(page + at, length);
            at += length;
            return into;
        }
        require(length > pageBytes, "the end inside a string");
        return into.set(gather(length));
    }

    /** Frees the pages. */
    @Override
    public void close() {
        pageBuffer.close();
        gathered.close();
        expanded.close();
    }

    private long readWide(int first) {
        if (first == RdbWriter.LENGTH_32) {
            return Integer.reverseBytes(readInt()) & 0xFFFF_FFFFL;
        }
        require(first == RdbWriter.LENGTH_64, "an unknown form of length");
        return Long.reverseBytes(readLong());
    }

    private int readShort() {
        return readByte() | readByte() << 8;
    }

    /** 32 bits, low first. */
    int readInt() {
        need(Integer.BYTES);
        int value = NativeMemory.readInt(page + at);
        at += Integer.BYTES;
        return value;
    }

    private int stringLength() {
        long length = readNumber();
        require(length >= 0 && length <= LONGEST_STRING, "a string too long");
        return (int) length;
    }

    private ByteSpan readCompressed(ByteSpan into) {
        int compressedLength = stringLength();
        int length = stringLength();
        require(length > 0 && length / MOST_EXPANSION <= compressedLength, "not so much LZF");
        readRaw(compressedLength, into);
        ByteSpan plain = expanded.room(length);
        require(
                Lzf.decompress(into.address(), compressedLength, plain.address(), length),
                "broken LZF");
        return into.set(plain);
    }

    /** A string that is longer than a page, gathered as it comes. */
    private ByteSpan gather(int length) {
        gathered.room(0);
        ByteSpan part = new ByteSpan();
        int left = length;
        while (left > 0) {
            require(at < end || refill(), "the end inside a string");
            int count = Math.min(left, end - at);
            gathered.append(part.set(page + at, count));
            at += count;
            left -= count;
        }
        return gathered.span();
    }

    private void need(int bytes) {
        if (end - at < bytes) {
            fill(bytes);
            require(end - at >= bytes, "the end inside a value");
        }
    }

    /** Makes so many bytes, at most a page, stand in the page, unless the source ends. */
    private void fill(int bytes) {
        boolean more = true;
        while (more && end - at < bytes) {
            more = refill();
        }
    }

    /** Brings more bytes behind those not read yet. Returns false at the end of the source. */
    private boolean refill() {
        checksum();
        NativeMemory.move(page + at, page, end - at);
        passedBytes += at;
        end -= at;
        at = 0;
        summed = 0;
        int count = source.read(window.set(page + end, pageBytes - end));
        end += count;
        return count > 0;
    }
}
