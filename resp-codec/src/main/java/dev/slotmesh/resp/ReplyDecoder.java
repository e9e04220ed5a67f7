package dev.slotmesh.resp;

import io.netty.buffer.ByteBuf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns bytes into replies of RESP2 and RESP3. One per connection; not thread safe.
 *
 * <p>Lines and strings are taken from the buffer as they are completed, so after {@link
 * Outcome#MORE} the reader index stands before the first unfinished one and the decoder holds the
 * rest of the reply. Lists grow with the elements that arrive, never by the count announced, and
 * nesting is kept on a list of its own, not on the Java stack.
 *
 * <p>Streamed strings ({@code $?}) and aggregates ({@code *? ~? %?}) are read and become ordinary
 * ones.
 */
public final class ReplyDecoder {
    /** What a call to {@link #decode} came to. */
    public enum Outcome {
        /** {@link #reply()} is the next reply. */
        REPLY,
        /** The next reply is not complete. */
        MORE,
        /** The bytes are no reply: {@link #refusal()} says why. Costs the connection. */
        ERROR
    }

    /** Why bytes were refused. */
    public enum Refusal {
        /** The type byte is none of RESP3's. */
        UNKNOWN_TYPE,
        /** A line without end, or with one too far off. */
        LINE_TOO_LONG,
        /** A line feed without carriage return, or a carriage return inside a line. */
        BAD_LINE_END,
        /** An integer with other characters than a sign and digits. */
        BAD_INTEGER,
        /** An integer beyond 64 bits. */
        INTEGER_OVERFLOW,
        /** A count or length that is not a number or is negative and not a null. */
        BAD_LENGTH,
        /** A string beyond the limit. */
        BULK_TOO_LONG,
        /** A string not followed by CR LF. */
        BAD_BULK_END,
        /** More elements than the limit, announced or streamed. */
        TOO_MANY_ELEMENTS,
        /** More open aggregates than the limit. */
        TOO_DEEP,
        /** A double that is no number. */
        BAD_DOUBLE,
        /** A boolean other than t and f. */
        BAD_BOOLEAN,
        /** A big number with other characters than a sign and digits. */
        BAD_BIG_NUMBER,
        /** A verbatim string without its three-letter format and colon. */
        BAD_VERBATIM,
        /** Something after the null's type byte. */
        BAD_NULL,
        /** A part of a streamed string where there is none, or something else inside one. */
        UNEXPECTED_CHUNK,
        /** The end of a streamed aggregate where there is none, or between a key and its value. */
        UNEXPECTED_END
    }

    /** What one step through the bytes came to. */
    private enum Step {
        VALUE,
        OPENED,
        MORE,
        REFUSED
    }

    private static final byte[] NO_BYTES = {};

    private final ReplyLimits limits;
    private final List<OpenAggregate> open = new ArrayList<>();
    private int elements;

    /** Bytes after the reader index that hold no line feed. */
    private int scanned;
    /** Type of the string whose length has been read and whose bytes are awaited, or 0. */
    private byte awaited;

    private int awaitedLength;
    /** The parts of a streamed string so far, or null outside one. */
    private ByteArrayOutputStream streamed;

    private Reply value;
    private Refusal refusal;

    /** A decoder with {@link ReplyLimits#DEFAULT}. */
    public ReplyDecoder() {
        this(ReplyLimits.DEFAULT);
    }

    /** A decoder with these limits. */
    public ReplyDecoder(ReplyLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads on until a reply is complete or the readable bytes are used up. After an error every
     * further call answers ERROR.
     *
     * @param in bytes of the connection; the reader index moves past what was used
     */
    public Outcome decode(ByteBuf in) {
        if (refusal != null) {
            return Outcome.ERROR;
        }
        while (true) {
            switch (awaited != 0 ? string(in) : line(in)) {
                case MORE:
                    return Outcome.MORE;
                case REFUSED:
                    return Outcome.ERROR;
                case VALUE:
                    if (deliver()) {
                        elements = 0;
                        return Outcome.REPLY;
                    }
                    if (refusal != null) {
                        return Outcome.ERROR;
                    }
                    break;
                default:
                    break;
            }
        }
    }

    /**
     * The reply that the last call to {@link #decode} completed; null when it did not answer REPLY.
     */
    public Reply reply() {
        return value;
    }

    /** Why {@link #decode} answered ERROR; null while it has not. */
    public Refusal refusal() {
        return refusal;
    }

    private Step refuse(Refusal reason) {
        value = null;
        refusal = reason;
        return Step.REFUSED;
    }

    private Step value(Reply reply) {
        value = reply;
        return Step.VALUE;
    }

    /**
     * Hands the finished value to the aggregate that waits for it, and that one to its own; true
     * when nothing waits any more.
     */
    private boolean deliver() {
        while (!open.isEmpty()) {
            OpenAggregate top = open.get(open.size() - 1);
            if (top.isStreamed() && ++elements > limits.maxElements()) {
                refuse(Refusal.TOO_MANY_ELEMENTS);
                return false;
            }
            top.add(value);
            if (!top.isFull() || top.turnsToSubject()) {
                value = null;
                return false;
            }
            open.remove(open.size() - 1);
            value = top.reply();
        }
        return true;
    }

    private Step line(ByteBuf in) {
        value = null;
        int start = in.readerIndex();
        int end = in.writerIndex();
        int limit = (int) Math.min(end, (long) start + limits.maxLineBytes() + 3);
        int feed = in.indexOf(Math.min(limit, start + scanned), limit, (byte) '\n');
        if (feed < 0) {
            if (end - start >= limits.maxLineBytes() + 3L) {
                return refuse(Refusal.LINE_TOO_LONG);
            }
            scanned = end - start;
            return Step.MORE;
        }
        scanned = 0;
        if (feed < start + 2 || in.getByte(feed - 1) != '\r') {
            return refuse(Refusal.BAD_LINE_END);
        }
        int stop = feed - 1;
        if (in.indexOf(start, stop, (byte) '\r') >= 0) {
            return refuse(Refusal.BAD_LINE_END);
        }
        in.readerIndex(feed + 1);
        byte type = in.getByte(start);
        if (streamed != null && type != ';') {
            return refuse(Refusal.UNEXPECTED_CHUNK);
        }
        return isScalar(type)
                ? scalar(in, type, start + 1, stop)
                : header(in, type, start + 1, stop);
    }

    private static boolean isScalar(byte type) {
        return type == '+'
                || type == '-'
                || type == ':'
                || type == '_'
                || type == '#'
                || type == ','
                || type == '(';
    }

    private Step scalar(ByteBuf in, byte type, int from, int stop) {
        if (type == ':') {
            return integer(in, from, stop);
        }
        String text = in.toString(from, stop - from, StandardCharsets.ISO_8859_1);
        switch (type) {
            case '+':
                return value(new Reply.SimpleString(text));
            case '-':
                return value(new Reply.SimpleError(text));
            case '_':
                return text.isEmpty()
                        ? value(new Reply.Null(Reply.Null.Form.RESP3))
                        : refuse(Refusal.BAD_NULL);
            case '#':
                boolean isTrue = text.equals("t");
                return isTrue || text.equals("f")
                        ? value(new Reply.Bool(isTrue))
                        : refuse(Refusal.BAD_BOOLEAN);
            case ',':
                return NumberText.isDouble(text)
                        ? value(new Reply.Double(text))
                        : refuse(Refusal.BAD_DOUBLE);
            default:
                return NumberText.isInteger(text)
                        ? value(new Reply.BigNumber(text))
                        : refuse(Refusal.BAD_BIG_NUMBER);
        }
    }

    private Step integer(ByteBuf in, int from, int stop) {
        byte sign = from < stop ? in.getByte(from) : 0;
        int first = sign == '-' || sign == '+' ? from + 1 : from;
        if (first == stop) {
            return refuse(Refusal.BAD_INTEGER);
        }
        // Summed below zero, where there is one number more.
        long sum = 0;
        boolean overflow = false;
        for (int i = first; i < stop; i++) {
            int digit = in.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return refuse(Refusal.BAD_INTEGER);
            }
            overflow |= sum < (Long.MIN_VALUE + digit) / 10;
            sum = sum * 10 - digit;
        }
        if (overflow || sum == Long.MIN_VALUE && sign != '-') {
            return refuse(Refusal.INTEGER_OVERFLOW);
        }
        return value(new Reply.Integer(sign == '-' ? sum : -sum));
    }

    /** A line that announces a count or a length, or ends a stream. */
    private Step header(ByteBuf in, byte type, int from, int stop) {
        boolean streams = stop - from == 1 && in.getByte(from) == '?';
        switch (type) {
            case '$':
                return streams
                        ? openString()
                        : stringHeader(type, LengthText.parse(in, from, stop));
            case '!':
            case '=':
            case ';':
                return stringHeader(type, LengthText.parse(in, from, stop));
            case '*':
            case '~':
            case '%':
                return streams
                        ? openAggregate(type, -1)
                        : aggregateHeader(type, LengthText.parse(in, from, stop));
            case '>':
            case '|':
                return aggregateHeader(type, LengthText.parse(in, from, stop));
            case '.':
                return from == stop ? closeAggregate() : refuse(Refusal.UNEXPECTED_END);
            default:
                return refuse(Refusal.UNKNOWN_TYPE);
        }
    }

    private Step openString() {
        streamed = new ByteArrayOutputStream();
        return Step.OPENED;
    }

    private Step stringHeader(byte type, long length) {
        if (type == ';' && streamed == null) {
            return refuse(Refusal.UNEXPECTED_CHUNK);
        }
        if (type == '$' && length == -1) {
            return value(new Reply.Null(Reply.Null.Form.BULK));
        }
        if (length < 0 || length == LengthText.INVALID) {
            return refuse(Refusal.BAD_LENGTH);
        }
        long before = streamed == null ? 0 : streamed.size();
        if (before + length > limits.maxBulkBytes()) {
            return refuse(Refusal.BULK_TOO_LONG);
        }
        if (type == ';' && length == 0) {
            byte[] whole = streamed.toByteArray();
            streamed = null;
            return value(new Reply.Bulk(whole));
        }
        awaited = type;
        awaitedLength = (int) length;
        return Step.OPENED;
    }

    private Step string(ByteBuf in) {
        value = null;
        int start = in.readerIndex();
        if (in.readableBytes() - 2 < awaitedLength) {
            return Step.MORE;
        }
        int stop = start + awaitedLength;
        if (in.getByte(stop) != '\r' || in.getByte(stop + 1) != '\n') {
            return refuse(Refusal.BAD_BULK_END);
        }
        byte[] bytes = awaitedLength == 0 ? NO_BYTES : new byte[awaitedLength];
        in.readBytes(bytes);
        in.skipBytes(2);
        byte type = awaited;
        awaited = 0;
        switch (type) {
            case ';':
                streamed.writeBytes(bytes);
                return Step.OPENED;
            case '!':
                return value(new Reply.BulkError(bytes));
            case '=':
                return verbatim(bytes);
            default:
                return value(new Reply.Bulk(bytes));
        }
    }

    private Step verbatim(byte[] bytes) {
        if (bytes.length < 4 || bytes[3] != ':') {
            return refuse(Refusal.BAD_VERBATIM);
        }
        byte[] text = new byte[bytes.length - 4];
        System.arraycopy(bytes, 4, text, 0, text.length);
        return value(
                new Reply.Verbatim(new String(bytes, 0, 3, StandardCharsets.ISO_8859_1), text));
    }

    private Step aggregateHeader(byte type, long count) {
        if (type == '*' && count == -1) {
            return value(new Reply.Null(Reply.Null.Form.ARRAY));
        }
        if (count < 0 || count == LengthText.INVALID) {
            return refuse(Refusal.BAD_LENGTH);
        }
        long children = type == '%' || type == '|' ? 2 * Math.min(count, Integer.MAX_VALUE) : count;
        if (children > limits.maxElements() - elements) {
            return refuse(Refusal.TOO_MANY_ELEMENTS);
        }
        elements += (int) children;
        return openAggregate(type, (int) children);
    }

    private Step openAggregate(byte type, int children) {
        if (open.size() >= limits.maxDepth()) {
            return refuse(Refusal.TOO_DEEP);
        }
        OpenAggregate aggregate = new OpenAggregate(type, children);
        if (aggregate.isFull() && !aggregate.turnsToSubject()) {
            return value(aggregate.reply());
        }
        open.add(aggregate);
        return Step.OPENED;
    }

    private Step closeAggregate() {
        OpenAggregate top = open.isEmpty() ? null : open.get(open.size() - 1);
        if (top == null || !top.mayEnd()) {
            return refuse(Refusal.UNEXPECTED_END);
        }
        open.remove(open.size() - 1);
        return value(top.reply());
    }
}
