package dev.slotmesh.server.commands.bitmaps;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/** Offsets of bits as arguments: 0 to eight times the longest string, less one. */
final class BitOffset {
    static final ErrorReply OUT_OF_RANGE =
            new ErrorReply("ERR bit offset is not an integer or out of range");

    private BitOffset() {}

    /**
     * The offset at an argument.
     *
     * @throws ErrorReply {@link #OUT_OF_RANGE}
     */
    static long of(Call call, int argument) {
        return checked(call, call.integer(argument, OUT_OF_RANGE), 1);
    }

    /**
     * The offset at an argument of BITFIELD: with a leading {@code #} it counts fields of {@code fieldBits} bits.
     *
     * @throws ErrorReply {@link #OUT_OF_RANGE}
     */
    static long ofField(Call call, int argument, int fieldBits) {
        ByteSpan text = call.span(argument);
        if (text.length() == 0 || text.byteAt(0) != '#') {
            return of(call, argument);
        }
        text.slice(1, text.length() - 1);
        if (!text.isLong()) {
            throw OUT_OF_RANGE;
        }
        return checked(call, text.parseLong(), fieldBits);
    }

    private static long checked(Call call, long count, int bits) {
        if (count < 0 || count > Long.MAX_VALUE / Long.SIZE) {
            throw OUT_OF_RANGE;
        }
        long offset = count * bits;
        if (offset >>> 3 >= call.longestString()) {
            throw OUT_OF_RANGE;
        }
        return offset;
    }
}
