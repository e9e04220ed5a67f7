package dev.slotmesh.server.replication;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;

/**
 * Cuts lines out of a stream of bytes that comes in pieces. A line ends by LF; a CR before it does not belong to it. At most
 * {@link #LONGEST} bytes are kept of a line whose end has not come.
 */
final class LineReader {
    /** The longest line, bytes. */
    static final int LONGEST = 16 * 1024;

    private final StringBuilder line = new StringBuilder();

    /**
     * Takes bytes up to the end of a line, or all.
     *
     * @return the line in ISO-8859-1, or null when its end has not come
     * @throws ProtocolViolation when the line is longer than {@link #LONGEST}
     */
    String next(ByteBuf bytes) throws ProtocolViolation {
        int end = bytes.indexOf(bytes.readerIndex(), bytes.writerIndex(), (byte) '\n');
        int length = (end < 0 ? bytes.writerIndex() : end) - bytes.readerIndex();
        if (line.length() + length > LONGEST) {
            throw new ProtocolViolation("a line of more than " + LONGEST + " bytes");
        }
        line.append(bytes.readCharSequence(length, StandardCharsets.ISO_8859_1));
        if (end < 0) {
            return null;
        }
        bytes.skipBytes(1);
        if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        String whole = line.toString();
        line.setLength(0);
        return whole;
    }
}
