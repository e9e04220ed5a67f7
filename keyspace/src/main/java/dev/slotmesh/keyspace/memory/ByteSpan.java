package dev.slotmesh.keyspace.memory;

/**
 * A reusable view of native bytes: an address and a length. It owns nothing and never frees.
 *
 * <p>A span over a network buffer is valid as long as that buffer; a span over a stored value is valid until the next
 * write to its slot, and only under the slot's lock. Every access is checked against the length; an access outside is our
 * own mistake and throws {@link IndexOutOfBoundsException}. Not safe for use by two threads at once.
 */
public final class ByteSpan {
    private long address;
    private int length;

    /** An empty span. */
    public ByteSpan() {}

    /**
     * Points this span at {@code length} bytes from {@code address}, which the caller vouches for.
     *
     * @throws IllegalArgumentException when the length is negative, or the address is 0 and the length is not
     */
    public ByteSpan set(long address, int length) {
        if (length < 0 || (address == 0 && length != 0)) {
            throw new IllegalArgumentException("no span of " + length + " bytes at this address");
        }
        this.address = address;
        this.length = length;
        return this;
    }

    /** Points this span at the bytes of another one. */
    public ByteSpan set(ByteSpan other) {
        address = other.address;
        length = other.length;
        return this;
    }

    /** Narrows this span to {@code count} of its bytes starting at {@code from}. */
    public ByteSpan slice(int from, int count) {
        check(from, count);
        address += from;
        length = count;
        return this;
    }

    public int length() {
        return length;
    }

    /** The byte at {@code index}, 0 to length - 1, as 0..255. */
    public int byteAt(int index) {
        if (index < 0 || index >= length) {
            throw outside(index, 1);
        }
        return NativeMemory.readByte(address + index) & 0xFF;
    }

    /** Sets the byte at {@code index}, 0 to length - 1, to the low eight bits of {@code value}. */
    public void setByte(int index, int value) {
        if (index < 0 || index >= length) {
            throw outside(index, 1);
        }
        NativeMemory.writeByte(address + index, (byte) value);
    }

    /** Eight bytes from {@code index} (0 to length - 8) as a little-endian long: for word-wise scans. */
    public long longAt(int index) {
        check(index, 8);
        return NativeMemory.readLong(address + index);
    }

    /** Writes eight bytes at {@code index} (0 to length - 8), little-endian. */
    public void setLong(int index, long value) {
        check(index, 8);
        NativeMemory.writeLong(address + index, value);
    }

    /** Copies the whole span to a native address with at least {@link #length()} writable bytes. */
    public void copyTo(long targetAddress) {
        NativeMemory.copy(address, targetAddress, length);
    }

    /** Copies {@code count} bytes starting at {@code from} to a native address; the ranges do not overlap. */
    public void copyTo(int from, int count, long targetAddress) {
        check(from, count);
        NativeMemory.copy(address + from, targetAddress, count);
    }

    /** Copies {@code count} bytes starting at {@code from} into {@code target} at {@code targetOffset}. */
    public void copyTo(int from, int count, byte[] target, int targetOffset) {
        check(from, count);
        if (targetOffset < 0 || count > target.length - targetOffset) {
            throw new IndexOutOfBoundsException(
                    count + " bytes at " + targetOffset + " of " + target.length);
        }
        NativeMemory.copyOut(address + from, target, targetOffset, count);
    }

    /** Overwrites the bytes starting at {@code to} with all of {@code source}; the ranges do not overlap. */
    public void copyFrom(ByteSpan source, int to) {
        check(to, source.length);
        NativeMemory.copy(source.address, address + to, source.length);
    }

    /** Copies {@code count} bytes starting at {@code from} to {@code to}, both inside; the ranges may overlap. */
    public void move(int from, int to, int count) {
        check(from, count);
        check(to, count);
        NativeMemory.move(address + from, address + to, count);
    }

    /** Sets {@code count} bytes starting at {@code from} to zero. */
    public void zero(int from, int count) {
        check(from, count);
        NativeMemory.zero(address + from, count);
    }

    /** A copy on the heap: for tests, logs and configuration, not for the hot path. */
    public byte[] toByteArray() {
        byte[] copy = new byte[length];
        NativeMemory.copyOut(address, copy, 0, length);
        return copy;
    }

    /** Whether both spans hold the same bytes. */
    public boolean contentEquals(ByteSpan other) {
        return length == other.length && NativeMemory.equal(address, other.address, length);
    }

    /** Whether this span holds exactly these bytes. */
    public boolean contentEquals(byte[] bytes) {
        if (bytes.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (NativeMemory.readByte(address + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Order of unsigned bytes, a prefix first, as memcmp and then the lengths: negative, 0 or positive. */
    public int compareContent(ByteSpan other) {
        return NativeMemory.compare(address, length, other.address, other.length);
    }

    /**
     * Whether the bytes are a signed 64-bit integer in its only decimal form: an optional minus, no plus, no leading zero,
     * no space, "-0" refused, -9223372036854775808 to 9223372036854775807. This is what the server accepts as an integer
     * and what it may store as one.
     */
    public boolean isLong() {
        return DecimalLong.isLong(address, length);
    }

    /**
     * The value of the bytes as {@link #isLong()} defines them.
     *
     * @throws NumberFormatException when {@link #isLong()} is false; costs the caller a stack trace, so ask first
     */
    public long parseLong() {
        if (!DecimalLong.isLong(address, length)) {
            throw new NumberFormatException("not an integer of 64 bits");
        }
        return DecimalLong.parse(address, length);
    }

    /** The bytes as Latin-1 text of at most 64 characters: for messages. */
    @Override
    public String toString() {
        int shown = Math.min(length, 64);
        StringBuilder text = new StringBuilder(shown + 2);
        for (int i = 0; i < shown; i++) {
            text.append((char) byteAt(i));
        }
        return shown < length ? text.append("..").toString() : text.toString();
    }

    /** Where the bytes are: for the packages of the keyspace only. */
    public long address() {
        return address;
    }

    private void check(int from, int count) {
        if (from < 0 || count < 0 || from > length - count) {
            throw outside(from, count);
        }
    }

    private IndexOutOfBoundsException outside(int from, int count) {
        return new IndexOutOfBoundsException(
                count + " bytes at " + from + " of a span of " + length);
    }
}
