package dev.slotmesh.server.command;

import dev.slotmesh.resp.Request;

import io.netty.buffer.ByteBuf;

/**
 * A command line inside a request: all of its arguments, or those behind COMMAND GETKEYS. Position 0 is the command's name.
 * Bound anew for each request, so that looking for keys allocates nothing.
 */
final class CommandLine {
    private static final int MAX_DIGITS = 18;

    private Request request;
    private int start;

    /** Looks at the arguments of {@code line} from argument {@code first} on. */
    void bind(Request line, int first) {
        request = line;
        start = first;
    }

    /** The number of arguments, the command's name included. */
    int count() {
        return request.argumentCount() - start;
    }

    boolean is(int position, String upperCaseAscii) {
        return request.is(start + position, upperCaseAscii);
    }

    boolean isEmpty(int position) {
        return request.length(start + position) == 0;
    }

    /**
     * The position behind the first {@code keyword}, or 0 if it is not there. A negative {@code startFrom} counts from the
     * end and looks backwards, down to position 2.
     */
    int behind(String keyword, int startFrom) {
        int count = count();
        if (startFrom > 0) {
            for (int i = startFrom; i < count - 1; i++) {
                if (is(i, keyword)) {
                    return i + 1;
                }
            }
        } else {
            for (int i = count + startFrom; i > 1; i--) {
                if (is(i, keyword)) {
                    return i + 1;
                }
            }
        }
        return 0;
    }

    /** The number of keys at a position: a strict decimal integer cut to 32 bits, or -1 where there is none. */
    int integer(int position) {
        return parse(position, true);
    }

    /** As {@link #integer}, with blanks and a plus sign before the digits and anything after them; 0 without digits. */
    int leadingInteger(int position) {
        return parse(position, false);
    }

    private int parse(int position, boolean strict) {
        if (position >= count()) {
            return -1;
        }
        ByteBuf buffer = request.buffer();
        int at = request.offset(start + position);
        int end = at + request.length(start + position);
        int first = strict ? at : skipBlanksAndPlus(buffer, at, end);
        long value = 0;
        for (at = first; at < end && isDigit(buffer.getByte(at)); at++) {
            if (at - first == MAX_DIGITS) {
                return -1;
            }
            value = 10 * value + (buffer.getByte(at) - '0');
        }
        boolean exact =
                at == end && at > first && (buffer.getByte(first) != '0' || at == first + 1);
        return strict && !exact ? -1 : (int) value;
    }

    private static int skipBlanksAndPlus(ByteBuf buffer, int start, int end) {
        int at = start;
        while (at < end && isBlank(buffer.getByte(at))) {
            at++;
        }
        return at < end && buffer.getByte(at) == '+' ? at + 1 : at;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
