package dev.slotmesh.server.commands.admin;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** TIME and SHUTDOWN. */
public final class ServerCommands {
    private final Runnable stop;

    /** @param stop asks the node to end; returns at once */
    public ServerCommands(Runnable stop) {
        this.stop = stop;
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

    /** Nothing is kept on disk yet, so SAVE has nothing to wait for and every shutdown is a clean one. */
    private void shutdown(Call call) {
        boolean abort = false;
        boolean save = false;
        boolean noSave = false;
        for (int i = 1; i < call.count(); i++) {
            if (call.is(i, "NOSAVE") && !save) {
                noSave = true;
            } else if (call.is(i, "SAVE") && !noSave) {
                save = true;
            } else if (call.is(i, "ABORT")) {
                abort = true;
            } else if (!call.is(i, "NOW") && !call.is(i, "FORCE")) {
                throw ErrorReply.SYNTAX;
            }
        }
        if (abort && call.count() > 2) {
            throw ErrorReply.SYNTAX;
        }
        if (abort) {
            throw new ErrorReply("ERR No shutdown in progress.");
        }
        call.session().closeAfterReplies();
        stop.run();
    }
}
