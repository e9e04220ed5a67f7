package dev.slotmesh.server.propagation;

import dev.slotmesh.resp.Request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.nio.charset.StandardCharsets;

/**
 * Commands as arrays of bulk strings, written without allocation.
 *
 * <pre>
 * *argument count CR LF, then for each: $length CR LF bytes CR LF
 * </pre>
 */
final class RespCommands {
    static final byte[] DEL = ascii("DEL");
    static final byte[] UNLINK = ascii("UNLINK");
    static final byte[] HDEL = ascii("HDEL");
    static final byte[] MULTI = ascii("*1\r\n$5\r\nMULTI\r\n");
    static final byte[] EXEC = ascii("*1\r\n$4\r\nEXEC\r\n");
    /** Bytes of a header besides its digits, and of the end of an argument. */
    private static final int HEADER_FRAME = 3;

    private static final int ARGUMENT_END = 2;
    private static final int MOST_DIGITS = 10;
    private static final int DECIMAL = 10;

    private RespCommands() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One command in a buffer of its own, which the caller releases. */
    static ByteBuf encode(byte[]... command) {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer();
        header(out, '*', command.length);
        for (byte[] argument : command) {
            argument(out, argument);
        }
        return out;
    }

    /** Writes {@code *n} or {@code $n} with its line end; n is 0 or more. */
    static void header(ByteBuf out, char type, int number) {
        out.ensureWritable(HEADER_FRAME + MOST_DIGITS);
        out.writeByte(type);
        digits(out, number);
        end(out);
    }

    /** Writes a number in decimal; there is room for 20 characters. */
    static void digits(ByteBuf out, long number) {
        int length = digitCount(number);
        int at = out.writerIndex();
        long rest = number;
        for (int i = length - 1; i >= (number < 0 ? 1 : 0); i--) {
            out.setByte(at + i, '0' + (int) Math.abs(rest % 10));
            rest /= 10;
        }
        if (number < 0) {
            out.setByte(at, '-');
        }
        out.writerIndex(at + length);
    }

    static void argument(ByteBuf out, byte[] bytes) {
        header(out, '$', bytes.length);
        out.writeBytes(bytes);
        end(out);
    }

    static void end(ByteBuf out) {
        out.writeShort('\r' << Byte.SIZE | '\n');
    }

    /** Writes a request as it arrived if that is the usual form of it, else in the usual form. */
    static void request(ByteBuf out, Request request) {
        if (isCanonical(request)) {
            out.writeBytes(request.buffer(), request.wireStart(), request.wireLength());
            return;
        }
        int count = request.argumentCount();
        header(out, '*', count);
        for (int i = 0; i < count; i++) {
            header(out, '$', request.length(i));
            out.writeBytes(request.buffer(), request.offset(i), request.length(i));
            end(out);
        }
    }

    /** Whether the request arrived as an array with no digit or byte too many. */
    private static boolean isCanonical(Request request) {
        int count = request.argumentCount();
        long length = (long) HEADER_FRAME + digitCount(count);
        for (int i = 0; i < count; i++) {
            int bytes = request.length(i);
            length += (long) HEADER_FRAME + digitCount(bytes) + bytes + ARGUMENT_END;
        }
        return length == request.wireLength()
                && request.buffer().getByte(request.wireStart()) == '*';
    }

    /** Characters of a number in decimal, 1 to 20. */
    static int digitCount(long number) {
        int digits = number < 0 ? 2 : 1;
        for (long rest = number; rest >= 10 || rest <= -10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** Characters of an unsigned number in decimal, 1 to 20. */
    static int unsignedDigitCount(long number) {
        return number >= 0
                ? digitCount(number)
                : digitCount(Long.divideUnsigned(number, DECIMAL)) + 1;
    }

    /** Writes an unsigned number in decimal; there is room. */
    static void unsignedDigits(ByteBuf out, long number) {
        if (number >= 0) {
            digits(out, number);
        } else {
            digits(out, Long.divideUnsigned(number, DECIMAL));
            out.writeByte('0' + (int) Long.remainderUnsigned(number, DECIMAL));
        }
    }
}
