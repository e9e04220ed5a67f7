package dev.slotmesh.resp;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;

/**
 * The client's side: writes requests as arrays of bulk strings. Reusable; not thread safe.
 *
 * <p>Unlike the rest of this package, text is UTF-8 here, since it is typed by people and written
 * by programs and not taken from the wire.
 */
public final class RequestEncoder {
    private final ReplyEncoder out;

    /** An encoder that appends to this buffer. */
    public RequestEncoder(ByteBuf out) {
        this.out = new ReplyEncoder(out, 2);
    }

    /** Appends to this buffer from now on. */
    public RequestEncoder bind(ByteBuf buffer) {
        out.bind(buffer);
        return this;
    }

    /** A whole request: the command's name and its arguments. */
    public RequestEncoder request(String... arguments) {
        begin(arguments.length);
        for (String argument : arguments) {
            argument(argument);
        }
        return this;
    }

    /** A whole request: the command's name and its arguments. */
    public RequestEncoder request(byte[]... arguments) {
        begin(arguments.length);
        for (byte[] argument : arguments) {
            argument(argument);
        }
        return this;
    }

    /**
     * Opens a request of this many arguments, the command's name included, 1 or more; the caller
     * owes them.
     */
    public RequestEncoder begin(int argumentCount) {
        if (argumentCount < 1) {
            throw new IllegalArgumentException("arguments: " + argumentCount);
        }
        out.array(argumentCount);
        return this;
    }

    /** One argument: this text in UTF-8. */
    public RequestEncoder argument(String text) {
        return argument(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One argument: these bytes. */
    public RequestEncoder argument(byte[] bytes) {
        out.bulk(bytes);
        return this;
    }

    /** One argument: these bytes of another buffer, whose indexes stay as they are. */
    public RequestEncoder argument(ByteBuf source, int offset, int length) {
        out.bulk(source, offset, length);
        return this;
    }

    /** One argument: this number in decimal. */
    public RequestEncoder argument(long value) {
        out.bulk(value);
        return this;
    }
}
