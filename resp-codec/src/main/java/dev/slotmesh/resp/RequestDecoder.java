package dev.slotmesh.resp;

import io.netty.buffer.ByteBuf;

/**
 * Turns a connection's bytes into requests, without copying them. One per connection; not thread
 * safe.
 *
 * <pre>
 *   multibulk   *2 CR LF $3 CR LF GET CR LF $5 CR LF mykey CR LF
 *   inline      GET mykey [CR] LF                        (see {@link InlineArguments})
 * </pre>
 *
 * <p>After {@link Outcome#MORE} the decoder remembers how far it got, counted from the buffer's
 * reader index, and goes on there: finished arguments are not looked at again. Meanwhile the caller
 * may compact, reallocate or exchange the buffer as long as the readable bytes stay the same and
 * more follow.
 *
 * <p>As in Redis, the byte after the carriage return of a length line and the two bytes after an
 * argument are skipped unseen, and empty requests (a count of 0 or less, an empty line) are passed
 * over in silence.
 */
public final class RequestDecoder {
    /** What a call to {@link #decode} came to. */
    public enum Outcome {
        /** The request is filled in and the buffer's reader index stands after it. */
        REQUEST,
        /** The next request is not complete; the reader index stands at its first byte. */
        MORE,
        /**
         * The bytes are no request: {@link #error()} says why. Costs the connection; decode no more
         * of it.
         */
        ERROR
    }

    private static final long PENDING = -1;
    private static final long REFUSED = -2;
    private static final int SMALLEST_HINT_BYTES = 1 << 20;

    private RequestLimits limits;
    private int maxArguments;
    private int maxBulkBytes;

    /** Arguments announced by the unfinished request, 0 when none was. */
    private int announced;

    private int finished;
    /** Where the first unfinished argument begins, from the reader index. */
    private int position;
    /** No line end before here, from the reader index. */
    private int scanned;
    /** Positions of an unfinished request's arguments; between requests a spare or null. */
    private int[] spans;

    private int missingBytes;
    private String error;

    /** A decoder with {@link RequestLimits#DEFAULT}. */
    public RequestDecoder() {
        this(RequestLimits.DEFAULT);
    }

    /** A decoder with these limits. */
    public RequestDecoder(RequestLimits limits) {
        limits(limits);
    }

    /** Sets the limits that hold from the next count or length on. */
    public void limits(RequestLimits newLimits) {
        limits = newLimits;
        maxArguments = newLimits.maxArguments();
        maxBulkBytes = (int) Math.min(newLimits.maxBulkBytes(), RequestLimits.LARGEST_BULK_BYTES);
    }

    /** The limits in force. */
    public RequestLimits limits() {
        return limits;
    }

    /**
     * Why the last call answered ERROR, as Redis words it without the leading "-ERR ", for example
     * "Protocol error: invalid bulk length"; ISO-8859-1, since it may quote a byte of the client's.
     * Null when no call has answered ERROR.
     */
    public String error() {
        return error;
    }

    /** Forgets how far it got with an unfinished request: the reader index is about to be put elsewhere. */
    public void restart() {
        announced = 0;
        finished = 0;
        scanned = 0;
        missingBytes = 0;
    }

    /**
     * Bytes that the unfinished argument still lacks, for growing the receive buffer once; 0 when
     * unknown. At most as many as already arrived of it, or 1 MiB, so that a client cannot claim
     * memory by announcing alone. Meaningful after MORE.
     */
    public int missingBytes() {
        return missingBytes;
    }

