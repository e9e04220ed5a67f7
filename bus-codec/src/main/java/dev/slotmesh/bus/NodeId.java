package dev.slotmesh.bus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The 40-byte name of a cluster node, immutable, ordered lexicographically by its bytes.
 *
 * <p>A well-formed name is 40 characters of {@code [a-z0-9]}. A name read from the wire may hold any 40 bytes, because
 * receivers must tolerate them: such a name is kept as it came, {@link #isWellFormed()} is false, and it must be treated
 * as unknown (spec section 2.8). Absence is {@link #NONE}, 40 zero bytes, never {@code null}.
 */
public final class NodeId implements Comparable<NodeId> {
    /** Bytes of a node ID on the wire. */
    public static final int LENGTH_BYTES = 40;

    /** The absent node: 40 zero bytes. Not well-formed; prints as {@code -}. */
    public static final NodeId NONE = new NodeId(0, 0, 0, 0, 0);

    private final long word0;
    private final long word1;
    private final long word2;
    private final long word3;
    private final long word4;

    private NodeId(long word0, long word1, long word2, long word3, long word4) {
        this.word0 = word0;
        this.word1 = word1;
        this.word2 = word2;
        this.word3 = word3;
        this.word4 = word4;
    }

    /**
     * The node ID written in {@code text}.
     *
     * @throws IllegalArgumentException unless {@link #isWellFormed(CharSequence)}
     */
    public static NodeId parse(CharSequence text) {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException("not a node ID: " + text);
        }
        return new NodeId(
                word(text, 0), word(text, 8), word(text, 16), word(text, 24), word(text, 32));
    }

    /** Whether {@code text} is exactly 40 characters of {@code [a-z0-9]}. */
    public static boolean isWellFormed(CharSequence text) {
        if (text.length() != LENGTH_BYTES) {
            return false;
        }
        for (int i = 0; i < LENGTH_BYTES; i++) {
            if (!isNameByte(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The 40 bytes at absolute {@code offset} of {@code source}, whatever they are; position and byte order of the
     * buffer do not matter and stay.
     *
     * @throws IndexOutOfBoundsException when fewer than 40 bytes lie between {@code offset} and the limit
     */
    public static NodeId read(ByteBuffer source, int offset) {
        Objects.checkFromIndexSize(offset, LENGTH_BYTES, source.limit());
        long first = bigEndian(source, offset);
        long second = bigEndian(source, offset + 8);
        long third = bigEndian(source, offset + 16);
        long fourth = bigEndian(source, offset + 24);
        long fifth = bigEndian(source, offset + 32);
        boolean absent = (first | second | third | fourth | fifth) == 0;
        return absent ? NONE : new NodeId(first, second, third, fourth, fifth);
    }

    /**
     * Writes the 40 bytes at absolute {@code offset} of {@code target}; its position and byte order stay.
     *
     * @throws IndexOutOfBoundsException when fewer than 40 bytes lie between {@code offset} and the limit
     */
    public void write(ByteBuffer target, int offset) {
        Objects.checkFromIndexSize(offset, LENGTH_BYTES, target.limit());
        boolean swap = target.order() == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < LENGTH_BYTES; i += Long.BYTES) {
            long word = wordAt(i / Long.BYTES);
            target.putLong(offset + i, swap ? Long.reverseBytes(word) : word);
        }
    }

    /** Whether this is {@link #NONE}. */
    public boolean isNone() {
        return (word0 | word1 | word2 | word3 | word4) == 0;
    }

    /** Whether all 40 bytes are {@code [a-z0-9]}; only such a name may enter a node table. */
    public boolean isWellFormed() {
        for (int i = 0; i < LENGTH_BYTES; i++) {
            if (!isNameByte(byteAt(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(NodeId other) {
        for (int i = 0; i < LENGTH_BYTES / Long.BYTES; i++) {
            int order = Long.compareUnsigned(wordAt(i), other.wordAt(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NodeId that
                && word0 == that.word0
                && word1 == that.word1
                && word2 == that.word2
                && word3 == that.word3
                && word4 == that.word4;
    }

    @Override
    public int hashCode() {
        // Multiplying spreads the ASCII digits, which differ in few bits, over the whole word.
        long mixed = (word0 * 31 + word1) * 0x9E3779B97F4A7C15L + word2;
        mixed = (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L + word3 * 31 + word4;
        return Long.hashCode(mixed);
    }

    /** The 40 characters; {@code -} for {@link #NONE}; bytes outside printable ASCII as {@code \xNN}. */
    @Override
    public String toString() {
        if (isNone()) {
            return "-";
        }
        byte[] bytes = new byte[LENGTH_BYTES];
        boolean printable = true;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            int value = byteAt(i);
            bytes[i] = (byte) value;
            printable &= isPrintable(value);
        }
        return printable ? new String(bytes, StandardCharsets.US_ASCII) : escaped(bytes);
    }

    private static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder(LENGTH_BYTES * 2);
        for (byte signed : bytes) {
            int value = signed & 0xff;
            if (isPrintable(value)) {
                text.append((char) value);
            } else {
                text.append(String.format("\\x%02x", value));
            }
        }
        return text.toString();
    }

    private static boolean isPrintable(int value) {
        return value > ' ' && value < 0x7f;
    }

    private static boolean isNameByte(int value) {
        return (value >= 'a' && value <= 'z') || (value >= '0' && value <= '9');
    }

    private static long word(CharSequence text, int from) {
        long word = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            word = word << 8 | text.charAt(i);
        }
        return word;
    }

    private static long bigEndian(ByteBuffer source, int offset) {
        long word = source.getLong(offset);
        return source.order() == ByteOrder.BIG_ENDIAN ? word : Long.reverseBytes(word);
    }

    private int byteAt(int index) {
        return (int) (wordAt(index >> 3) >>> (56 - 8 * (index & 7))) & 0xff;
    }

    private long wordAt(int index) {
        return switch (index) {
            case 0 -> word0;
            case 1 -> word1;
            case 2 -> word2;
            case 3 -> word3;
            default -> word4;
        };
    }
}
