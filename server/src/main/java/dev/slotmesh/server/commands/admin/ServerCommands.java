package dev.slotmesh.server.commands.admin;

import dev.slotmesh.server.config.ShutdownFlag;
import dev.slotmesh.server.replication.Replication;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Suspension;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** TIME and SHUTDOWN. */
public final class ServerCommands {
    private static final String NOT_ENDED = "ERR Errors trying to SHUTDOWN. Check logs.";

    private final Predicate<Set<ShutdownFlag>> shutdown;
    private final Supplier<Replication> node;

    /**
     * @param shutdown has the node end soon, unless that must not be: then false
     * @param replication asked for when a command comes
     */
    public ServerCommands(
            Predicate<Set<ShutdownFlag>> shutdown, Supplier<Replication> replication) {
        this.shutdown = shutdown;
        this.node = replication;
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
            if (!node.get().abortEnd()) {
                throw new ErrorReply("ERR No shutdown in progress.");
            }
            call.reply().ok();
        } else if (!flags.contains(ShutdownFlag.NOW) && node.get().mustAwaitReplicas()) {
            Suspension waiting = call.suspendReading();
            node.get().awaitReplicas(ready -> end(ready, flags, waiting));
        } else {
            if (!shutdown.test(flags)) {
                throw new ErrorReply(NOT_ENDED);
            }
            call.session().closeAfterReplies();
        }
    }

    /** Replicas have everything, or the node is to go on. A node that ends closes the connection without a reply. */
    private void end(boolean ready, Set<ShutdownFlag> flags, Suspension waiting) {
        boolean ends = ready && shutdown.test(flags);
        if (ready && !ends) {
            node.get().abortEnd();
        }
        if (!ends) {
            waiting.resume(reply -> reply.error(NOT_ENDED));
        }
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
