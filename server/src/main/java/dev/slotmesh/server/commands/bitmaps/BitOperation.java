package dev.slotmesh.server.commands.bitmaps;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.StringForm;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/**
 * BITOP. The sources are folded one after the other, eight bytes at a time, into native scratch memory as long as the
 * longest of them, which is then stored: the destination may be one of the sources.
 */
final class BitOperation {
    private static final ErrorReply NOT_OF_SEVERAL =
            new ErrorReply("ERR BITOP NOT must be called with a single source key.");
    private static final int FIRST_SOURCE = 3;

    private static final KeyEvent SET = KeyEvent.string("set");

    private enum Operator {
        AND,
        OR,
        XOR,
        NOT;

        static Operator of(Call call, int argument) {
            for (Operator operator : values()) {
                if (call.is(argument, operator.name())) {
                    return operator;
                }
            }
            throw ErrorReply.SYNTAX;
        }

        long apply(long left, long right) {
            return switch (this) {
                case AND -> left & right;
                case OR -> left | right;
                case XOR -> left ^ right;
                case NOT -> ~left;
            };
        }
    }

    void bind(CommandBindings bindings) {
        bindings.bind("bitop", this::bitOp);
    }

    private void bitOp(Call call) {
        Operator operator = Operator.of(call, 1);
        if (operator == Operator.NOT && call.count() != FIRST_SOURCE + 1) {
            throw NOT_OF_SEVERAL;
        }
        int longest = 0;
        for (int i = FIRST_SOURCE; i < call.count(); i++) {
            longest = Math.max(longest, lengthOf(call, i));
        }
        Slot target = call.slot(2);
        if (longest == 0) {
            if (target.remove(call.span(2), call.nowMs())) {
                call.changed(target, 2, KeyEvent.DEL);
            }
            call.reply().integer(0);
            return;
        }
        try (NativeBuffer scratch = new NativeBuffer(longest)) {
            ByteSpan result = scratch.zeros(longest);
            result.copyFrom(source(call, FIRST_SOURCE), 0);
            if (operator == Operator.NOT) {
                fold(operator, result, result);
            }
            for (int i = FIRST_SOURCE + 1; i < call.count(); i++) {
                fold(operator, result, source(call, i));
            }
            target.putString(call.span(2), result, StringForm.RAW, Slot.NO_EXPIRY, call.nowMs());
        }
        call.changed(target, 2, SET);
        call.reply().integer(longest);
    }

    private static int lengthOf(Call call, int argument) {
        Slot slot = call.slot(argument);
        long entry = call.read(slot, argument, KeyType.STRING);
        return entry == Slot.ABSENT ? 0 : slot.stringLength(entry);
    }

    /** A source once more, which was looked up and checked by {@link #lengthOf}. */
    private static ByteSpan source(Call call, int argument) {
        Slot slot = call.slot(argument);
        long entry = slot.peek(call.span(argument), call.nowMs());
        return entry == Slot.ABSENT
                ? call.value().set(0, 0)
                : slot.stringValue(entry, call.value());
    }

    /** {@code result = result operator operand}, the operand going on with zeros. */
    private static void fold(Operator operator, ByteSpan result, ByteSpan operand) {
        int common = operand.length();
        int i = 0;
        for (; i + Long.BYTES <= common; i += Long.BYTES) {
            result.setLong(i, operator.apply(result.longAt(i), operand.longAt(i)));
        }
        for (; i < common; i++) {
            result.setByte(i, (int) operator.apply(result.byteAt(i), operand.byteAt(i)));
        }
        if (operator == Operator.AND) {
            result.zero(common, result.length() - common);
        }
    }
}