    /**
     * Reads one request from the readable bytes. An inline request with quotes is rewritten in
     * place, so the buffer must be writable.
     *
     * @param in bytes of the connection, from the reader index on
     * @param request filled when the answer is REQUEST, left without arguments otherwise; need not
     *     be the same one every time, but not a copy that still has bytes to release
     */
    public Outcome decode(ByteBuf in, Request request) {
        missingBytes = 0;
        if (announced != 0) {
            if (finished != 0) {
                spans = request.exchange(spans);
            }
            return arguments(in, request, announced, finished, position);
        }
        int start = in.readerIndex();
        if (in.writerIndex() - start >= Long.BYTES) {
            // A count of one digit, by far the most frequent: *n CR LF. Anything odd is left to
            // begin().
            int count = LengthText.oneDigitCount(in.getLongLE(start));
            if (count > 0 && count <= maxArguments) {
                return arguments(in, request, count, 0, 4);
            }
        }
        return begin(in, request);
    }

    /** Everything up to the first argument, with no assumption about the bytes. */
    private Outcome begin(ByteBuf in, Request request) {
        while (in.isReadable()) {
            int start = in.readerIndex();
            if (in.getByte(start) == '*') {
                int lineEnd = lineEnd(in, start, "too big mbulk count string");
                if (lineEnd < 0) {
                    return lineEnd == PENDING ? more(request) : failed(request);
                }
                long count = LengthText.parse(in, start + 1, lineEnd);
                if (!admitsCount(count)) {
                    return failed(request);
                }
                scanned = 0;
                if (count > 0) {
                    return arguments(in, request, (int) count, 0, lineEnd + 2 - start);
                }
                in.readerIndex(lineEnd + 2);
                continue;
            }
            Outcome outcome = inline(in, request);
            if (outcome != null) {
                return outcome;
            }
        }
        return more(request);
    }

    private boolean admitsCount(long count) {
        if (count == LengthText.INVALID
                || count > Math.max(limits.maxArguments(), RequestLimits.DEFAULT.maxArguments())
                || count > limits.maxArguments() && !limits.beforeAuthentication()) {
            error = "Protocol error: invalid multibulk length";
            return false;
        }
        if (count > limits.maxArguments()) {
            error = "Protocol error: unauthenticated multibulk length";
            return false;
        }
        return true;
    }

    /**
     * Arguments {@code index..total-1}, the first of them {@code at} bytes after the reader index.
     *
     * <p>The hot loop. A length line is taken from one eight-byte read: one bounds check instead of
     * one per byte. Fields are touched only when the request is not complete.
     */
    private Outcome arguments(ByteBuf in, Request request, int total, int index, int at) {
        int base = in.readerIndex();
        int end = in.writerIndex();
        int[] places = request.spans();
        int from = base + at;
        while (index < total) {
            long word =
                    end - from >= Long.BYTES ? in.getLongLE(from) : LengthText.tail(in, from, end);
            int length = LengthText.oneOrTwoDigits(word);
            int text = from + (length < 10 ? 4 : 5);
            if (length < 0 || length > maxBulkBytes) {
                long header = bulkHeader(in, from, word);
                if (header < 0) {
                    return header == PENDING
                            ? suspend(in, request, total, index, from)
                            : failed(request);
                }
                text = (int) (header >>> 32);
                length = (int) header;
            }
            if (end - text - 2 < length) {
                hint(end - text, length);
                return suspend(in, request, total, index, from);
            }
            if (2 * index == places.length) {
                places = request.grow();
            }
            places[2 * index] = text - base;
            places[2 * index + 1] = length;
            from = text + length + 2;
            index++;
        }
        return complete(in, request, base, total, from);
    }

    private Outcome complete(ByteBuf in, Request request, int base, int total, int next) {
        scanned = 0;
        if (announced != 0) {
            announced = 0;
            if (spans != null && !Request.isKept(spans)) {
                spans = null;
            }
        }
        request.bind(in, base, next, total);
        in.readerIndex(next);
        return Outcome.REQUEST;
    }

    private Outcome suspend(ByteBuf in, Request request, int total, int index, int from) {
        announced = total;
        finished = index;
        position = from - in.readerIndex();
        if (index != 0) {
            spans = request.exchange(spans);
        }
        return more(request);
    }

    private void hint(int present, int length) {
        int arrived = Math.max(0, present);
        missingBytes =
                (int) Math.min(length + 2L - arrived, Math.max(SMALLEST_HINT_BYTES, arrived));
    }

