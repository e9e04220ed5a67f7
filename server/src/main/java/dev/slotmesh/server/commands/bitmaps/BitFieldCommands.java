package dev.slotmesh.server.commands.bitmaps;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Strings;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.util.List;

/** BITFIELD and BITFIELD_RO. */
final class BitFieldCommands {
    private static final ErrorReply ONLY_GET =
            new ErrorReply("ERR BITFIELD_RO only supports the GET subcommand");

    void bind(CommandBindings bindings) {
        bindings.bind("bitfield", this::bitField).bind("bitfield_ro", this::readOnly);
    }

    private void bitField(Call call) {
        List<BitFieldStep> steps = BitFieldStep.parse(call);
        long lastWritten = -1;
        for (BitFieldStep step : steps) {
            if (step.writes()) {
                lastWritten = Math.max(lastWritten, step.field().lastBit());
            }
        }
        if (lastWritten < 0) {
            run(call, steps, valueForReading(call), false);
        } else {
            Slot slot = call.slot(1);
            long entry = call.write(slot, 1, KeyType.STRING);
            int before = entry == Slot.ABSENT ? 0 : slot.stringLength(entry);
            ByteSpan value = valueForWriting(call, slot, lastWritten);
            boolean longer = value.length() > before;
            int changes = run(call, steps, value, longer);
            if (changes > 0) {
                call.changed(slot, 1, BitCommands.SET_BIT);
                call.alsoCounts(changes - 1);
            }
        }
    }

    private void readOnly(Call call) {
        List<BitFieldStep> steps = BitFieldStep.parse(call);
        for (BitFieldStep step : steps) {
            if (step.writes()) {
                throw ONLY_GET;
            }
        }
        run(call, steps, valueForReading(call), false);
    }

    private static ByteSpan valueForReading(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STRING);
        return entry == Slot.ABSENT
                ? call.value().set(0, 0)
                : slot.stringValue(entry, call.value());
    }

    /** The whole value, long enough for every write, even one that then fails by overflow. */
    private static ByteSpan valueForWriting(Call call, Slot slot, long lastBit) {
        long lastByte = lastBit >>> 3;
        if (lastByte >= Strings.LONGEST) {
            throw BitOffset.OUT_OF_RANGE;
        }
        Strings.grow(slot, call.span(1), (int) lastByte + 1, call.nowMs(), call.value());
        return call.value();
    }

    /** Carries the steps out and replies; how many changed a bit, or wrote to a string made longer for it. */
    private static int run(Call call, List<BitFieldStep> steps, ByteSpan value, boolean longer) {
        ReplyEncoder reply = call.reply();
        reply.array(steps.size());
        int changes = 0;
        for (BitFieldStep step : steps) {
            BitField field = step.field();
            long old = field.read(value);
            if (step.kind() == BitFieldStep.Kind.GET) {
                reply.integer(old);
                continue;
            }
            boolean adds = step.kind() == BitFieldStep.Kind.INCRBY;
            long current = adds ? old : step.operand();
            long delta = adds ? step.operand() : 0;
            int side = field.overflow(current, delta);
            if (side != 0 && step.overflow() == BitField.Overflow.FAIL) {
                reply.nullBulk();
                continue;
            }
            long stored = field.fitted(current, delta, side, step.overflow());
            field.write(value, stored);
            changes += longer || stored != old ? 1 : 0;
            reply.integer(adds ? stored : old);
        }
        return changes;
    }
}
