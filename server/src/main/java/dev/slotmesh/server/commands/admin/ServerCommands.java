package dev.slotmesh.server.commands.admin;

import dev.slotmesh.server.Shutdown;
import dev.slotmesh.server.config.ShutdownFlag;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.session.Suspension;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** TIME and SHUTDOWN. */
public final class ServerCommands {
    private final Supplier<Shutdown> shutdown;

    /** @param shutdown asked for when there is a node */
    public ServerCommands(Supplier<Shutdown> shutdown) {
        this.shutdown = shutdown;
    }

    public void bind(CommandBindings bindings) {
        bindings.bind("time", this::time).bind("shutdown", this::shutdown);
    }

    private void time(Call call) {
        Instant now = Instant.now();
        call.reply().array(2);
        call.reply().bulk(now.getEpochSecond());
        call.reply().bulk(TimeUnit.NANOSECONDS.toMicros(now.getNano()));
    }

    private void shutdown(Call call) {
        Set<ShutdownFlag> flags = EnumSet.noneOf(ShutdownFlag.class);
        boolean abort = false;
        for (int i = 1; i < call.count(); i++) {
            if (call.is(i, "ABORT")) {
                abort = true;
            } else {
                flags.add(flag(call, i));
            }
        }
        boolean both = flags.contains(ShutdownFlag.SAVE) && flags.contains(ShutdownFlag.NOSAVE);
        if (both || abort && !flags.isEmpty()) {
            throw ErrorReply.SYNTAX;
        }
        if (!abort) {
            begin(call, flags);
        } else if (shutdown.get().abort()) {
            call.reply().ok();
        } else {
            throw new ErrorReply("ERR No shutdown in progress.");
        }
    }

    /** Whoever asks is answered by the end of the connection, or by an error. */
    private void begin(Call call, Set<ShutdownFlag> flags) {
        Suspension suspension = call.suspendReading();
        Session session = call.session();
        shutdown.get().begin(flags, ends -> {
            if (ends) {
                session.closeFromAnywhere();
            } else {
                suspension.resume(
                        reply -> reply.error("ERR Errors trying to SHUTDOWN. Check logs."));
            }
        });
    }

    private static ShutdownFlag flag(Call call, int argument) {
        for (ShutdownFlag flag : ShutdownFlag.values()) {
            if (call.is(argument, flag.name())) {
                return flag;
            }
        }
        throw ErrorReply.SYNTAX;
    }
}
