package dev.slotmesh.keyspace.memory;

import java.nio.charset.StandardCharsets;
import net.openhft.chronicle.core.OS;

/**
 * A small owned piece of native memory that lends its bytes as a span: the way for heap bytes (tests, configuration,
 * formatted numbers) to become keys and values. It grows on demand and is freed by {@link #close()}. One thread at a time.
 */
public final class NativeBuffer implements AutoCloseable {
    private final ByteSpan span = new ByteSpan();
    private long address;
    private int capacity;

    /** A buffer of {@code capacity} bytes, 1 to 2^31 - 1, with an empty span; the bytes are not zeroed. */
    public NativeBuffer(int capacity) {
        if (capacity <= 0) {
            throw new IllegalArgumentException("a buffer of " + capacity + " bytes");
        }
        this.capacity = capacity;
        this.address = OS.memory().allocate(capacity);
    }

    /** The span last lent; it changes with the next {@code put}. */
    public ByteSpan span() {
        return span;
    }

    /** Copies the bytes in and returns the one span of this buffer over them. */
    public ByteSpan put(byte[] bytes) {
        reserve(bytes.length);
        NativeMemory.copyIn(bytes, 0, address, bytes.length);
        return span.set(address, bytes.length);
    }

    /** Copies the text in as UTF-8. */
    public ByteSpan put(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Copies another span's bytes in; that span must not be this buffer's. */
    public ByteSpan put(ByteSpan bytes) {
        reserve(bytes.length());
        bytes.copyTo(address);
        return span.set(address, bytes.length());
    }

    /** Writes the decimal form of {@code value}, without allocation on the heap. */
    public ByteSpan putLong(long value) {
        int length = DecimalLong.lengthOf(value);
        reserve(length);
        DecimalLong.write(value, address, length);
        return span.set(address, length);
    }

    /** Adds bytes of elsewhere to those of the span, which then covers both. */
    public ByteSpan append(ByteSpan bytes) {
        int before = span.length();
        int length = Math.addExact(before, bytes.length());
        reserve(length);
        bytes.copyTo(address + before);
        return span.set(address, length);
    }

    /** A span of {@code length} undefined bytes to write into. */
    public ByteSpan room(int length) {
        reserve(length);
        return span.set(address, length);
    }

    /** A span of {@code length} zero bytes to write into. */
    public ByteSpan zeros(int length) {
        reserve(length);
        NativeMemory.zero(address, length);
        return span.set(address, length);
    }

    /** Frees the memory. Spans lent before must not be used any more. A second call does nothing. */
    @Override
    public void close() {
        if (address != 0) {
            OS.memory().freeMemory(address, capacity);
            address = 0;
            capacity = 0;
            span.set(0, 0);
        }
    }

    private void reserve(int length) {
        if (address == 0) {
            throw new IllegalStateException("the buffer is closed");
        }
        if (length > capacity) {
            int wanted = (int) Math.min(Integer.MAX_VALUE, Math.max(length, 2L * capacity));
            long larger = OS.memory().allocate(wanted);
            NativeMemory.copy(address, larger, span.length());
            OS.memory().freeMemory(address, capacity);
            address = larger;
            capacity = wanted;
        }
    }
}
