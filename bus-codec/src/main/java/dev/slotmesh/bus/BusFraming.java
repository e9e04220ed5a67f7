package dev.slotmesh.bus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the next message in a stream of bus bytes ends. Stateless between calls and thread-safe; looks at the first 8 bytes
 * (14 for a light message) and never moves the buffer.
 */
public final class BusFraming {
    /** A limit that lets a PUBLISH of the default {@code proto-max-bulk-len} (512 MiB) through. */
    public static final int DEFAULT_MAX_FRAME_BYTES = (512 << 20) + (1 << 20);

    private final int maxFrameBytes;

    /**
     * @param maxFrameBytes longest accepted message, 4352 or more so that every fixed form passes
     * @throws IllegalArgumentException when it is smaller
     */
    public BusFraming(int maxFrameBytes) {
        if (maxFrameBytes < Layout.UPDATE_BYTES) {
            throw new IllegalArgumentException(
                    "limit below the longest fixed message: " + maxFrameBytes);
        }
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * Judges the bytes between position and limit, which start with a message.
     *
     * @param lightAccepted whether a message shorter than a full header is acceptable when it has Valkey's light header; never
     *     as first message of a link. A light message of 2256 bytes and more is framed either way, as a stock receiver does,
     *     and the decoder tells it by its type
     */
    public Frame inspect(ByteBuffer readable, boolean lightAccepted) {
        int available = readable.remaining();
        if (available < Layout.FRAME_PREFIX_BYTES) {
            return Frame.NeedMore.PREFIX;
        }
        int start = readable.position();
        long length = Integer.toUnsignedLong(bigEndian(readable, start + Layout.TOTLEN));
        if (bigEndian(readable, start + Layout.SIG) != Layout.SIGNATURE) {
            return Frame.Close.BAD_START;
        }
        if (length < Layout.HEADER_BYTES) {
            if (!lightAccepted || length < Layout.LIGHT_HEADER_BYTES) {
                return Frame.Close.BAD_START;
            }
            if (available < Layout.LIGHT_PREFIX_BYTES) {
                return Frame.NeedMore.LIGHT_PREFIX;
            }
            if ((readable.get(start + Layout.TYPE) & MessageType.LIGHT_BIT >> 8) == 0) {
                return Frame.Close.BAD_START;
            }
        }
        if (length > maxFrameBytes) {
            return new Frame.Close(
                    Refusal.OVERSIZED, Refusal.OVERSIZED.detail(length, maxFrameBytes));
        }
        return available < length
                ? new Frame.NeedMore((int) length)
                : new Frame.Complete((int) length);
    }

    private static int bigEndian(ByteBuffer source, int offset) {
        int value = source.getInt(offset);
        return source.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    /** What {@link #inspect} found. */
    public sealed interface Frame {
        /**
         * The message is not complete.
         *
         * @param totalBytes bytes from the message's start that are needed before asking again: 8 or 14 while the length is
         *     unjudged, then the whole length (at most the limit). Grow buffers with what arrives, not to this figure
         */
        record NeedMore(int totalBytes) implements Frame {
            static final NeedMore PREFIX = new NeedMore(Layout.FRAME_PREFIX_BYTES);
            static final NeedMore LIGHT_PREFIX = new NeedMore(Layout.LIGHT_PREFIX_BYTES);
        }

        /**
         * A complete message.
         *
         * @param lengthBytes its length, all of it readable
         */
        record Complete(int lengthBytes) implements Frame {}

        /**
         * The connection must be closed.
         *
         * @param reason one for which {@link Refusal#closesLink()}
         * @param detail the warning to log
         */
        record Close(Refusal reason, String detail) implements Frame {
            static final Close BAD_START = new Close(
                    Refusal.BAD_SIGNATURE_OR_LENGTH, Refusal.BAD_SIGNATURE_OR_LENGTH.detail());
        }
    }
}
