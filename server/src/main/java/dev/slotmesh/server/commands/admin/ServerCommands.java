package dev.slotmesh.server.commands.admin;

import dev.slotmesh.server.config.ShutdownFlag;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** TIME and SHUTDOWN. */
public final class ServerCommands {
    private final Predicate<Set<ShutdownFlag>> shutdown;

    /** @param shutdown has the node end soon, unless that must not be: then false */
    public ServerCommands(Predicate<Set<ShutdownFlag>> shutdown) {
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
        if (abort) {
            throw new ErrorReply("ERR No shutdown in progress.");
        }
        if (!shutdown.test(flags)) {
            throw new ErrorReply("ERR Errors trying to SHUTDOWN. Check logs.");
        }
        call.session().closeAfterReplies();
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
