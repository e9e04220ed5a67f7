package dev.slotmesh.server.commands.admin;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * DEBUG POPULATE: strings {@code prefix:0} and so on with values {@code value:0} and so on, without those that are there. They
 * count as no changes.
 */
final class DebugPopulate {
    private static final ErrorReply OUT_OF_RANGE =
            new ErrorReply("ERR value is out of range, must be positive");
    private static final int FIRST_BYTES = 64;

    private DebugPopulate() {}

    /** {@code POPULATE count [prefix] [size]}: values are cut or filled with zero bytes to that size. */
    static void populate(Call call) {
        long count = positive(call, 2);
        String prefix =
                call.count() > 3 ? new String(call.bytes(3), StandardCharsets.ISO_8859_1) : "key";
        long size = call.count() > 4 ? positive(call, 4) : 0;
        if (size > Integer.MAX_VALUE / 2) {
            throw OUT_OF_RANGE;
        }
        try (NativeBuffer key = new NativeBuffer(FIRST_BYTES);
                NativeBuffer value = new NativeBuffer(FIRST_BYTES)) {
            for (long i = 0; i < count; i++) {
                byte[] text = bytes("value:" + i);
                store(
                        call,
                        key.put(bytes(prefix + ":" + i)),
                        value.put(size == 0 ? text : Arrays.copyOf(text, (int) size)));
            }
        }
        call.reply().ok();
    }

    private static long positive(Call call, int argument) {
        long number = call.integer(argument, OUT_OF_RANGE);
        if (number < 0) {
            throw OUT_OF_RANGE;
        }
        return number;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void store(Call call, ByteSpan key, ByteSpan value) {
        Keyspace keyspace = call.keyspace();
        int number = HashSlot.of(key);
        keyspace.locks().lock(number);
        try {
            Slot slot = call.database().slot(number);
            if (slot.peek(key, call.nowMs()) == Slot.ABSENT) {
                slot.putString(key, value, Slot.NO_EXPIRY, call.nowMs());
            }
        } finally {
            keyspace.locks().unlock(number);
        }
    }
}
