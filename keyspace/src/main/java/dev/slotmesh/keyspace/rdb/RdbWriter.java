package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.packed.Lzf;

/**
 * Writes lengths, strings and numbers as RDB has them to a sink, of which it asks nothing but to take a page now and then.
 * For one thread.
 *
 * <pre>
 *  length  00llllll | 01llllll llllllll | 10000000 u32 | 10000001 u64, high bits first
 *  string  length, bytes
 *          11000000 i8 | 11000001 i16 | 11000010 i32, low bits first: its decimal form
 *          11000011 length of what follows, length, LZF
 * </pre>
 */
public final class RdbWriter implements AutoCloseable {
    static final int LENGTH_32 = 0x80;
    static final int LENGTH_64 = 0x81;
    static final int INT_8 = 0xC0;
    static final int INT_16 = 0xC1;
    static final int INT_32 = 0xC2;
    static final int COMPRESSED = 0xC3;

    private static final int PAGE_BYTES = 1 << 14;
    private static final int LONGEST_NUMBER = 9;
    private static final int LONGEST_INTEGER_TEXT = 11;
    private static final int SHORTEST_COMPRESSED = 21;
    private static final int LEAST_SAVED_BYTES = 4;

    private final RdbSink sink;
    private final boolean compressing;
    private final boolean summing;
    private final ByteSpan scratch = new ByteSpan();
    private final NativeBuffer pageBuffer = new NativeBuffer(PAGE_BYTES);
    private final long page = pageBuffer.zeros(PAGE_BYTES).address();
    private final ByteSpan span = new ByteSpan();
    private NativeBuffer compressed;
    private NativeBuffer table;
    private int used;
    private long flushedBytes;
    private long checksum = Crc64.START;

    /** @param compressing whether strings of more than 20 bytes are compressed when that makes them shorter */
    public RdbWriter(RdbSink sink, boolean compressing) {
        this(sink, compressing, true);
    }

    /**
     * @param compressing whether strings of more than 20 bytes are compressed when that makes them shorter
     * @param summing false to save the work when whoever takes the bytes makes the checksum; {@link #checksum} is 0 then
     */
    public RdbWriter(RdbSink sink, boolean compressing, boolean summing) {
        this.sink = sink;
        this.compressing = compressing;
        this.summing = summing;
    }

    /** Bytes written so far. */
    public long writtenBytes() {
        return flushedBytes + used;
    }

    /** The {@link Crc64} of all bytes so far, which go to the sink. */
    public long checksum() {
        if (!summing) {
            throw new IllegalStateException("no checksum was kept");
        }
        flush();
        return checksum;
    }

    /** Sends what is still here to the sink. */
    public void flush() {
        if (used > 0) {
            sum(page, used);
            flushedBytes += used;
            sink.write(span.set(page, used));
            used = 0;
        }
    }

    /** The low eight bits of a number. */
    public void writeByte(int value) {
        room(1);
        NativeMemory.writeByte(page + used++, (byte) value);
    }

    /** 64 bits, low first. */
    public void writeLong(long value) {
        room(Long.BYTES);
        NativeMemory.writeLong(page + used, value);
        used += Long.BYTES;
    }

    /** 16 bits, low first. */
    public void writeShort(int value) {
        room(Short.BYTES);
        NativeMemory.writeShort(page + used, (short) value);
        used += Short.BYTES;
    }

    /** A length or count, unsigned. */
    public void writeLength(long length) {
        room(LONGEST_NUMBER);
        if (length >= 0 && length < 1 << 6) {
            writeByte((int) length);
        } else if (length >= 0 && length < 1 << 14) {
            writeByte((int) (0x40 | length >>> 8));
            writeByte((int) length);
        } else if (length >>> 32 == 0) {
            writeByte(LENGTH_32);
            NativeMemory.writeInt(page + used, Integer.reverseBytes((int) length));
            used += Integer.BYTES;
        } else {
            writeByte(LENGTH_64);
            writeLong(Long.reverseBytes(length));
        }
    }

    /** A string: as an integer when it is one of 32 bits, compressed when that is allowed and of use. */
    public void writeString(ByteSpan bytes) {
        if (bytes.length() <= LONGEST_INTEGER_TEXT && bytes.isLong()) {
            long number = bytes.parseLong();
            if (number == (int) number) {
                writeInteger((int) number);
                return;
            }
        }
        if (!compressing || bytes.length() < SHORTEST_COMPRESSED || !writeCompressed(bytes)) {
            writeLength(bytes.length());
            writeRaw(bytes.address(), bytes.length());
        }
    }

    /** The decimal form of a number as a string. */
    public void writeString(long number, NativeBuffer scratch) {
        if (number == (int) number) {
            writeInteger((int) number);
        } else {
            writeString(scratch.putLong(number));
        }
    }

    /** A span for the bytes of the next string, so that none has to be made for it. */
    ByteSpan scratch() {
        return scratch;
    }

    /** Whether {@link #writeString} compresses. */
    boolean isCompressing() {
        return compressing;
    }

    /** A string that is compressed already, or would be {@code length} bytes long decompressed. */
    public void writeCompressed(long address, int compressedLength, int length) {
        writeByte(COMPRESSED);
        writeLength(compressedLength);
        writeLength(length);
        writeRaw(address, compressedLength);
    }

    /** Bytes as they are. */
    public void writeRaw(long address, int length) {
        if (length > PAGE_BYTES - used) {
            flush();
        }
        if (length > PAGE_BYTES) {
            sum(address, length);
            flushedBytes += length;
            sink.write(span.set(address, length));
        } else {
            NativeMemory.copy(address, page + used, length);
            used += length;
        }
    }

    /** Frees the pages; what was not flushed is lost. */
    @Override
    public void close() {
        pageBuffer.close();
        if (table != null) {
            table.close();
            compressed.close();
        }
    }

    private void sum(long address, int length) {
        if (summing) {
            checksum = Crc64.of(checksum, address, length);
        }
    }

    private void writeInteger(int number) {
        room(1 + Integer.BYTES);
        if (number == (byte) number) {
            writeByte(INT_8);
            writeByte(number);
        } else if (number == (short) number) {
            writeByte(INT_16);
            writeShort(number);
        } else {
            writeByte(INT_32);
            NativeMemory.writeInt(page + used, number);
            used += Integer.BYTES;
        }
    }

    /** Writes nothing and returns false when it would not become shorter. */
    private boolean writeCompressed(ByteSpan bytes) {
        if (table == null) {
            table = new NativeBuffer(Lzf.TABLE_BYTES);
            table.zeros(Lzf.TABLE_BYTES);
            compressed = new NativeBuffer(PAGE_BYTES);
        }
        int room = bytes.length() - LEAST_SAVED_BYTES;
        long to = compressed.room(room).address();
        int length = Lzf.compress(
                bytes.address(), bytes.length(), to, room, table.span().address());
        if (length == 0) {
            return false;
        }
        writeCompressed(to, length, bytes.length());
        return true;
    }

    private void room(int bytes) {
        if (bytes > PAGE_BYTES - used) {
            flush();
        }
    }
}
