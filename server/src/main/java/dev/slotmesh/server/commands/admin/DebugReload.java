package dev.slotmesh.server.commands.admin;

import dev.slotmesh.server.persistence.Reload.Option;
import dev.slotmesh.server.persistence.Reload.Outcome;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Suspension;
import dev.slotmesh.server.system.DaemonThreads;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;

/** DEBUG RELOAD. It has a thread of its own, so that other clients can be told that the data set is being loaded. */
public final class DebugReload {
    private static final ErrorReply BAD_OPTION =
            new ErrorReply("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");
    private static final ErrorReply NOT_SAVED = new ErrorReply("ERR");
    private static final ErrorReply NOT_LOADED =
            new ErrorReply("ERR Error trying to load the RDB dump");

    private final BiFunction<Set<Option>, Runnable, Outcome> reload;

    /** @param reload saves and loads the data set, telling the action when it has been emptied in between */
    public DebugReload(BiFunction<Set<Option>, Runnable, Outcome> reload) {
        this.reload = reload;
    }

    void reload(Call call) {
        Set<Option> options = options(call);
        Runnable emptied = call.dispatcher()::breakWatches;
        if (call.session().inTransaction()) {
            ErrorReply failure = failure(reload.apply(options, emptied));
            if (failure != null) {
                throw failure;
            }
            call.reply().ok();
            return;
        }
        Suspension suspension = call.suspend();
        DaemonThreads.named("slotmesh-reload")
                .newThread(() -> answer(suspension, options, emptied))
                .start();
    }

    private void answer(Suspension suspension, Set<Option> options, Runnable emptied) {
        ErrorReply failure = NOT_LOADED;
        try {
            failure = failure(reload.apply(options, emptied));
        } finally {
            ErrorReply told = failure;
            suspension.resume(reply -> {
                if (told == null) {
                    reply.ok();
                } else {
                    reply.error(told.getMessage());
                }
            });
        }
    }

    /** Null when it went well. */
    private static ErrorReply failure(Outcome outcome) {
        return switch (outcome) {
            case DONE -> null;
            case NOT_SAVED -> NOT_SAVED;
            case NOT_LOADED -> NOT_LOADED;
        };
    }

    private static Set<Option> options(Call call) {
        Set<Option> options = EnumSet.noneOf(Option.class);
        for (int i = 2; i < call.count(); i++) {
            String word = call.text(i).toUpperCase(Locale.ROOT);
            Option known = null;
            for (Option option : Option.values()) {
                known = option.name().equals(word) ? option : known;
            }
            if (known == null) {
                throw BAD_OPTION;
            }
            options.add(known);
        }
        return options;
    }
}
