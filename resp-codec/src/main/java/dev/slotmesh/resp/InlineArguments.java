package dev.slotmesh.resp;

import io.netty.buffer.ByteBuf;

/**
 * Splits the line of an inline request into arguments, with the quoting that redis-cli and Redis
 * itself use:
 *
 * <pre>
 *   word            ends at a space, tab or carriage return
 *   "..."           \n \r \t \b \a \xHH; a backslash before anything else stands for that byte
 *   '...'           only \' is an escape
 *   after a closing quote: white space or the end of the line
 * </pre>
 *
 * Escapes are undone in place: an argument is never longer than its source, so the positions stay
 * within the line.
 */
final class InlineArguments {
    private static final int UNBALANCED = -1;

    private final ByteBuf in;
    private final int end;
    private int at;
    private int out;

    private InlineArguments(ByteBuf in, int from, int end) {
        this.in = in;
        this.at = from;
        this.end = end;
    }

    /**
     * Splits the bytes {@code from..end-1}, rewrites them, and leaves the positions, counted from
     * {@code from}, in the request.
     *
     * @return arguments, 0 or more, or -1 for quotes that do not match
     */
    static int split(ByteBuf in, int from, int end, Request request) {
        InlineArguments line = new InlineArguments(in, from, end);
        int[] spans = request.spans();
        int count = 0;
        while (line.skipSpace()) {
            int start = line.at;
            line.out = start;
            if (!line.argument()) {
                return UNBALANCED;
            }
            if (2 * count == spans.length) {
                spans = request.grow();
            }
            spans[2 * count] = start - from;
            spans[2 * count + 1] = line.out - start;
            count++;
        }
        return count;
    }

    private boolean skipSpace() {
        while (at < end && isSpace(in.getByte(at))) {
            at++;
        }
        return at < end;
    }

    private boolean argument() {
        while (at < end) {
            byte b = in.getByte(at++);
            if (b == '"') {
                return doubleQuoted() && atBoundary();
            } else if (b == '\'') {
                return singleQuoted() && atBoundary();
            } else if (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
                return true;
            }
            in.setByte(out++, b);
        }
        return true;
    }

    private boolean doubleQuoted() {
        while (at < end) {
            byte b = in.getByte(at++);
            if (b == '"') {
                return true;
            }
            if (b == '\\' && at < end) {
                b = escaped();
            }
            in.setByte(out++, b);
        }
        return false;
    }

    private byte escaped() {
        byte b = in.getByte(at++);
        switch (b) {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'b':
                return '\b';
            case 'a':
                return 7;
            case 'x':
                return hexadecimal();
            default:
                return b;
        }
    }

    private byte hexadecimal() {
        if (end - at >= 2) {
            int high = Character.digit(in.getByte(at), 16);
            int low = Character.digit(in.getByte(at + 1), 16);
            if (high >= 0 && low >= 0) {
                at += 2;
                return (byte) (high << 4 | low);
            }
        }
        return 'x';
    }

    private boolean singleQuoted() {
        while (at < end) {
            byte b = in.getByte(at++);
            if (b == '\'') {
                return true;
            }
            if (b == '\\' && at < end && in.getByte(at) == '\'') {
                b = in.getByte(at++);
            }
            in.setByte(out++, b);
        }
        return false;
    }

    private boolean atBoundary() {
        return at == end || isSpace(in.getByte(at));
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }
}
