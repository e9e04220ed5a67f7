package dev.slotmesh.server.commands.bitmaps;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.util.ArrayList;
import java.util.List;

/**
 * One operation of a BITFIELD.
 *
 * @param operand the number to set or to add, 0 for GET
 * @param overflow what OVERFLOW before it asked for
 */
record BitFieldStep(Kind kind, BitField field, long operand, BitField.Overflow overflow) {
    private static final ErrorReply INVALID_TYPE = new ErrorReply(
            "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.");
    private static final ErrorReply INVALID_OVERFLOW =
            new ErrorReply("ERR Invalid OVERFLOW type specified");

    /** What a step does. */
    enum Kind {
        GET(2),
        SET(3),
        INCRBY(3);

        private final int arguments;

        Kind(int arguments) {
            this.arguments = arguments;
        }
    }

    /**
     * Reads the steps from argument 2 on, in order; no more than there are arguments.
     *
     * @throws ErrorReply for the first mistake
     */
    static List<BitFieldStep> parse(Call call) {
        List<BitFieldStep> steps = new ArrayList<>();
        BitField.Overflow overflow = BitField.Overflow.WRAP;
        int at = 2;
        while (at < call.count()) {
            int following = call.count() - at - 1;
            if (call.is(at, "OVERFLOW") && following >= 1) {
                overflow = overflow(call, at + 1);
                at += 2;
                continue;
            }
            Kind kind = kind(call, at, following);
            BitField field = field(call, at + 1);
            long operand = kind == Kind.GET ? 0 : call.integer(at + 3);
            steps.add(new BitFieldStep(kind, field, operand, overflow));
            at += 1 + kind.arguments;
        }
        return steps;
    }

    private static BitField.Overflow overflow(Call call, int argument) {
        for (BitField.Overflow policy : BitField.Overflow.values()) {
            if (call.is(argument, policy.name())) {
                return policy;
            }
        }
        throw INVALID_OVERFLOW;
    }

    private static Kind kind(Call call, int argument, int following) {
        for (Kind kind : Kind.values()) {
            if (call.is(argument, kind.name()) && following >= kind.arguments) {
                return kind;
            }
        }
        throw ErrorReply.SYNTAX;
    }

    private static BitField field(Call call, int argument) {
        ByteSpan type = call.span(argument);
        boolean signed = type.length() > 0 && type.byteAt(0) == 'i';
        if (!signed && (type.length() == 0 || type.byteAt(0) != 'u')) {
            throw INVALID_TYPE;
        }
        type.slice(1, type.length() - 1);
        long bits = type.isLong() ? type.parseLong() : 0;
        if (bits < 1 || bits > (signed ? Long.SIZE : Long.SIZE - 1)) {
            throw INVALID_TYPE;
        }
        long offset = BitOffset.ofField(call, argument + 1, (int) bits);
        return new BitField(signed, (int) bits, offset);
    }

    boolean writes() {
        return kind != Kind.GET;
    }
}
