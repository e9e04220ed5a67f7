package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.keyspace.stream.StreamIdText;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import io.netty.buffer.ByteBuf;

/**
 * IDs as clients write them: {@code ms}, {@code ms-seq}, and where a range is meant {@code -}, {@code +} and {@code (ms-seq}.
 *
 * <p>A number is read as the C library's strtoull reads it, since Redis falls back on that: space, a sign and leading zeros
 * are taken, and the text ends at a zero byte.
 */
final class IdArgument {
    private static final int LONGEST = 127;
    private static final ErrorReply INVALID =
            new ErrorReply("ERR Invalid stream ID specified as stream command argument");
    private static final ErrorReply INVALID_START =
            new ErrorReply("ERR invalid start ID for the interval");
    private static final ErrorReply INVALID_END =
            new ErrorReply("ERR invalid end ID for the interval");
    private static final long OVERFLOW_TENTH = Long.divideUnsigned(-1, 10);

    private IdArgument() {}

    /** An ID of an entry; without a sequence number it is {@code ms-0}. */
    static StreamId exact(Call call, int argument) {
        return parse(call.span(argument), 0, 0, true);
    }

    /** As {@link #exact}, null when the argument is none. */
    static StreamId exactOrNull(Call call, int argument) {
        return parseOrNull(call.span(argument), 0, 0, true);
    }

    /** An ID or {@code -} or {@code +}; without a sequence number it is {@code ms-0}. */
    static StreamId anyOf(Call call, int argument) {
        return parse(call.span(argument), 0, 0, false);
    }

    /** Whether an argument is {@code ms-*}. */
    static boolean hasAutomaticSequence(ByteSpan text) {
        int length = endOf(text);
        int dash = dashOf(text, 0, length);
        return dash == length - 2 && text.byteAt(dash + 1) == '*' && text.length() <= LONGEST;
    }

    /** The milliseconds of {@code ms-*}. */
    static long milliseconds(ByteSpan text) {
        int dash = dashOf(text, 0, endOf(text));
        if (!isNumber(text, 0, dash)) {
            throw INVALID;
        }
        return number(text, 0, dash);
    }

    /** The first ID of a range. */
    static StreamId start(Call call, int argument) {
        ByteSpan text = call.span(argument);
        if (!isExclusive(text)) {
            return parse(text, 0, 0, false);
        }
        StreamId excluded = parse(text, 1, 0, true);
        if (excluded.equals(StreamId.MAX)) {
            throw INVALID_START;
        }
        return excluded.next();
    }

    /** The last ID of a range; without a sequence number it is the last of its millisecond. */
    static StreamId end(Call call, int argument) {
        ByteSpan text = call.span(argument);
        if (!isExclusive(text)) {
            return parse(text, 0, -1, false);
        }
        StreamId excluded = parse(text, 1, -1, true);
        if (excluded.isZero()) {
            throw INVALID_END;
        }
        return excluded.previous();
    }

    /** Replies with an ID. */
    static void reply(ReplyEncoder reply, long ms, long seq) {
        int length = StreamIdText.length(ms, seq);
        reply.bulkHeader(length);
        ByteBuf out = reply.buffer();
        out.ensureWritable(StreamIdText.LONGEST + 2);
        int at = out.writerIndex();
        StreamIdText.write(ms, seq, out.memoryAddress() + at, length);
        out.writerIndex(at + length);
        reply.bulkTrailer();
    }

    static void reply(ReplyEncoder reply, StreamId id) {
        reply(reply, id.ms(), id.seq());
    }

    private static boolean isExclusive(ByteSpan text) {
        return text.length() > 1 && text.byteAt(0) == '(';
    }

    private static StreamId parse(ByteSpan text, int from, long missingSeq, boolean exact) {
        StreamId id = parseOrNull(text, from, missingSeq, exact);
        if (id == null) {
            throw INVALID;
        }
        return id;
    }

    private static StreamId parseOrNull(ByteSpan text, int from, long missingSeq, boolean exact) {
        int end = endOf(text);
        if (text.length() - from > LONGEST) {
            return null;
        }
        if (end - from == 1 && (text.byteAt(from) == '-' || text.byteAt(from) == '+')) {
            return exact ? null : text.byteAt(from) == '-' ? StreamId.MIN : StreamId.MAX;
        }
        int dash = dashOf(text, from, end);
        int msEnd = dash < 0 ? end : dash;
        if (!isNumber(text, from, msEnd) || (dash >= 0 && !isNumber(text, dash + 1, end))) {
            return null;
        }
        return new StreamId(
                number(text, from, msEnd), dash < 0 ? missingSeq : number(text, dash + 1, end));
    }

    private static int endOf(ByteSpan text) {
        int end = 0;
        while (end < text.length() && text.byteAt(end) != 0) {
            end++;
        }
        return end;
    }

    private static int dashOf(ByteSpan text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (text.byteAt(i) == '-') {
                return i;
            }
        }
        return -1;
    }

    /** Where the digits begin: behind space and one sign. */
    private static int digitsOf(ByteSpan text, int from, int end) {
        int at = from;
        while (at < end && isSpace(text.byteAt(at))) {
            at++;
        }
        return at < end && (text.byteAt(at) == '-' || text.byteAt(at) == '+') ? at + 1 : at;
    }

    private static boolean isNumber(ByteSpan text, int from, int end) {
        int first = digitsOf(text, from, end);
        if (first >= end) {
            return false;
        }
        long value = 0;
        for (int at = first; at < end; at++) {
            int digit = text.byteAt(at) - '0';
            if (digit < 0
                    || digit > 9
                    || Long.compareUnsigned(value, OVERFLOW_TENTH) > 0
                    || (value == OVERFLOW_TENTH && digit > 5)) {
                return false;
            }
            value = value * 10 + digit;
        }
        // A negative number in its proper form is recognised as one and refused; any other is taken
        // modulo 2^64.
        boolean proper = first == from + 1
                && text.byteAt(from) == '-'
                && text.byteAt(first) != '0'
                && (value > 0 || value == Long.MIN_VALUE);
        return !proper;
    }

    /** The value of what {@link #isNumber}. */
    private static long number(ByteSpan text, int from, int end) {
        int first = digitsOf(text, from, end);
        long value = 0;
        for (int at = first; at < end; at++) {
            value = value * 10 + text.byteAt(at) - '0';
        }
        return first > from && text.byteAt(first - 1) == '-' ? -value : value;
    }

    private static boolean isSpace(int character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }
}
