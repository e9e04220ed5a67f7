package dev.slotmesh.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import java.nio.charset.StandardCharsets;

/**
 * Writes replies into a buffer, in RESP2 or RESP3. Reusable; not thread safe; the buffer grows as
 * needed and stays its owner's.
 *
 * <p>A type that RESP2 lacks is written the way Redis writes it for RESP2 clients; each method says
 * how. The encoder checks no nesting: after {@code array(2)} the caller owes two replies.
 *
 * <p>Text is ISO-8859-1, one byte per character (characters beyond U+00FF become '?'), to match
 * {@link Request#text}; other text is a matter for {@link #bulk(byte[])}.
 *
 * <p>Short replies are put together in a register and stored in one eight-byte write; the bytes
 * beyond the reply lie above the writer index and are overwritten by the next one.
 */
public final class ReplyEncoder {
    private static final int CRLF = '\r' | '\n' << 8;
    private static final int LINE_BYTES = 24;

    /** Index of the first digit of a double in its line, after the comma. */
    private static final int DOUBLE_START = 1;

    private static final long OK = word("+OK\r\n");
    private static final long NULL_BULK = word("$-1\r\n");
    private static final long NULL_ARRAY = word("*-1\r\n");
    private static final long NULL = word("_\r\n");
    private static final long TRUE = word("#t\r\n");
    private static final long FALSE = word("#f\r\n");

    /**
     * Numbers below this are stored ready: digits, CR LF from the lowest byte up, and the sum of
     * bytes in the highest.
     */
    private static final int READY_NUMBERS = 1024;

    private static final long[] READY = readyNumbers();

    /** The digits of 00..99. */
    private static final byte[] PAIRS = digitPairs();

    private ByteBuf out;
    private boolean resp3;
    private final byte[] line = new byte[LINE_BYTES];
    private final byte[] doubleLine = new byte[DOUBLE_START + DoubleText.LONGEST + 2];

    /** An encoder that writes to this buffer in this protocol version, 2 or 3. */
    public ReplyEncoder(ByteBuf out, int version) {
        bind(out);
        protocol(version);
    }

    /** An encoder in protocol 2, to be {@link #bind bound} before use. */
    public ReplyEncoder() {}

    /** Writes to this buffer from now on, at its writer index. */
    public ReplyEncoder bind(ByteBuf buffer) {
        out = buffer;
        return this;
    }

    /** The buffer written to. */
    public ByteBuf buffer() {
        return out;
    }

    /**
     * Writes this protocol version from now on.
     *
     * @param version 2 or 3
     * @throws IllegalArgumentException for any other
     */
    public ReplyEncoder protocol(int version) {
        if (version != 2 && version != 3) {
            throw new IllegalArgumentException("protocol version: " + version);
        }
        resp3 = version == 3;
        return this;
    }

    /** The protocol version, 2 or 3. */
    public int protocol() {
        return resp3 ? 3 : 2;
    }

    /** {@code +OK}. */
    public void ok() {
        shortLine(OK, 5);
    }

    /** {@code +text}; a CR or LF inside becomes a space. */
    public void simpleString(CharSequence text) {
        textLine('+', text);
    }

    /**
     * {@code -text}; a CR or LF inside becomes a space, and those at the end are dropped.
     *
     * @param text all that follows the minus sign, code first: "ERR syntax error"
     */
    public void error(CharSequence text) {
        int length = text.length();
        while (length > 0 && isLineEnd(text.charAt(length - 1))) {
            length--;
        }
        textLine('-', length == text.length() ? text : text.subSequence(0, length));
    }

    /** {@code :value}. */
    public void integer(long value) {
        number(':', value);
    }

    /** {@code $length}, these bytes. */
    public void bulk(byte[] bytes) {
        bulkHeader(bytes.length);
        out.writeBytes(bytes);
        bulkTrailer();
    }

    /** {@code $length}, these bytes of another buffer, whose indexes stay as they are. */
    public void bulk(ByteBuf source, int offset, int length) {
        bulkHeader(length);
        out.writeBytes(source, offset, length);
        bulkTrailer();
    }

    /** {@code $length}, this text as ISO-8859-1. */
    public void bulk(CharSequence text) {
        bulkHeader(text.length());
        characters(text);
        bulkTrailer();
    }

