package dev.slotmesh.server.command;

import dev.slotmesh.resp.Request;

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

    /** The decimal integer at a position, or -1 where there is none, a negative one, or one of 19 digits or more. */
    long integer(int position) {
        if (position >= count()) {
            return -1;
        }
        int offset = request.offset(start + position);
        int length = request.length(start + position);
        if (length == 0 || length > MAX_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            int digit = request.buffer().getByte(offset + i) - '0';
            if (digit < 0 || digit > 9 || (digit == 0 && i == 0 && length > 1)) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }
}
