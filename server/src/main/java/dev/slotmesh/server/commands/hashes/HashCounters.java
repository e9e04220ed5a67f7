package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Strings;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;
import dev.slotmesh.server.text.LongDouble;

import java.math.BigDecimal;

/** HINCRBY and HINCRBYFLOAT. A field's deadline stays. */
final class HashCounters {
    private static final ErrorReply VALUE_NOT_AN_INTEGER =
            new ErrorReply("ERR hash value is not an integer");
    private static final ErrorReply VALUE_NOT_A_FLOAT =
            new ErrorReply("ERR hash value is not a float");
    private static final ErrorReply INCREMENT_NOT_FINITE =
            new ErrorReply("ERR value is NaN or Infinity");
    private static final ErrorReply NOT_FINITE =
            new ErrorReply("ERR increment would produce NaN or Infinity");
    private static final ErrorReply OVERFLOW =
            new ErrorReply("ERR increment or decrement would overflow");
    private static final KeyEvent INCREMENTED = KeyEvent.hash("hincrby");
    private static final KeyEvent INCREMENTED_FLOAT = KeyEvent.hash("hincrbyfloat");
    private static final int DIGITS = 20;

    void bind(CommandBindings bindings) {
        bindings.bind("hincrby", this::add).bind("hincrbyfloat", this::addFloat);
    }

    private void add(Call call) {
        long increment = call.integer(3);
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.HASH);
        long present = present(call, slot, entry);
        long current = present == Hashes.ABSENT ? 0 : integer(call, present);
        if (Strings.overflows(current, increment)) {
            throw OVERFLOW;
        }
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            store(call, slot, present, digits.putLong(current + increment));
        }
        call.changed(slot, 1, INCREMENTED);
        call.reply().integer(current + increment);
    }

    private void addFloat(Call call) {
        LongDouble increment = parse(call.span(3), ErrorReply.NOT_A_FLOAT);
        if (!increment.isFinite()) {
            throw INCREMENT_NOT_FINITE;
        }
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.HASH);
        long present = present(call, slot, entry);
        LongDouble current = present == Hashes.ABSENT ? LongDouble.ZERO : number(call, present);
        LongDouble sum = current.plus(increment);
        if (!sum.isFinite()) {
            throw NOT_FINITE;
        }
        String text = sum.text();
        try (NativeBuffer buffer = new NativeBuffer(text.length())) {
            boolean timed = present != Hashes.ABSENT
                    && FieldDeadlines.get(slot, entry, call.span(2), call.nowMs()) >= 0;
            ByteSpan value = buffer.put(text);
            store(call, slot, present, value);
            propagate(call, value, timed);
        }
        call.changed(slot, 1, INCREMENTED_FLOAT);
        call.reply().bulk(text);
    }

    /** As the value that came out; a field's deadline must stay where HSET would take it. */
    private static void propagate(Call call, ByteSpan value, boolean timed) {
        if (timed) {
            call.propagateAs(7)
                    .word("HSETEX")
                    .span(call.span(1))
                    .word("KEEPTTL")
                    .word("FIELDS")
                    .number(1)
                    .span(call.span(2))
                    .span(value);
        } else {
            call.propagateAs(4)
                    .word("HSET")
                    .span(call.span(1))
                    .span(call.span(2))
                    .span(value);
        }
    }

    private static long present(Call call, Slot slot, long entry) {
        return entry == Slot.ABSENT
                ? Hashes.ABSENT
                : Hashes.find(slot, entry, call.span(2), call.nowMs());
    }

    private static void store(Call call, Slot slot, long present, ByteSpan value) {
        long entry = HashWrites.writable(call, slot);
        if (present == Hashes.ABSENT) {
            Hashes.set(slot, entry, call.span(2), value, call.nowMs());
        } else {
            Hashes.replace(slot, entry, call.span(2), value);
        }
    }

    private static long integer(Call call, long value) {
        if (FieldText.isInteger(value)) {
            return FieldText.integer(value);
        }
        ByteSpan text = FieldText.bytes(value, call.value());
        if (!text.isLong()) {
            throw VALUE_NOT_AN_INTEGER;
        }
        return text.parseLong();
    }

    private static LongDouble number(Call call, long value) {
        return FieldText.isInteger(value)
                ? LongDouble.ZERO.plus(new LongDouble(
                        Long.signum(FieldText.integer(value)),
                        BigDecimal.valueOf(FieldText.integer(value)),
                        true))
                : parse(FieldText.bytes(value, call.value()), VALUE_NOT_A_FLOAT);
    }

    private static LongDouble parse(ByteSpan text, ErrorReply otherwise) {
        if (text.length() > LongDouble.LONGEST_TEXT) {
            throw otherwise;
        }
        return LongDouble.parse(text.toByteArray()).orElseThrow(() -> otherwise);
    }
}