    /** {@code $length}, the decimal digits of this number. */
    public void bulk(long value) {
        int start = digits(value);
        bulkHeader(LINE_BYTES - 2 - start);
        out.writeBytes(line, start, LINE_BYTES - start);
    }

    /**
     * The line before a bulk string of this many bytes, with room made for them: the caller writes
     * exactly {@code length} bytes at the buffer's writer index, then calls {@link #bulkTrailer()}.
     */
    public void bulkHeader(int length) {
        out.ensureWritable(length + LINE_BYTES);
        number('$', length);
    }

    /** The CR LF after a bulk string. */
    public void bulkTrailer() {
        out.writeShortLE(CRLF);
    }

    /** Absent string: RESP2 {@code $-1}, RESP3 {@code _}. */
    public void nullBulk() {
        if (resp3) {
            shortLine(NULL, 3);
        } else {
            shortLine(NULL_BULK, 5);
        }
    }

    /** Absent array: RESP2 {@code *-1}, RESP3 {@code _}. */
    public void nullArray() {
        if (resp3) {
            shortLine(NULL, 3);
        } else {
            shortLine(NULL_ARRAY, 5);
        }
    }

    /** Absent value of no particular type: RESP2 {@code $-1}, RESP3 {@code _}. */
    public void nullValue() {
        nullBulk();
    }

    /** {@code *count}; the caller owes that many replies. */
    public void array(int count) {
        number('*', count);
    }

    /** RESP3 {@code %pairs}, RESP2 {@code *2n}; the caller owes a key and a value for each pair. */
    public void map(int pairs) {
        if (resp3) {
            number('%', pairs);
        } else {
            number('*', 2L * pairs);
        }
    }

    /** RESP3 {@code ~count}, RESP2 {@code *count}; the caller owes that many replies. */
    public void set(int count) {
        number(resp3 ? '~' : '*', count);
    }

    /** RESP3 {@code >count}, RESP2 {@code *count}; the caller owes that many replies. */
    public void push(int count) {
        number(resp3 ? '>' : '*', count);
    }

    /**
     * {@code |pairs}, before the reply that the attribute belongs to; the caller owes the pairs,
     * then that reply.
     *
     * @throws IllegalStateException in RESP2, which cannot carry attributes: leave them out
     */
    public void attribute(int pairs) {
        if (!resp3) {
            throw new IllegalStateException("attributes need RESP3");
        }
        number('|', pairs);
    }

    /** RESP3 {@code ,text}, RESP2 a bulk string; the text is that of {@link DoubleText}. */
    public void doubleValue(double value) {
        int length = DoubleText.write(value, doubleLine, DOUBLE_START) - DOUBLE_START;
        int from = DOUBLE_START - 1;
        doubleLine[from] = ',';
        if (!resp3) {
            from = DOUBLE_START;
            bulkHeader(length);
        }
        doubleLine[DOUBLE_START + length] = '\r';
        doubleLine[DOUBLE_START + length + 1] = '\n';
        out.writeBytes(doubleLine, from, DOUBLE_START + length + 2 - from);
    }

    /** As {@link #doubleValue}, of a double whose text is known already. */
    public void doubleText(String text) {
        if (resp3) {
            textLine(',', text);
        } else {
            bulk(text);
        }
    }

    /** RESP3 {@code #t} or {@code #f}, RESP2 {@code :1} or {@code :0}. */
    public void bool(boolean value) {
        if (resp3) {
            shortLine(value ? TRUE : FALSE, 4);
        } else {
            number(':', value ? 1 : 0);
        }
    }

    /** RESP3 {@code (digits}, RESP2 a bulk string of them. */
    public void bigNumber(String digits) {
        if (resp3) {
            textLine('(', digits);
        } else {
            bulk(digits);
        }
    }

    /**
     * RESP3 {@code =length}, format, colon, bytes; RESP2 a bulk string of the bytes.
     *
     * @param format three characters: "txt" or "mkd"
     * @throws IllegalArgumentException for a format of another length
     */
    public void verbatim(String format, byte[] bytes) {
        if (format.length() != 3) {
            throw new IllegalArgumentException("verbatim format: " + format);
        }
        if (!resp3) {
            bulk(bytes);
            return;
        }
        out.ensureWritable(bytes.length + LINE_BYTES + 4);
        number('=', bytes.length + 4L);
        characters(format);
        out.writeByte(':');
        out.writeBytes(bytes);
        bulkTrailer();
    }

