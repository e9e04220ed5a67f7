package dev.slotmesh.server.commands.hyperloglog;

import dev.slotmesh.keyspace.HyperLogLog;
import dev.slotmesh.keyspace.HyperLogLog.Change;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.hyperloglog.CardinalityEstimate;
import dev.slotmesh.keyspace.hyperloglog.HyperLogLogHeader;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

/** PFADD, PFCOUNT and PFMERGE. */
final class CardinalityCommands {
    private static final KeyEvent PFADD = KeyEvent.string("pfadd");

    void bind(CommandBindings bindings) {
        bindings.bind("pfadd", this::add).bind("pfcount", this::count).bind("pfmerge", this::merge);
    }

    private void add(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.STRING);
        HyperLogLogErrors.require(slot, entry, call.value());
        HyperLogLog log = openOrCreate(call, slot, entry);
        int changes = entry == Slot.ABSENT ? 1 : 0;
        boolean corrupt = false;
        for (int i = 2; i < call.count() && !corrupt; i++) {
            Change change = log.add(call.span(i));
            changes += change == Change.RAISED ? 1 : 0;
            corrupt = change == Change.CORRUPT;
        }
        if (changes > 0) {
            log.markStale();
            call.changed(slot, 1, PFADD);
            call.alsoCounts(changes - 1);
        }
        if (corrupt) {
            throw HyperLogLogErrors.CORRUPT;
        }
        call.reply().integer(changes > 0 ? 1 : 0);
    }

    private void count(Call call) {
        if (call.count() > 2) {
            byte[] ranks = new byte[HyperLogLog.REGISTERS];
            for (int i = 1; i < call.count(); i++) {
                readInto(call, i, ranks);
            }
            call.reply().integer(CardinalityEstimate.of(ranks));
            return;
        }
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.STRING);
        if (entry == Slot.ABSENT) {
            call.reply().integer(0);
            return;
        }
        HyperLogLogErrors.require(slot, entry, call.value());
        HyperLogLog log = HyperLogLog.open(slot, entry, call.nowMs());
        boolean cached = log.hasEstimate();
        long estimate = log.estimate();
        if (estimate == CardinalityEstimate.CORRUPT) {
            throw HyperLogLogErrors.CORRUPT;
        }
        if (!cached) {
            call.changed(slot, 1, KeyEvent.SILENT);
        }
        call.reply().integer(estimate);
    }

    private void merge(Call call) {
        byte[] ranks = new byte[HyperLogLog.REGISTERS];
        boolean sparse = true;
        for (int i = 1; i < call.count(); i++) {
            sparse &= readInto(call, i, ranks);
        }
        Slot slot = call.slot(1);
        HyperLogLog log = openOrCreate(call, slot, call.write(slot, 1, KeyType.STRING));
        if (!sparse) {
            log.toDense();
        }
        for (int register = 0; register < ranks.length; register++) {
            if (ranks[register] != 0) {
                log.raise(register, ranks[register]);
            }
        }
        log.markStale();
        call.changed(slot, 1, PFADD);
        call.reply().ok();
    }

    /** Adds what the key at an argument has seen; nothing when it is absent. Returns false when that is dense. */
    private static boolean readInto(Call call, int argument, byte[] ranks) {
        Slot slot = call.slot(argument);
        long entry = call.read(slot, argument, KeyType.STRING);
        if (entry == Slot.ABSENT) {
            return true;
        }
        HyperLogLogErrors.require(slot, entry, call.value());
        if (!HyperLogLog.readInto(slot, entry, ranks, call.value())) {
            throw HyperLogLogErrors.CORRUPT;
        }
        return HyperLogLogHeader.isSparse(call.value());
    }

    private static HyperLogLog openOrCreate(Call call, Slot slot, long entry) {
        return entry == Slot.ABSENT
                ? HyperLogLog.create(slot, call.span(1), call.nowMs())
                : HyperLogLog.open(slot, entry, call.nowMs());
    }
}
