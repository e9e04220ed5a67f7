package dev.slotmesh.keyspace.rdb;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** RDB bytes of any version put together by hand, from the public description of the format: knows nothing of the code tested. */
final class RdbBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Begins a file with "REDIS0006" or the like. */
    static RdbBytes file(String signature) {
        return new RdbBytes().raw(signature.getBytes(StandardCharsets.ISO_8859_1));
    }

    RdbBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    RdbBytes u8(int value) {
        out.write(value);
        return this;
    }

    RdbBytes little(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> 8 * i));
        }
        return this;
    }

    RdbBytes big(long value, int bytes) {
        for (int i = bytes - 1; i >= 0; i--) {
            out.write((int) (value >>> 8 * i));
        }
        return this;
    }

    RdbBytes length(long value) {
        if (value < 64) {
            return u8((int) value);
        }
        if (value < 16_384) {
            return big(0x4000 | value, 2);
        }
        return value <= 0xFFFF_FFFFL ? u8(0x80).big(value, 4) : u8(0x81).big(value, 8);
    }

    RdbBytes string(String text) {
        return string(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RdbBytes string(byte[] bytes) {
        return length(bytes.length).raw(bytes);
    }

    /** The type and name of a key. */
    RdbBytes key(int type, String name) {
        return u8(type).string(name);
    }

    /** The end, without a checksum. */
    byte[] end() {
        return u8(0xFF).little(0, 8).bytes();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** A ziplist; integers in its shortest forms. */
    static byte[] ziplist(Object... elements) {
        RdbBytes body = new RdbBytes();
        int before = 0;
        int last = 10;
        for (Object element : elements) {
            last = 10 + body.out.size();
            RdbBytes entry = new RdbBytes();
            if (before < 254) {
                entry.u8(before);
            } else {
                entry.u8(254).little(before, 4);
            }
            entry.raw(
                    element instanceof Long number
                            ? ziplistNumber(number)
                            : ziplistText((String) element));
            before = entry.out.size();
            body.raw(entry.bytes());
        }
        int total = 10 + body.out.size() + 1;
        return new RdbBytes()
                .little(total, 4)
                .little(last, 4)
                .little(elements.length, 2)
                .raw(body.bytes())
                .u8(0xFF)
                .bytes();
    }

    private static byte[] ziplistText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        RdbBytes entry = new RdbBytes();
        if (bytes.length < 64) {
            entry.u8(bytes.length);
        } else if (bytes.length < 16_384) {
            entry.big(0x4000 | bytes.length, 2);
        } else {
            entry.u8(0x80).big(bytes.length, 4);
        }
        return entry.raw(bytes).bytes();
    }

    private static byte[] ziplistNumber(long number) {
        RdbBytes entry = new RdbBytes();
        if (number >= 0 && number <= 12) {
            return entry.u8(0xF1 + (int) number).bytes();
        } else if (number == (byte) number) {
            return entry.u8(0xFE).little(number, 1).bytes();
        } else if (number == (short) number) {
            return entry.u8(0xC0).little(number, 2).bytes();
        } else if (number == (int) number << 8 >> 8) {
            return entry.u8(0xF0).little(number, 3).bytes();
        } else if (number == (int) number) {
            return entry.u8(0xD0).little(number, 4).bytes();
        }
        return entry.u8(0xE0).little(number, 8).bytes();
    }

    /** A zipmap of short texts. */
    static byte[] zipmap(String... fieldsAndValues) {
        RdbBytes map = new RdbBytes().u8(fieldsAndValues.length / 2);
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            map.string253(fieldsAndValues[i], false).string253(fieldsAndValues[i + 1], true);
        }
        return map.u8(0xFF).bytes();
    }

    private RdbBytes string253(String text, boolean value) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 254) {
            u8(bytes.length);
        } else {
            u8(254).little(bytes.length, 4);
        }
        // What is unused behind a value.
        return (value ? u8(2).raw(bytes).raw((byte) 7, (byte) 7) : raw(bytes));
    }

    /** A listpack of short texts and of integers of 7 bits. */
    static byte[] listpack(Object... elements) {
        RdbBytes body = new RdbBytes();
        for (Object element : elements) {
            if (element instanceof Long number && number >= 0 && number < 128) {
                body.u8(number.intValue()).u8(1);
            } else if (element instanceof Long number) {
                body.u8(0xF4).little(number, 8).u8(9);
            } else {
                byte[] bytes = ((String) element).getBytes(StandardCharsets.ISO_8859_1);
                body.u8(0x80 | bytes.length).raw(bytes).u8(1 + bytes.length);
            }
        }
        return new RdbBytes()
                .little(6 + body.out.size() + 1, 4)
                .little(elements.length, 2)
                .raw(body.bytes())
                .u8(0xFF)
                .bytes();
    }

    /** An intset of numbers that ascend. */
    static byte[] intset(int width, List<Long> numbers) {
        RdbBytes set = new RdbBytes().little(width, 4).little(numbers.size(), 4);
        numbers.forEach(number -> set.little(number, width));
        return set.bytes();
    }

    static byte[] doubleBits(double value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(value)
                .array();
    }
}
