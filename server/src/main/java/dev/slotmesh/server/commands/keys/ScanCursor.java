package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/** The numbers in a request of the SCAN family. */
final class ScanCursor {
    private static final ErrorReply INVALID_CURSOR = new ErrorReply("ERR invalid cursor");

    private ScanCursor() {}

    /** A COUNT, 1 or more. */
    static int count(Call call, int argument) {
        long count = call.integer(argument);
        if (count < 1) {
            throw ErrorReply.SYNTAX;
        }
        return (int) Math.min(count, Integer.MAX_VALUE);
    }

    /**
     * A cursor as C's strtoul reads it: an optional sign (a minus wraps around) and digits up to 2^64 - 1; nothing at all is
     * 0. The keyspace's cursors are positive, so the highest bit means nothing.
     */
    static long parse(ByteSpan text) {
        if (text.length() == 0) {
            return 0;
        }
        int first = text.byteAt(0);
        int start = first == '-' || first == '+' ? 1 : 0;
        if (start == text.length()) {
            throw INVALID_CURSOR;
        }
        long value = 0;
        for (int i = start; i < text.length(); i++) {
            int digit = text.byteAt(i) - '0';
            if (digit < 0 || digit > 9 || exceeds(value, digit)) {
                throw INVALID_CURSOR;
            }
            value = value * 10 + digit;
        }
        return (first == '-' ? -value : value) & Long.MAX_VALUE;
    }

    /** Whether {@code value * 10 + digit} leaves 64 unsigned bits. */
    private static boolean exceeds(long value, int digit) {
        long limit = Long.divideUnsigned(-1L, 10);
        int order = Long.compareUnsigned(value, limit);
        return order > 0 || (order == 0 && digit > Long.remainderUnsigned(-1L, 10));
    }
}
