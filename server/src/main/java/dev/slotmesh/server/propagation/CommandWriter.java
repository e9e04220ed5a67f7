package dev.slotmesh.server.propagation;

import dev.slotmesh.keyspace.memory.ByteSpan;

import io.netty.buffer.ByteBuf;

/**
 * Takes the arguments of one command that is told to others in place of the one a client sent. It is complete with the last
 * of the announced arguments. Where nobody listens it takes them all the same and writes nothing.
 */
public final class CommandWriter {
    private static final int LONGEST_NUMBER = 20;

    private final Propagation propagation;
    /** Null when nobody listens. */
    private ByteBuf out;

    private int database;
    private int missing;

    CommandWriter(Propagation propagation) {
        this.propagation = propagation;
    }

    void begin(ByteBuf intoOrNull, int ofDatabase, int argumentCount) {
        requireComplete();
        out = intoOrNull;
        database = ofDatabase;
        missing = argumentCount;
    }

    /** Gives an unfinished command up; false when there is none, or nothing of it was written. */
    boolean abandon() {
        boolean written = missing != 0 && out != null;
        missing = 0;
        return written;
    }

    void requireComplete() {
        if (missing != 0) {
            int lacking = missing;
            missing = 0;
            throw new IllegalStateException("a command lacks " + lacking + " arguments");
        }
    }

    /** Adds an argument. */
    public CommandWriter bytes(byte[] argument) {
        if (out != null) {
            RespCommands.argument(out, argument);
        }
        return argumentEnds();
    }

    /** Adds an argument. */
    public CommandWriter span(ByteSpan argument) {
        if (out != null) {
            int length = argument.length();
            RespCommands.header(out, '$', length);
            out.ensureWritable(length + 2);
            int at = out.writerIndex();
            argument.copyTo(out.memoryAddress() + at);
            out.writerIndex(at + length);
            RespCommands.end(out);
        }
        return argumentEnds();
    }

    /** Adds an argument of ASCII characters. */
    public CommandWriter word(String ascii) {
        if (out != null) {
            int length = ascii.length();
            RespCommands.header(out, '$', length);
            out.ensureWritable(length + 2);
            for (int i = 0; i < length; i++) {
                out.writeByte(ascii.charAt(i));
            }
            RespCommands.end(out);
        }
        return argumentEnds();
    }

    /** Adds a number in decimal. */
    public CommandWriter number(long number) {
        if (out != null) {
            RespCommands.header(out, '$', RespCommands.digitCount(number));
            out.ensureWritable(LONGEST_NUMBER + 2);
            RespCommands.digits(out, number);
            RespCommands.end(out);
        }
        return argumentEnds();
    }

    /** Adds the ID of an entry of a stream: two unsigned numbers with a hyphen between them. */
    public CommandWriter id(long ms, long seq) {
        if (out != null) {
            int length =
                    RespCommands.unsignedDigitCount(ms) + 1 + RespCommands.unsignedDigitCount(seq);
            RespCommands.header(out, '$', length);
            out.ensureWritable(length + 2);
            RespCommands.unsignedDigits(out, ms);
            out.writeByte('-');
            RespCommands.unsignedDigits(out, seq);
            RespCommands.end(out);
        }
        return argumentEnds();
    }

    private CommandWriter argumentEnds() {
        if (missing <= 0) {
            throw new IllegalStateException("a command has more arguments than announced");
        }
        missing--;
        if (missing == 0 && out != null) {
            propagation.written(database);
        }
        return this;
    }
}
