package dev.slotmesh.server.session;

import dev.slotmesh.resp.Request;
import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.propagation.Propagation;

/**
 * Decides what one event loop's commands tell others of: by default, a command of the kind that writes is told of as it came if
 * it changed something. Confined to that loop.
 *
 * <p>Whoever takes slot locks calls {@link #begin} and, before giving them back, {@link #end}; when {@link #isOn}, commands
 * in between are executed by {@link #run}.
 */
final class Recorder {
    private static final long TELLING = CommandFlags.WRITE | CommandFlags.MAY_REPLICATE;

    private final Propagation propagation;
    private final Changes changes;
    private boolean silent;

    Recorder(Propagation propagation, Changes changes) {
        this.propagation = propagation;
        this.changes = changes;
    }

    /** Others know already of everything that follows, or of nothing any more. */
    void silent(boolean now) {
        silent = now;
    }

    /** See {@link Propagation#begin}. */
    boolean begin() {
        return !silent && propagation.begin();
    }

    boolean isOn() {
        return propagation.isCollecting();
    }

    /** Hands over what a session's commands changed, if {@link #begin} was called; their locks are still held. */
    void end(Session session) {
        if (propagation.isCollecting()) {
            long offset = propagation.end();
            if (offset >= 0) {
                session.state().writtenOffset(offset);
            }
        }
    }

    /** Executes a command of whose changes others are told. */
    void run(Call call, CommandSpec spec, CommandHandler handler) {
        long before = changes.changeCount();
        propagation.commandBegins();
        boolean completed = false;
        try {
            handler.run(call);
            completed = true;
        } finally {
            if (!completed) {
                propagation.dropUnfinished();
            }
            propagation.commandDone(
                    call.client().database(),
                    call.request(),
                    changes.changeCount() != before && spec.has(TELLING));
        }
    }

    /** Tells replicas of a command as it came, at once unless what others are told is being collected. */
    void tellReplicas(Session session, Request request) {
        if (propagation.isCollecting()) {
            propagation.verbatimAnyway();
        } else {
            long offset = propagation.log().appendToReplicas(session.state().database(), request);
            session.state().writtenOffset(offset);
        }
    }

    /** What was told of so far belongs together, what follows does not. */
    void endUnit() {
        if (propagation.isCollecting()) {
            propagation.endUnit();
        }
    }
}
