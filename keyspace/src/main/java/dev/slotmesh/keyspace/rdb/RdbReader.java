package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
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

    /** Characters of the longest integer of 32 bits. */
    private static final int LONGEST_INT = 11;

    private static final int PAGE_BYTES = 1 << 14;
    private static final int FIRST_BYTES = 1 << 10;
    /** Most bytes that one compressed byte can stand for: a copy of 264 takes 3. */
    private static final int MOST_EXPANSION = 88;

    private final RdbSource source;
    private final int pageBytes;
    private final NativeBuffer pageBuffer;
    private final ByteSpan window = new ByteSpan();
    private final NativeBuffer gathered = new NativeBuffer(FIRST_BYTES);
    private final NativeBuffer expanded = new NativeBuffer(FIRST_BYTES);
    /** Null when the source is read only when bytes are needed. */
    private final PagesAhead ahead;
    /** Of {@link #ahead}: the page that is being read, whose content has {@code tail} bytes before it of the former. */
    private PagesAhead.Page current;

    private PagesAhead.Page former;
    private int tail;

    private long page;
    private int at;
    private int end;
    private int summed;
    private long passedBytes;
    private long checksum = Crc64.START;

    public RdbReader(RdbSource source) {
        this(source, PAGE_BYTES, null);
    }

    /** @param pageBytes how much is asked of the source at a time, at least 64 */
    RdbReader(RdbSource source, int pageBytes) {
        this(source, pageBytes, null);
    }

    /** A reader of pages that are read ahead; it closes them. */
    RdbReader(PagesAhead ahead) {
        this(null, PagesAhead.HEADROOM_BYTES, ahead);
    }

    private RdbReader(RdbSource source, int pageBytes, PagesAhead ahead) {
        this.source = source;
        this.pageBytes = pageBytes;
        this.ahead = ahead;
        this.pageBuffer = new NativeBuffer(pageBytes);
        this.page = pageBuffer.zeros(pageBytes).address();
    }

    /** Bytes read so far. */
    public long readBytes() {
        return passedBytes + at;
    }

    /** The {@link Crc64} of the bytes read so far. */
    public long checksum() {
        if (ahead != null) {
            return checksumAhead();
        }
        checksum = Crc64.of(checksum, page + summed, at - summed);
        summed = at;
        return checksum;
    }

    /** What the pages' sums, which are those before them, do not say already. */
    private long checksumAhead() {
        if (current == null) {
            return Crc64.START;
        }
        return at >= tail
                ? current.checksum(at - tail)
                : former.checksum(former.length() - (tail - at));
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

    /** Whether there is more that the source was asked for already; then it is what {@link #readAhead} gives next. */
    boolean hasPage() {
        return ahead != null && at == end && turnPage();
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
        int mark = at;
        int length = tryLength();
        if (length < 0 || !has(length)) {
            at = mark;
            return false;
        }
        into.set(page + at, length);
        at += length;
        return true;
    }

    /**
     * Like {@link #tryRaw}, for strings of any form. An integer and what is compressed become text in {@code room}.
     *
     * @return how many bytes of {@code room} were used, or -1 when the string is not of the kind or does not find room there
     */
    int tryString(ByteSpan into, ByteSpan room) {
        int first = at < end ? NativeMemory.readByte(page + at) & 0xFF : 0;
        if (first >>> 6 != 3) {
            return tryRaw(into) ? 0 : -1;
        }
        if (first == RdbWriter.COMPRESSED) {
            return tryCompressed(into, room);
        }
        int bytes = 1 << (first & 3);
        if (first > RdbWriter.INT_32 || !has(1 + bytes) || room.length() < LONGEST_INT) {
            return -1;
        }
        at++;
        long number = bytes == 1 ? (byte) readByte() : bytes == 2 ? (short) readShort() : readInt();
        int length = DecimalLong.lengthOf(number);
        DecimalLong.write(number, room.address(), length);
        into.set(room.address(), length);
        return into.length();
    }

    private int tryCompressed(ByteSpan into, ByteSpan room) {
        int mark = at++;
        int compressed = tryLength();
        int length = compressed < 0 ? -1 : tryLength();
        if (length <= 0
                || length > room.length()
                || !has(compressed)
                || !Lzf.decompress(page + at, compressed, room.address(), length)) {
            at = mark;
            return -1;
        }
        at += compressed;
        into.set(room.address(), length);
        return length;
    }

    /** A length below 16,384 that stands in the page, else -1. */
    private int tryLength() {
        if (!has(Short.BYTES)) {
            return -1;
        }
        int first = tryByte();
        return first < 1 << 6 ? first : first < 1 << 7 ? (first & 0x3F) << 8 | tryByte() : -1;
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
        if (ahead != null) {
            ahead.close();
        }
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
        if (ahead != null) {
            return turnPage();
        }
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

    /** Goes on to the next page, with what is left of the present one before it: less than a headroom. */
    private boolean turnPage() {
        PagesAhead.Page next = ahead.next();
        if (next == null) {
            return false;
        }
        tail = end - at;
        long start = next.content() - tail;
        NativeMemory.copy(page + at, start, tail);
        passedBytes += at;
        page = start;
        at = 0;
        end = tail + next.length();
        if (former != null) {
            ahead.giveBack(former);
        }
        former = current;
        current = next;
        return true;
    }
}
