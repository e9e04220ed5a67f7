package dev.slotmesh.server.commands.strings;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.StringForm;
import dev.slotmesh.keyspace.Strings;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;
import dev.slotmesh.server.text.LongDouble;

/** INCR, DECR, INCRBY, DECRBY and INCRBYFLOAT. */
final class Counters {
    private static final ErrorReply OVERFLOW =
            new ErrorReply("ERR increment or decrement would overflow");
    private static final ErrorReply DECREMENT_OVERFLOW =
            new ErrorReply("ERR decrement would overflow");
    private static final ErrorReply NOT_FINITE =
            new ErrorReply("ERR increment would produce NaN or Infinity");

    private static final KeyEvent INCREASE = KeyEvent.string("incrby");
    private static final KeyEvent INCREASE_FLOAT = KeyEvent.string("incrbyfloat");

    void bind(CommandBindings bindings) {
        bindings.bind("incr", call -> add(call, 1))
                .bind("decr", call -> add(call, -1))
                .bind("incrby", call -> add(call, call.integer(2)))
                .bind("decrby", this::subtract)
                .bind("incrbyfloat", this::addFloat);
    }

    private void subtract(Call call) {
        long decrement = call.integer(2);
        if (decrement == Long.MIN_VALUE) {
            throw DECREMENT_OVERFLOW;
        }
        add(call, -decrement);
    }

    private void add(Call call, long delta) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STRING);
        long current = 0;
        if (entry != Slot.ABSENT) {
            ByteSpan digits = slot.stringValue(entry, call.value());
            if (!digits.isLong()) {
                throw ErrorReply.NOT_AN_INTEGER;
            }
            current = digits.parseLong();
        }
        if (Strings.overflows(current, delta)) {
            throw OVERFLOW;
        }
        Strings.putLong(slot, call.span(1), current + delta, call.nowMs());
        call.changed(slot, 1, INCREASE);
        call.reply().integer(current + delta);
    }

    private void addFloat(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STRING);
        LongDouble current = entry == Slot.ABSENT
                ? LongDouble.ZERO
                : number(slot.stringValue(entry, call.value()));
        LongDouble sum = current.plus(number(call.span(2)));
        if (!sum.isFinite()) {
            throw NOT_FINITE;
        }
        String text = sum.text();
        try (NativeBuffer buffer = new NativeBuffer(text.length())) {
            ByteSpan value = buffer.put(text);
            slot.putString(call.span(1), value, StringForm.TEXT, Slot.KEEP_EXPIRY, call.nowMs());
            call.propagateAs(4).word("SET").span(call.span(1)).span(value).word("KEEPTTL");
        }
        call.changed(slot, 1, INCREASE_FLOAT);
        call.reply().bulk(text);
    }

    private static LongDouble number(ByteSpan text) {
        if (text.length() > LongDouble.LONGEST_TEXT) {
            throw ErrorReply.NOT_A_FLOAT;
        }
        return LongDouble.parse(text.toByteArray()).orElseThrow(() -> ErrorReply.NOT_A_FLOAT);
    }
}
