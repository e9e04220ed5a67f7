package dev.slotmesh.server.replication;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;

/**
 * Where the image of a data set ends in the stream of a primary.
 *
 * <pre>
 *   [LF ...] $length CR LF bytes              from a file; no line end behind it
 *   [LF ...] $EOF:mark CR LF bytes mark       as it is made; the mark is 40 bytes that do not occur in it
 * </pre>
 *
 * Confined to the link's loop.
 */
final class ImageFraming {
    private static final int MARK_BYTES = 40;
    private static final String MARK_PREFIX = "$EOF:";

    private final LineReader lines = new LineReader();
    private boolean announced;
    /** Null when the length is known. */
    private byte[] mark;
    /** How many bytes of the mark the last ones seen are; they are held back. */
    private int matched;

    private long length;
    private long left;
    private boolean ended;

    /** Takes the image's bytes. */
    interface Sink {
        /** Takes ownership of the buffer. */
        void bytes(ByteBuf piece);
    }

    /** Whether the head line has been read. */
    boolean isAnnounced() {
        return announced;
    }

    /** Bytes of the image, -1 when its end is marked. */
    long length() {
        return mark == null ? length : -1;
    }

    /** The mark at the end, or empty. */
    String mark() {
        return mark == null ? "" : new String(mark, StandardCharsets.ISO_8859_1);
    }

    boolean hasEnded() {
        return ended;
    }

    /**
     * Reads the head line.
     *
     * @return whether it has been read; what follows it stays in {@code bytes}
     * @throws ProtocolViolation with Redis's text for the log
     */
    boolean announce(ByteBuf bytes) throws ProtocolViolation {
        while (!announced && bytes.isReadable()) {
            String line = lines.next(bytes);
            if (line != null && !line.isEmpty()) {
                announced(line);
            }
        }
        return announced;
    }

    private void announced(String line) throws ProtocolViolation {
        if (line.startsWith("-")) {
            throw new ProtocolViolation(
                    "MASTER aborted replication with an error: " + line.substring(1));
        }
        if (!line.startsWith("$")) {
            throw new ProtocolViolation(
                    "Bad protocol from MASTER, the first byte is not '$' (we received '" + line
                            + "'), are you sure the host and port are right?");
        }
        if (line.startsWith(MARK_PREFIX) && line.length() >= MARK_PREFIX.length() + MARK_BYTES) {
            mark = line.substring(MARK_PREFIX.length(), MARK_PREFIX.length() + MARK_BYTES)
                    .getBytes(StandardCharsets.ISO_8859_1);
        } else {
            length = parse(line.substring(1));
            left = length;
            ended = length == 0;
        }
        announced = true;
    }

    private static long parse(String digits) throws ProtocolViolation {
        try {
            long length = Long.parseLong(digits);
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException wrongForm) {
            // Told below: the form is wrong either way.
        }
        throw new ProtocolViolation(
                "Bad protocol from MASTER, the length of the image is '" + digits + "'");
    }

    /** Gives the image's bytes to the sink; what follows the image stays in {@code bytes}. After {@link #announce}. */
    void pass(ByteBuf bytes, Sink sink) {
        if (mark == null) {
            passCounted(bytes, sink);
        } else {
            passMarked(bytes, sink);
        }
    }

    private void passCounted(ByteBuf bytes, Sink sink) {
        int count = (int) Math.min(left, bytes.readableBytes());
        if (count > 0) {
            sink.bytes(bytes.readRetainedSlice(count));
            left -= count;
        }
        ended = left == 0;
    }

    /**
     * Looks for the mark. Its bytes are random, so that after a mismatch the search begins again with what was held back: a
     * proper prefix of the mark may end where another begins.
     */
    private void passMarked(ByteBuf bytes, Sink sink) {
        int from = bytes.readerIndex();
        int heldBefore = matched;
        int at = from;
        while (at < bytes.writerIndex() && matched < MARK_BYTES) {
            if (matched == 0) {
                int first = bytes.indexOf(at, bytes.writerIndex(), mark[0]);
                at = first < 0 ? bytes.writerIndex() : first + 1;
                matched = first < 0 ? 0 : 1;
                continue;
            }
            byte next = bytes.getByte(at);
            while (matched > 0 && next != mark[matched]) {
                matched = shorterMatch(matched);
            }
            matched += next == mark[matched] ? 1 : 0;
            at++;
        }
        int image = at - from + heldBefore - matched;
        int ofHeld = Math.min(heldBefore, image);
        if (ofHeld > 0) {
            ByteBuf piece = bytes.alloc().directBuffer(ofHeld);
            sink.bytes(piece.writeBytes(mark, 0, ofHeld));
        }
        if (image > ofHeld) {
            sink.bytes(bytes.retainedSlice(from, image - ofHeld));
        }
        bytes.readerIndex(at);
        ended = matched == MARK_BYTES;
    }

    /** The longest shorter prefix of the mark that the first {@code count} bytes of the mark end with. */
    private int shorterMatch(int count) {
        for (int shorter = count - 1; shorter > 0; shorter--) {
            boolean same = true;
            for (int i = 0; i < shorter && same; i++) {
                same = mark[i] == mark[count - shorter + i];
            }
            if (same) {
                return shorter;
            }
        }
        return 0;
    }
}