    /** {@link #verbatim(String, byte[])} of this text as ISO-8859-1. */
    public void verbatim(String format, CharSequence text) {
        verbatim(format, text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** RESP3 {@code !length}, these bytes; RESP2 {@link #error} with them as ISO-8859-1. */
    public void bulkError(byte[] bytes) {
        if (!resp3) {
            error(new String(bytes, StandardCharsets.ISO_8859_1));
            return;
        }
        out.ensureWritable(bytes.length + LINE_BYTES);
        number('!', bytes.length);
        out.writeBytes(bytes);
        bulkTrailer();
    }

    /** A reply given as a value, with all it contains. */
    public void reply(Reply reply) {
        reply.writeTo(this);
    }

    /** {@code $-1} in either protocol. */
    void resp2NullBulk() {
        shortLine(NULL_BULK, 5);
    }

    /** {@code *-1} in either protocol. */
    void resp2NullArray() {
        shortLine(NULL_ARRAY, 5);
    }

    /** These bytes as they are: one or more whole replies, encoded before. */
    public void raw(byte[] bytes) {
        out.writeBytes(bytes);
    }

    /** A line of at most eight bytes, given from its lowest byte up. */
    private void shortLine(long word, int length) {
        int at = out.writerIndex();
        out.ensureWritable(Long.BYTES);
        out.setLongLE(at, word);
        out.writerIndex(at + length);
    }

    private void number(char type, long value) {
        if (value >= 0 && value < READY_NUMBERS) {
            long ready = READY[(int) value];
            shortLine(ready << 8 | type, 1 + (int) (ready >>> 56));
            return;
        }
        int start = digits(value) - 1;
        line[start] = (byte) type;
        out.writeBytes(line, start, LINE_BYTES - start);
    }

    /**
     * Puts the number and CR LF at the end of the line; returns the index of its first byte, 1 or
     * more.
     */
    private int digits(long value) {
        int at = LINE_BYTES;
        line[--at] = '\n';
        line[--at] = '\r';
        // Counted down from zero, since the smallest long has no positive counterpart.
        long rest = value < 0 ? value : -value;
        while (rest <= -100) {
            long quotient = rest / 100;
            int pair = 2 * (int) (quotient * 100 - rest);
            line[--at] = PAIRS[pair + 1];
            line[--at] = PAIRS[pair];
            rest = quotient;
        }
        do {
            long quotient = rest / 10;
            line[--at] = (byte) ('0' + (quotient * 10 - rest));
            rest = quotient;
        } while (rest != 0);
        if (value < 0) {
            line[--at] = '-';
        }
        return at;
    }

    private void textLine(char type, CharSequence text) {
        out.ensureWritable(text.length() + 3);
        out.writeByte(type);
        characters(hasLineEnd(text) ? text.toString().replace('\r', ' ').replace('\n', ' ') : text);
        bulkTrailer();
    }

    /** One byte per character; Netty's "ASCII" is ISO-8859-1 with '?' for all beyond. */
    private void characters(CharSequence text) {
        ByteBufUtil.writeAscii(out, text);
    }

    private static boolean hasLineEnd(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (isLineEnd(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLineEnd(char c) {
        return c == '\r' || c == '\n';
    }

    private static long word(String text) {
        long word = 0;
        for (int i = text.length() - 1; i >= 0; i--) {
            word = word << 8 | text.charAt(i);
        }
        return word;
    }

    private static long[] readyNumbers() {
        long[] ready = new long[READY_NUMBERS];
        for (int i = 0; i < READY_NUMBERS; i++) {
            String text = i + "\r\n";
            ready[i] = word(text) | (long) text.length() << 56;
        }
        return ready;
    }

    private static byte[] digitPairs() {
        byte[] pairs = new byte[200];
        for (int i = 0; i < 100; i++) {
            pairs[2 * i] = (byte) ('0' + i / 10);
            pairs[2 * i + 1] = (byte) ('0' + i % 10);
        }
        return pairs;
    }
}
