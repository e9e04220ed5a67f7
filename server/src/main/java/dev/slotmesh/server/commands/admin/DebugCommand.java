package dev.slotmesh.server.commands.admin;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Suspension;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** DEBUG SLEEP, SET-ACTIVE-EXPIRE and OBJECT, for tests and operators who enabled it. */
public final class DebugCommand {
    private static final double NANOS_PER_SECOND = 1e9;
    /** The access clock has 24 bits of seconds. */
    private static final long CLOCK_MASK = (1L << 24) - 1;

    private final Executor background;
    private final Consumer<Boolean> activeExpiry;
    private final PackedDebug packed = new PackedDebug();

    /**
     * @param background where a sleep waits
     * @param activeExpiry switches the active deletion of expired keys
     */
    public DebugCommand(Executor background, Consumer<Boolean> activeExpiry) {
        this.background = background;
        this.activeExpiry = activeExpiry;
    }

    public void bind(CommandBindings bindings) {
        bindings.bind("debug", this::debug);
    }

    private void debug(Call call) {
        if (call.is(1, "SLEEP") && call.count() == 3) {
            sleep(call);
        } else if (call.is(1, "SET-ACTIVE-EXPIRE") && call.count() == 3) {
            activeExpiry.accept(!call.text(2).equals("0"));
            call.reply().ok();
        } else if (call.is(1, "OBJECT") && call.count() == 3) {
            object(call);
        } else if (!packed.debug(call)) {
            throw new ErrorReply("ERR unknown subcommand or wrong number of arguments for '"
                    + call.text(1) + "'. Try DEBUG HELP.");
        }
    }

    /** Holds every slot for a while: commands on keys wait, the cluster bus goes on. */
    private void sleep(Call call) {
        long nanos = (long) (seconds(call.text(2)) * NANOS_PER_SECOND);
        SlotLocks locks = call.keyspace().locks();
        Suspension suspension = call.suspend();
        background.execute(() -> {
            locks.lockWorld();
            try {
                long end = System.nanoTime() + nanos;
                for (long left = nanos; left > 0; left = end - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
            } finally {
                locks.unlockWorld();
            }
            suspension.resume(reply -> reply.ok());
        });
    }

    /** Leading number of a text as C reads it: what is no number is 0. */
    private static double seconds(String text) {
        try {
            return Math.max(0, Math.min(Double.parseDouble(text), TimeUnit.DAYS.toSeconds(1)));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    private void object(Call call) {
        int number = HashSlot.of(call.span(2));
        SlotLocks locks = call.keyspace().locks();
        locks.lock(number);
        try {
            Slot slot = call.database().slot(number);
            long entry = slot.peek(call.span(2), call.nowMs());
            if (entry == Slot.ABSENT) {
                throw ErrorReply.NO_SUCH_KEY;
            }
            long idle = slot.idleSeconds(entry, call.nowMs());
            long lastUse = TimeUnit.MILLISECONDS.toSeconds(call.nowMs()) - idle & CLOCK_MASK;
            call.reply()
                    .simpleString("Value at:0x" + Long.toHexString(entry) + " refcount:1 encoding:"
                            + slot.encoding(entry).wireName() + " serializedlength:"
                            + serializedLength(slot.stringValue(entry, call.value())) + " lru:"
                            + lastUse
                            + " lru_seconds_idle:" + idle);
        } finally {
            locks.unlock(number);
        }
    }

    /** Bytes of a string in an RDB file, without compression. */
    private static int serializedLength(ByteSpan value) {
        if (value.isLong()) {
            long number = value.parseLong();
            if (number == (byte) number) {
                return 2;
            }
            if (number == (short) number) {
                return 3;
            }
            if (number == (int) number) {
                return 5;
            }
        }
        int length = value.length();
        if (length < 1 << 6) {
            return length + 1;
        }
        return length + (length < 1 << 14 ? 2 : 5);
    }
}
