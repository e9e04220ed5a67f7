package dev.slotmesh.server.commands.dump;

import dev.slotmesh.keyspace.AccessPolicy;
import dev.slotmesh.keyspace.ExpiryMode;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.rdb.DumpPayload;
import dev.slotmesh.keyspace.rdb.RdbFormatException;
import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

import java.util.function.BooleanSupplier;

/** DUMP, RESTORE and RESTORE-ASKING. */
public final class DumpCommands {
    private static final int TTL = 2;
    private static final int PAYLOAD = 3;
    private static final int FIRST_PAYLOAD_BYTES = 1024;
    /** Half of what the access clock can tell, as Redis has it for more than its clock counts. */
    private static final long LONGEST_IDLE_SECONDS = 1 << 23;

    private static final KeyEvent RESTORE = KeyEvent.generic("restore");
    private static final ErrorReply BUSY_KEY =
            new ErrorReply("BUSYKEY Target key name already exists.");
    private static final ErrorReply INVALID_TTL =
            new ErrorReply("ERR Invalid TTL value, must be >= 0");
    private static final ErrorReply NOT_INTACT =
            new ErrorReply("ERR DUMP payload version or checksum are wrong");
    private static final ErrorReply BAD_FORMAT = new ErrorReply("ERR Bad data format");

    private final BooleanSupplier compressing;

    /** @param compressing whether long strings are compressed */
    public DumpCommands(BooleanSupplier compressing) {
        this.compressing = compressing;
    }

    public void bind(CommandBindings bindings) {
        bindings.bind("dump", this::dump)
                .bind("restore", this::restore)
                .bind("restore-asking", this::restore);
    }

    private void dump(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
            return;
        }
        try (NativeBuffer payload = new NativeBuffer(FIRST_PAYLOAD_BYTES)) {
            DumpPayload.write(
                    payload::append, slot, entry, compressing.getAsBoolean(), call.nowMs());
            call.replyBulk(payload.span());
        }
    }

    private void restore(Call call) {
        RestoreOptions options = RestoreOptions.parse(call, PAYLOAD + 1);
        Slot slot = call.slot(1);
        // What is to be replaced is not looked at, so it does not expire before it is.
        boolean present = options.replace() && slot.contains(call.span(1));
        if (!options.replace() && slot.find(call.span(1), call.nowMs()) != Slot.ABSENT) {
            throw BUSY_KEY;
        }
        long ttlMs = call.integer(TTL);
        if (ttlMs < 0) {
            throw INVALID_TTL;
        }
        if (!DumpPayload.isIntact(call.span(PAYLOAD))) {
            throw NOT_INTACT;
        }
        long entry = store(call, slot);
        long deadline = ttlMs == 0 || options.absoluteTtl() ? ttlMs : ttlMs + call.nowMs();
        // Where keys past their time are kept until the DEL of another node, this one is too.
        boolean deletes = slot.expiryMode() == ExpiryMode.DELETE;
        if (ttlMs != 0 && deadline <= call.nowMs() && deletes) {
            slot.removeEntry(entry);
            if (present) {
                call.changed(slot, 1, KeyEvent.DEL);
                call.propagateAs(2).bytes(call.deletionAside()).span(call.span(1));
            }
        } else {
            noteAccess(call, slot, entry, options);
            if (deadline != 0) {
                slot.setExpireAt(entry, deadline);
            }
            call.changed(slot, 1, RESTORE);
            if (ttlMs != 0 && !options.absoluteTtl()) {
                propagate(call, deadline);
            }
        }
        call.reply().ok();
    }

    /** With the moment of the deadline. */
    private static void propagate(Call call, long deadlineMs) {
        CommandWriter writer = call.propagateAs(call.count() + 1);
        for (int i = 0; i < call.count(); i++) {
            if (i == TTL) {
                writer.number(deadlineMs);
            } else {
                writer.span(call.span(i));
            }
        }
        writer.word("ABSTTL");
    }

    private static long store(Call call, Slot slot) {
        try {
            return DumpPayload.restore(call.span(PAYLOAD), slot, call.span(1), call.nowMs());
        } catch (RdbFormatException broken) {
            throw BAD_FORMAT;
        }
    }

    private static void noteAccess(Call call, Slot slot, long entry, RestoreOptions options) {
        boolean counted = call.keyspace().accessPolicy() == AccessPolicy.LFU;
        if (counted && options.frequency() >= 0) {
            slot.accessFrequency(entry, options.frequency(), call.nowMs());
        } else if (!counted && options.idleSeconds() >= 0) {
            long idle = Math.min(options.idleSeconds(), LONGEST_IDLE_SECONDS);
            slot.idleSeconds(entry, idle, call.nowMs());
        }
    }
}
