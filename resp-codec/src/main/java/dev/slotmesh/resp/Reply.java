package dev.slotmesh.resp;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One reply of RESP2 or RESP3, as a value. Immutable, as long as nobody writes to the arrays, which
 * are not copied.
 *
 * <p>Text is ISO-8859-1, one character per byte. Numbers that have several texts (doubles, big
 * numbers) keep theirs, and nulls remember their wire form, so that a decoded reply is encoded to
 * the bytes it came from. Not kept: streamed forms, which become ordinary ones, and needless signs
 * and zeros of integers.
 */
public sealed interface Reply {
    /**
     * Writes this reply and all it contains; in RESP2 in the form that the encoder gives to the
     * type there.
     */
    void writeTo(ReplyEncoder out);

    /** {@code +text}. */
    record SimpleString(String text) implements Reply {
        @Override
        public void writeTo(ReplyEncoder out) {
            out.simpleString(text);
        }
    }

    /**
     * {@code -text}.
     *
     * @param text the whole line without the minus sign, code first
     */
    record SimpleError(String text) implements Reply {
        @Override
        public void writeTo(ReplyEncoder out) {
            out.error(text);
        }
    }

    /** {@code !length}, bytes. In RESP2 a simple error. */
    record BulkError(byte[] bytes) implements Reply {
        /** The bytes as ISO-8859-1. */
        public String text() {
            return latin1(bytes);
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            out.bulkError(bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof BulkError that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "BulkError[" + text() + "]";
        }
    }

    /** {@code :value}. */
    record Integer(long value) implements Reply {
        @Override
        public void writeTo(ReplyEncoder out) {
            out.integer(value);
        }
    }

    /** {@code $length}, bytes. */
    record Bulk(byte[] bytes) implements Reply {
        /** The bytes of this text as ISO-8859-1. */
        public static Bulk of(String text) {
            return new Bulk(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** The bytes as ISO-8859-1. */
        public String text() {
            return latin1(bytes);
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            out.bulk(bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bulk that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Bulk[" + text() + "]";
        }
    }

    /** Absence, in one of its three wire forms. */
    record Null(Form form) implements Reply {
        /** How absence was written. */
        public enum Form {
            /** {@code $-1}. */
            BULK,
            /** {@code *-1}. */
            ARRAY,
            /** {@code _}; becomes {@code $-1} in RESP2. */
            RESP3
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            switch (form) {
                case BULK -> out.resp2NullBulk();
                case ARRAY -> out.resp2NullArray();
                case RESP3 -> out.nullValue();
            }
        }
    }

    /** {@code *count}, elements. */
    record Array(List<Reply> elements) implements Reply {
        public Array {
            elements = List.copyOf(elements);
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            out.array(elements.size());
            writeAll(elements, out);
        }
    }

    /** One key and its value in a map or an attribute. */
    record Pair(Reply key, Reply value) {}

    /**
     * {@code %pairs}; order and repeated keys are kept. In RESP2 an array of keys and values by
     * turns.
     */
    record Map(List<Pair> pairs) implements Reply {
        public Map {
            pairs = List.copyOf(pairs);
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            out.map(pairs.size());
            writePairs(pairs, out);
        }
    }

    /** {@code ~count}, elements in wire order; repeated ones are kept. In RESP2 an array. */
    record Set(List<Reply> elements) implements Reply {
        public Set {
            elements = List.copyOf(elements);
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            out.set(elements.size());
            writeAll(elements, out);
        }
    }

    /** {@code >count}, elements: not the answer to a request. In RESP2 an array. */
    record Push(List<Reply> elements) implements Reply {
        public Push {
            elements = List.copyOf(elements);
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            out.push(elements.size());
            writeAll(elements, out);
        }
    }

    /**
     * {@code ,text}. In RESP2 a bulk string.
     *
     * @param text inf, -inf, nan, or a decimal number with an optional fraction and exponent
     */
    record Double(String text) implements Reply {
        public Double {
            if (!NumberText.isDouble(text)) {
                throw new IllegalArgumentException("not a double: " + text);
            }
        }

        /** This number as Redis 7.0 prints it. */
        public static Double of(double value) {
            return new Double(DoubleText.of(value));
        }

        /** The number nearest to the text. */
        public double value() {
            return NumberText.doubleValue(text);
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            out.doubleText(text);
        }
    }

    /** {@code #t} or {@code #f}. In RESP2 the integer 1 or 0. */
    record Bool(boolean value) implements Reply {
        @Override
        public void writeTo(ReplyEncoder out) {
            out.bool(value);
        }
    }

    /**
     * {@code (digits}. In RESP2 a bulk string.
     *
     * @param digits an optional sign and at least one decimal digit
     */
    record BigNumber(String digits) implements Reply {
        public BigNumber {
            if (!NumberText.isInteger(digits)) {
                throw new IllegalArgumentException("not a whole number: " + digits);
            }
        }

        /** The number. */
        public BigInteger value() {
            return new BigInteger(digits);
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            out.bigNumber(digits);
        }
    }

    /**
     * {@code =length}, format, colon, bytes. In RESP2 a bulk string of the bytes.
     *
     * @param format three characters: "txt" or "mkd"
     */
    record Verbatim(String format, byte[] bytes) implements Reply {
        public Verbatim {
            if (format.length() != 3) {
                throw new IllegalArgumentException("verbatim format: " + format);
            }
        }

        /** The bytes as ISO-8859-1. */
        public String text() {
            return latin1(bytes);
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            out.verbatim(format, bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Verbatim that
                    && format.equals(that.format)
                    && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return 31 * format.hashCode() + Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Verbatim[" + format + ":" + text() + "]";
        }
    }

    /** {@code |pairs}, then the reply that they tell something about. In RESP2 that reply alone. */
    record Attributed(List<Pair> attributes, Reply reply) implements Reply {
        public Attributed {
            attributes = List.copyOf(attributes);
        }

        @Override
        public void writeTo(ReplyEncoder out) {
            if (out.protocol() == 3) {
                out.attribute(attributes.size());
                writePairs(attributes, out);
            }
            reply.writeTo(out);
        }
    }

    private static void writeAll(List<Reply> elements, ReplyEncoder out) {
        for (Reply element : elements) {
            element.writeTo(out);
        }
    }

    private static void writePairs(List<Pair> pairs, ReplyEncoder out) {
        for (Pair pair : pairs) {
            pair.key().writeTo(out);
            pair.value().writeTo(out);
        }
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