    /**
     * The line {@code $length CR LF} at {@code from}, of any form.
     *
     * @param word the first eight bytes of the line, those not yet arrived as 0
     * @return the argument's index in the upper half and its length in the lower, or PENDING or
     *     REFUSED
     */
    private long bulkHeader(ByteBuf in, int from, long word) {
        long quick = LengthText.threeToSixDigits(word);
        if (quick >= 0 && quick <= maxBulkBytes) {
            int text = from + (quick < 1_000 ? 6 : quick < 10_000 ? 7 : quick < 100_000 ? 8 : 9);
            return (long) text << 32 | quick;
        }
        int lineEnd = lineEnd(in, from, "too big bulk count string");
        if (lineEnd < 0) {
            return lineEnd;
        }
        byte type = in.getByte(from);
        if (type != '$') {
            char shown = type == '\r' || type == '\n' ? ' ' : (char) (type & 0xFF);
            error = "Protocol error: expected '$', got '" + shown + "'";
            return REFUSED;
        }
        long length = LengthText.parse(in, from + 1, lineEnd);
        boolean early = limits.beforeAuthentication();
        if (length < 0 || length > (early ? RequestLimits.DEFAULT.maxBulkBytes() : maxBulkBytes)) {
            error = "Protocol error: invalid bulk length";
            return REFUSED;
        }
        if (length > maxBulkBytes) {
            error = "Protocol error: unauthenticated bulk length";
            return REFUSED;
        }
        if ((long) lineEnd + 2 + length + 2 > Integer.MAX_VALUE) {
            error = "Protocol error: invalid bulk length";
            return REFUSED;
        }
        return (long) (lineEnd + 2) << 32 | length;
    }

    /**
     * Index of the carriage return that ends the length line at {@code from}, once the byte after
     * it has arrived too; otherwise PENDING or REFUSED. The line is searched once, however often it
     * is asked for.
     */
    private int lineEnd(ByteBuf in, int from, String complaint) {
        int base = in.readerIndex();
        int end = in.writerIndex();
        int limit = (int) Math.min(end, (long) from + limits.maxInlineBytes() + 1);
        int lineEnd =
                in.indexOf(Math.min(limit, Math.max(from, base + scanned)), limit, (byte) '\r');
        if (lineEnd >= 0) {
            scanned = lineEnd - base;
            return lineEnd + 1 < end ? lineEnd : (int) PENDING;
        }
        if (end - from > limits.maxInlineBytes()) {
            error = "Protocol error: " + complaint;
            return (int) REFUSED;
        }
        scanned = end - base;
        return (int) PENDING;
    }

    /** An inline request, or null after an empty one. */
    private Outcome inline(ByteBuf in, Request request) {
        int base = in.readerIndex();
        int end = in.writerIndex();
        int limit = (int) Math.min(end, (long) base + limits.maxInlineBytes() + 1);
        int lineEnd = in.indexOf(Math.min(limit, base + scanned), limit, (byte) '\n');
        if (lineEnd < 0) {
            if (end - base > limits.maxInlineBytes()) {
                error = "Protocol error: too big inline request";
                return failed(request);
            }
            scanned = end - base;
            return more(request);
        }
        scanned = 0;
        int stop = lineEnd > base && in.getByte(lineEnd - 1) == '\r' ? lineEnd - 1 : lineEnd;
        int count = InlineArguments.split(in, base, stop, request);
        if (count < 0) {
            error = "Protocol error: unbalanced quotes in request";
            return failed(request);
        }
        in.readerIndex(lineEnd + 1);
        if (count == 0) {
            return null;
        }
        request.bind(in, base, lineEnd + 1, count);
        return Outcome.REQUEST;
    }

    private static Outcome more(Request request) {
        request.clear();
        return Outcome.MORE;
    }

    private static Outcome failed(Request request) {
        request.clear();
        return Outcome.ERROR;
    }
}
