package dev.slotmesh.bus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** Immutable bytes carried by a message, equal by content. */
public final class Payload {
    /** No bytes. */
    public static final Payload EMPTY = new Payload(new byte[0]);

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of {@code bytes}. */
    public static Payload copyOf(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
    }

    /** The UTF-8 bytes of {@code text}. */
    public static Payload ofText(String text) {
        return copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A copy of {@code length} bytes at absolute {@code offset}; the buffer's position stays.
     *
     * @throws IndexOutOfBoundsException when they do not lie below the limit; nothing is allocated then
     */
    public static Payload read(ByteBuffer source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.limit());
        if (length == 0) {
            return EMPTY;
        }
        byte[] bytes = new byte[length];
        source.get(offset, bytes);
        return new Payload(bytes);
    }

    /** Writes the bytes at absolute {@code offset}; the buffer's position stays. */
    public void write(ByteBuffer target, int offset) {
        target.put(offset, bytes);
    }

    /** Number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** A read-only view without a copy, position 0, limit {@link #length()}. */
    public ByteBuffer asReadOnlyBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The length only: payloads are users' contents and do not belong in logs. */
    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
