package dev.slotmesh.server.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a line: head, message cut to its limit, line end. */
final class Line {
    private Line() {}

    static byte[] of(CharSequence head, String message, int mostMessageBytes) {
        byte[] start = head.toString().getBytes(StandardCharsets.UTF_8);
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        int textLength = cut(text, mostMessageBytes);
        byte[] line = Arrays.copyOf(start, start.length + textLength + 1);
        System.arraycopy(text, 0, line, start.length, textLength);
        line[line.length - 1] = '\n';
        return line;
    }

    /** The longest prefix within the limit that does not split a character. */
    private static int cut(byte[] text, int most) {
        int length = Math.min(text.length, most);
        while (length > 0 && length < text.length && (text[length] & 0xc0) == 0x80) {
            length--;
        }
        return length;
    }
}
