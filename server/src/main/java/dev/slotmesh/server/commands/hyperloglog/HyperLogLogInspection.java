package dev.slotmesh.server.commands.hyperloglog;

import dev.slotmesh.keyspace.HyperLogLog;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

/** PFDEBUG: how a HyperLogLog is kept; and PFSELFTEST. */
final class HyperLogLogInspection {
    private static final int SUBCOMMAND = 1;
    private static final int KEY = 2;
    private static final ErrorReply NO_KEY = new ErrorReply("ERR The specified key does not exist");
    private static final ErrorReply NOT_SPARSE = new ErrorReply("ERR HLL encoding is not sparse");

    void bind(CommandBindings bindings) {
        bindings.bind("pfdebug", this::debug).bind("pfselftest", this::selfTest);
    }

    private void debug(Call call) {
        Slot slot = call.slot(KEY);
        long entry = call.write(slot, KEY, KeyType.STRING);
        if (entry == Slot.ABSENT) {
            throw NO_KEY;
        }
        HyperLogLogErrors.require(slot, entry, call.value());
        HyperLogLog log = HyperLogLog.open(slot, entry, call.nowMs());
        if (call.is(SUBCOMMAND, "GETREG")) {
            registers(call, log);
        } else if (call.is(SUBCOMMAND, "DECODE")) {
            if (!log.isSparse()) {
                throw NOT_SPARSE;
            }
            call.reply().bulk(log.describe());
        } else if (call.is(SUBCOMMAND, "ENCODING")) {
            call.reply().simpleString(log.isSparse() ? "sparse" : "dense");
        } else if (call.is(SUBCOMMAND, "TODENSE")) {
            call.reply().integer(makeDense(call, log) ? 1 : 0);
        } else {
            throw new ErrorReply("ERR Unknown PFDEBUG subcommand '" + call.text(SUBCOMMAND) + "'");
        }
    }

    /** Makes it dense, as Redis does to show its registers. */
    private static void registers(Call call, HyperLogLog log) {
        makeDense(call, log);
        byte[] ranks = new byte[HyperLogLog.REGISTERS];
        log.readInto(ranks);
        call.reply().array(ranks.length);
        for (byte rank : ranks) {
            call.reply().integer(rank);
        }
    }

    private static boolean makeDense(Call call, HyperLogLog log) {
        boolean sparse = log.isSparse();
        if (!log.toDense()) {
            throw HyperLogLogErrors.CORRUPT;
        }
        if (sparse) {
            // Replicas follow in the encoding, though the value is the same.
            call.propagateVerbatimAnyway();
        }
        return sparse;
    }

    /** Redis checks its dense registers and the error of its estimates here; ours are checked by the build. */
    private void selfTest(Call call) {
        call.reply().ok();
    }
}
