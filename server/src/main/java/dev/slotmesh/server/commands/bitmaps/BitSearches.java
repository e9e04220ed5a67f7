package dev.slotmesh.server.commands.bitmaps;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

/**
 * BITCOUNT and BITPOS. As in Redis an absent key is answered before the range is even looked at, so wrong ranges are
 * errors for present keys only.
 */
final class BitSearches {
    private static final ErrorReply NEITHER_0_NOR_1 =
            new ErrorReply("ERR The bit argument must be 1 or 0.");

    void bind(CommandBindings bindings) {
        bindings.bind("bitcount", this::bitCount).bind("bitpos", this::bitPosition);
    }

    private void bitCount(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STRING);
        if (entry == Slot.ABSENT) {
            call.reply().integer(0);
            return;
        }
        int count = call.count();
        if (count != 2 && count != 4 && count != 5) {
            throw ErrorReply.SYNTAX;
        }
        ByteSpan value = slot.stringValue(entry, call.value());
        long start = count > 2 ? call.integer(2) : 0;
        long end = count > 2 ? call.integer(3) : -1;
        if (start < 0 && end < 0 && start > end) {
            call.reply().integer(0);
            return;
        }
        int unitBits = count == 5 ? unitBits(call, 4) : Byte.SIZE;
        call.reply().integer(BitRange.between(start, end, value, unitBits).count(value));
    }

    private void bitPosition(Call call) {
        long bit = call.integer(2);
        if (bit != 0 && bit != 1) {
            throw NEITHER_0_NOR_1;
        }
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STRING);
        if (entry == Slot.ABSENT) {
            call.reply().integer(-bit);
            return;
        }
        int count = call.count();
        if (count > 6) {
            throw ErrorReply.SYNTAX;
        }
        long start = count > 3 ? call.integer(3) : 0;
        int unitBits = count == 6 ? unitBits(call, 5) : Byte.SIZE;
        long end = count > 4 ? call.integer(4) : -1;
        ByteSpan value = slot.stringValue(entry, call.value());
        BitRange range = BitRange.between(start, end, value, unitBits);
        long found = range.isEmpty() ? -1 : range.find(value, (int) bit);
        if (found < 0 && bit == 0 && count <= 4 && !range.isEmpty()) {
            // Without an end the value counts as followed by zeros.
            found = range.last() + 1;
        }
        call.reply().integer(found);
    }

    private static int unitBits(Call call, int argument) {
        if (call.is(argument, "BIT")) {
            return 1;
        }
        if (call.is(argument, "BYTE")) {
            return Byte.SIZE;
        }
        throw ErrorReply.SYNTAX;
    }
}
