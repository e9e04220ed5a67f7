package dev.slotmesh.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One request as positions over the bytes it arrived in. Reusable: {@link RequestDecoder#decode}
 * fills it anew.
 *
 * <p>A decoded request copies nothing. It is valid until its buffer is compacted, reallocated or
 * released, or until it is decoded into again; {@link #copy()} makes one that stays. Not thread
 * safe.
 */
public final class Request {
    private static final int INITIAL_INTS = 2 * 16;

    /**
     * Arrays up to this size are kept between requests; larger ones go once they are clearly too
     * large.
     */
    private static final int KEPT_INTS = 2 * 512;

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private boolean owner;
    private int base;
    private int wireLength;
    private int count;
    private int[] spans = new int[INITIAL_INTS];

    /** A request of no arguments. */
    public Request() {}

    /** Arguments, the command's name included; at least 1 after a decode that answered REQUEST. */
    public int argumentCount() {
        return count;
    }

    /** The bytes that {@link #offset} refers to. Their indexes mean nothing to the request. */
    public ByteBuf buffer() {
        return buffer;
    }

    /**
     * Absolute index in {@link #buffer()} of the first byte of argument {@code i},
     * 0..argumentCount-1.
     *
     * @throws IndexOutOfBoundsException when there is no such argument
     */
    public int offset(int i) {
        return base + spans[2 * checked(i)];
    }

    /**
     * Length of argument {@code i} in bytes, 0 or more.
     *
     * @throws IndexOutOfBoundsException when there is no such argument
     */
    public int length(int i) {
        return spans[2 * checked(i) + 1];
    }

    /** Absolute index in {@link #buffer()} of the request's first byte, its header included. */
    public int wireStart() {
        return base;
    }

    /**
     * Bytes from {@link #wireStart()} that the request took as it arrived, its header and line ends included; of a copy, which
     * has none, those of its arguments.
     */
    public int wireLength() {
        return wireLength;
    }

    /** A copy of argument {@code i}. */
    public byte[] bytes(int i) {
        byte[] bytes = new byte[length(i)];
        buffer.getBytes(offset(i), bytes);
        return bytes;
    }

    /**
     * Argument {@code i} as ISO-8859-1: one character per byte, so that any bytes survive the way
     * through {@link ReplyEncoder#error} or {@link ReplyEncoder#bulk(CharSequence)} unchanged.
     */
    public String text(int i) {
        return new String(bytes(i), StandardCharsets.ISO_8859_1);
    }

    /**
     * True when argument {@code i} is this word in any mix of ASCII case. Allocates nothing.
     *
     * @param upperCaseAscii the word without lower case letters
     */
    public boolean is(int i, String upperCaseAscii) {
        int length = length(i);
        if (length != upperCaseAscii.length()) {
            return false;
        }
        int offset = offset(i);
        for (int k = 0; k < length; k++) {
            int b = buffer.getByte(offset + k);
            if (b >= 'a' && b <= 'z') {
                b -= 'a' - 'A';
            }
            if ((b & 0xFF) != upperCaseAscii.charAt(k)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The same arguments in a buffer of their own on the Java heap, for a request that must outlive
     * its receive buffer (a MULTI queue, a blocked client). Needs no {@link #release()}: the
     * garbage collector frees it.
     */
    public Request copy() {
        return copyInto(Unpooled.buffer(totalBytes()));
    }

    /**
     * The same arguments in a buffer of this allocator. The caller must {@link #release()} the copy
     * exactly once.
     */
    public Request copy(ByteBufAllocator allocator) {
        return copyTo(allocator.buffer(Math.max(1, totalBytes())));
    }

    /**
     * The same arguments in this empty buffer, which has room for {@link #totalBytes} and becomes the
     * copy's own: the caller must {@link #release()} the copy exactly once.
     */
    public Request copyTo(ByteBuf own) {
        return copyInto(own);
    }

    /**
     * Gives back the bytes of a {@link #copy(ByteBufAllocator) copy} and leaves a request of no
     * arguments. Of a request that only refers to a receive buffer nothing is released; the buffer
     * stays its owner's.
     */
    public void release() {
        ByteBuf owned = owner ? buffer : null;
        clear();
        if (owned != null) {
            owned.release();
        }
    }

    /** Total bytes of all arguments. */
    public int totalBytes() {
        int total = 0;
        for (int i = 0; i < count; i++) {
            total += spans[2 * i + 1];
        }
        return total;
    }

    /** The arguments as quoted ISO-8859-1 text, the longer ones cut: for logs and failing tests. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Request[");
        for (int i = 0; i < count && i < 16; i++) {
            String argument = text(i);
            text.append(i == 0 ? "" : " ");
            text.append('"')
                    .append(argument, 0, Math.min(64, argument.length()))
                    .append('"');
        }
        return text.append(count > 16 ? " ...]" : "]").toString();
    }

    /** Places for positions, offset and length by turns, to be filled before {@link #bind}. */
    int[] spans() {
        return spans;
    }

    /**
     * The same places, more of them, contents kept. Grows with arguments that really arrived, not
     * with announced ones.
     */
    int[] grow() {
        spans = Arrays.copyOf(spans, 2 * spans.length);
        return spans;
    }

    /** Takes other places, or null for fresh ones, and hands out the present ones. */
    int[] exchange(int[] others) {
        int[] present = spans;
        spans = others == null ? new int[INITIAL_INTS] : others;
        return present;
    }

    /** Makes the positions stand for arguments of this buffer, which count from {@code start}; {@code end} is behind them. */
    void bind(ByteBuf in, int start, int end, int arguments) {
        buffer = in;
        owner = false;
        base = start;
        wireLength = end - start;
        count = arguments;
        if (spans.length > KEPT_INTS && arguments < spans.length / 8) {
            spans = Arrays.copyOf(spans, Math.max(INITIAL_INTS, 2 * arguments));
        }
    }

    /** Forgets the arguments and the buffer. */
    void clear() {
        buffer = Unpooled.EMPTY_BUFFER;
        owner = false;
        base = 0;
        wireLength = 0;
        count = 0;
        if (spans.length > KEPT_INTS) {
            spans = new int[INITIAL_INTS];
        }
    }

    static boolean isKept(int[] places) {
        return places.length <= KEPT_INTS;
    }

    private Request copyInto(ByteBuf own) {
        Request copy = new Request();
        copy.spans = new int[2 * Math.max(1, count)];
        int at = 0;
        for (int i = 0; i < count; i++) {
            int length = spans[2 * i + 1];
            own.writeBytes(buffer, offset(i), length);
            copy.spans[2 * i] = at;
            copy.spans[2 * i + 1] = length;
            at += length;
        }
        copy.bind(own, 0, at, count);
        copy.owner = true;
        return copy;
    }

    private int checked(int i) {
        if (i < 0 || i >= count) {
            throw new IndexOutOfBoundsException("argument " + i + " of " + count);
        }
        return i;
    }
}
