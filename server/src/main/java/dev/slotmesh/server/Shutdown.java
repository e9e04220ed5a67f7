package dev.slotmesh.server;

import dev.slotmesh.keyspace.ExpiryMode;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.GeneralDirectives;
import dev.slotmesh.server.config.ShutdownFlag;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.Persistence;
import dev.slotmesh.server.replication.Replication;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.session.Pause;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The way to a node's end: replicas that lack something are waited for while writes are put off, what is to be kept is saved,
 * and then no command is executed any more and the node is asked to stop. When the save fails, the node goes on.
 *
 * <p>The monitor guards whether there is a wait and who is to be told; the save is made under the world lock and outside the
 * monitor, by the one thread that has set {@code finishing}.
 */
public final class Shutdown {
    private final Parts parts;
    private final Runnable stop;
    private final List<Consumer<Boolean>> asking = new ArrayList<>();
    /** Null when nobody wants the end. */
    private Set<ShutdownFlag> wanted;

    private long endMs;
    private boolean finishing;

    /** What the end concerns. */
    record Parts(
            Configuration configuration,
            NodeLog log,
            Persistence persistence,
            Replication replication,
            Dispatcher dispatcher) {}

    /** @param stop asks the node to end */
    Shutdown(Parts parts, Runnable stop) {
        this.parts = parts;
        this.stop = stop;
    }

    /**
     * Has the node end soon. No slot lock may be held.
     *
     * @param decided told, on any thread, whether the node ends; the log has the reason when it does not
     */
    public void begin(Set<ShutdownFlag> flags, Consumer<Boolean> decided) {
        synchronized (this) {
            asking.add(decided);
            if (wanted != null) {
                return;
            }
            parts.log().warning("User requested shutdown...");
            wanted = flags;
            long timeoutMs = TimeUnit.SECONDS.toMillis(
                    parts.configuration().get(GeneralDirectives.SHUTDOWN_TIMEOUT));
            endMs = System.currentTimeMillis() + timeoutMs;
            boolean waits = !flags.contains(ShutdownFlag.NOW)
                    && timeoutMs > 0
                    && !parts.replication().lagging().isEmpty();
            if (waits) {
                parts.dispatcher()
                        .pause()
                        .start(Pause.Purpose.SHUTDOWN, Pause.Kind.WRITES, Long.MAX_VALUE);
                parts.log().notice("Waiting for replicas before shutting down.");
                return;
            }
            finishing = true;
        }
        finish();
    }

    /** SHUTDOWN ABORT. Returns false when there is nothing to be aborted, or it is too late. */
    public boolean abort() {
        List<Consumer<Boolean>> told;
        synchronized (this) {
            if (wanted == null || finishing) {
                return false;
            }
            parts.log().warning("Shutdown manually aborted.");
            told = giveUp();
        }
        told.forEach(each -> each.accept(false));
        return true;
    }

    /** To be called some times a second, without any lock. */
    void review(long nowMs) {
        synchronized (this) {
            boolean due = wanted != null
                    && !finishing
                    && (endMs - nowMs <= 0 || parts.replication().lagging().isEmpty());
            if (!due) {
                return;
            }
            finishing = true;
        }
        finish();
    }

    /** How long replicas are still waited for at most, milliseconds; -1 when nobody wants the end. */
    public synchronized long remainingMs(long nowMs) {
        return wanted == null ? -1 : Math.max(0, endMs - nowMs);
    }

    private void finish() {
        tellOfReplicas();
        boolean ends = false;
        try {
            ends = save();
        } finally {
            // By a mistake of ours too: nobody is left waiting, and the next attempt is free to
            // come.
            settle(ends);
        }
    }

    private void settle(boolean ends) {
        List<Consumer<Boolean>> told;
        synchronized (this) {
            if (ends) {
                told = List.copyOf(asking);
                asking.clear();
            } else {
                told = giveUp();
            }
        }
        told.forEach(each -> each.accept(ends));
        if (ends) {
            stop.run();
        }
    }

    private void tellOfReplicas() {
        int all = parts.replication().replicaCount();
        if (all > 0) {
            List<String> lagging = parts.replication().lagging();
            lagging.forEach(parts.log()::notice);
            parts.log()
                    .notice((all - lagging.size()) + " of " + all
                            + " replicas are in sync when shutting down.");
        }
    }

    /** Once this is true nobody can write any more. */
    private boolean save() {
        Dispatcher dispatcher = parts.dispatcher();
        dispatcher.keyspace().locks().lockWorld();
        try {
            if (!parts.persistence().prepareToEnd(wantedFlags())) {
                parts.log()
                        .warning(
                                "Errors trying to shut down the server. Check the logs for more information.");
                return false;
            }
            dispatcher.end();
            // What is saved must stay what replicas have been told.
            dispatcher.keyspace().expiryMode(ExpiryMode.HIDE);
            return true;
        } finally {
            dispatcher.keyspace().locks().unlockWorld();
        }
    }

    private synchronized Set<ShutdownFlag> wantedFlags() {
        return wanted;
    }

    /** Back to work; returns who is to be told. The monitor is held. */
    private List<Consumer<Boolean>> giveUp() {
        wanted = null;
        finishing = false;
        if (parts.dispatcher().pause().end(Pause.Purpose.SHUTDOWN)) {
            parts.dispatcher().resumePaused();
        }
        List<Consumer<Boolean>> told = List.copyOf(asking);
        asking.clear();
        return told;
    }
}
