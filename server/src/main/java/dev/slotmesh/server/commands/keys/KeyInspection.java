package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.AccessPolicy;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.ValueEncoding;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.util.List;

/** OBJECT and MEMORY USAGE: how a key is kept. */
final class KeyInspection {
    private static final int DEFAULT_SAMPLES = 5;
    private static final String SWITCHING =
            " Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.";
    private static final ErrorReply NO_IDLE_TIME = new ErrorReply(
            "ERR An LFU maxmemory policy is selected, idle time not tracked." + SWITCHING);
    private static final ErrorReply NO_FREQUENCY = new ErrorReply(
            "ERR An LFU maxmemory policy is not selected, access frequency not tracked."
                    + SWITCHING);
    private static final List<String> HELP = List.of(
            "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
            "ENCODING <key>",
            "    Return the kind of internal representation used in order to store the value",
            "    associated with a <key>.",
            "FREQ <key>",
            "    Return the access frequency index of the <key>. The returned integer is",
            "    proportional to the logarithm of the recent access frequency of the key.",
            "IDLETIME <key>",
            "    Return the idle time of the <key>, that is the approximated number of",
            "    seconds elapsed since the last access to the key.",
            "REFCOUNT <key>",
            "    Return the number of references of the value associated with the specified",
            "    <key>.",
            "HELP",
            "    Prints this help.");

    /** Redis keeps the integers below this once for all keys, and says so. */
    private static final int SHARED_INTEGERS = 10_000;

    private static final int SHARED_COUNT = Integer.MAX_VALUE;
    private static final int KEY = 2;

    void bind(CommandBindings bindings) {
        bindings.bind("object|encoding", this::encoding)
                .bind("object|refcount", this::referenceCount)
                .bind("object|idletime", this::idleTime)
                .bind("object|freq", this::frequency)
                .bind("object|help", this::help)
                .bind("memory|usage", this::memoryUsage);
    }

    private void encoding(Call call) {
        Slot slot = call.slot(KEY);
        long entry = call.examine(slot, KEY);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
        } else {
            call.reply().bulk(slot.encoding(entry).wireName());
        }
    }

    private void referenceCount(Call call) {
        Slot slot = call.slot(KEY);
        long entry = call.examine(slot, KEY);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
            return;
        }
        boolean shared = false;
        if (slot.encoding(entry) == ValueEncoding.INT) {
            ByteSpan digits = slot.stringValue(entry, call.value());
            long number = digits.parseLong();
            shared = number >= 0 && number < SHARED_INTEGERS;
        }
        call.reply().integer(shared ? SHARED_COUNT : 1);
    }

    private void idleTime(Call call) {
        Slot slot = call.slot(KEY);
        long entry = call.examine(slot, KEY);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
            return;
        }
        if (call.keyspace().accessPolicy() == AccessPolicy.LFU) {
            throw NO_IDLE_TIME;
        }
        call.reply().integer(slot.idleSeconds(entry, call.nowMs()));
    }

    private void frequency(Call call) {
        Slot slot = call.slot(KEY);
        long entry = call.examine(slot, KEY);
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
            return;
        }
        if (call.keyspace().accessPolicy() != AccessPolicy.LFU) {
            throw NO_FREQUENCY;
        }
        call.reply().integer(slot.accessFrequency(entry, call.nowMs()));
    }

    private void help(Call call) {
        call.reply().array(HELP.size());
        HELP.forEach(call.reply()::simpleString);
    }

    private void memoryUsage(Call call) {
        long samples = DEFAULT_SAMPLES;
        for (int i = KEY + 1; i < call.count(); i += 2) {
            if (!call.is(i, "SAMPLES") || i + 1 == call.count()) {
                throw ErrorReply.SYNTAX;
            }
            samples = call.integer(i + 1);
            if (samples < 0) {
                throw ErrorReply.SYNTAX;
            }
        }
        Slot slot = call.slot(KEY);
        long entry = slot.peek(call.span(KEY), call.nowMs());
        if (entry == Slot.ABSENT) {
            call.reply().nullBulk();
        } else {
            call.reply().integer(slot.memoryUse(entry, (int) Math.min(samples, Integer.MAX_VALUE)));
        }
    }
}
