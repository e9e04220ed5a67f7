package dev.slotmesh.server.replication;

import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.session.Pause;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Before the node ends: writes are put off until every replica has everything, or for {@code shutdown-timeout}. So replicas can go
 * on from where they are when the node comes back from what it saves then.
 *
 * <p>Guarded by the monitor; those who wait are told without it.
 */
final class OrderlyEnd {
    private final NodeLog log;
    private final Replicas replicas;
    private final Supplier<Pause> pause;
    private final Runnable pauseEnded;
    private final List<Consumer<Boolean>> waiting = new ArrayList<>();
    private long endMs;
    private boolean told;

    /** @param pauseEnded lets those go on that were put off */
    OrderlyEnd(NodeLog log, Replicas replicas, Supplier<Pause> pause, Runnable pauseEnded) {
        this.log = log;
        this.replicas = replicas;
        this.pause = pause;
        this.pauseEnded = pauseEnded;
    }

    /** Whether a replica lacks something now. */
    boolean isNeeded() {
        long end = replicas.stream().endOffset();
        for (Replica replica : replicas.all()) {
            if (replica.acknowledged() != end) {
                return true;
            }
        }
        return false;
    }

    synchronized boolean isUnderWay() {
        return !waiting.isEmpty();
    }

    /**
     * Begins to wait, or joins in.
     *
     * @param then told true when the node may end, on the thread of {@link #review}; false when it is to go on
     */
    synchronized void begin(long timeoutMs, Consumer<Boolean> then) {
        if (waiting.isEmpty()) {
            log.notice("Waiting for replicas before shutting down.");
            endMs = System.currentTimeMillis() + timeoutMs;
            pause.get().start(Pause.Kind.WRITES, Long.MAX_VALUE);
        }
        waiting.add(then);
    }

    /** Looks whether the replicas have everything, or the time is up; a few times a second. */
    void review(long nowMs) {
        List<Consumer<Boolean>> all;
        synchronized (this) {
            boolean late = endMs - nowMs <= 0;
            if (told || waiting.isEmpty() || !late && isNeeded()) {
                return;
            }
            if (late) {
                tellOfLaggards();
            }
            told = true;
            all = List.copyOf(waiting);
        }
        all.forEach(each -> each.accept(true));
    }

    private void tellOfLaggards() {
        long end = replicas.stream().endOffset();
        for (Replica replica : replicas.all()) {
            if (replica.acknowledged() != end) {
                log.warning("Lagging replica " + replica.name() + " reported offset "
                        + (end - replica.acknowledged()) + " behind master, state="
                        + replica.phase().word + ".");
            }
        }
    }

    /** The node goes on: it cannot end, or somebody thought better of it. Returns false when nothing was under way. */
    boolean abort() {
        List<Consumer<Boolean>> all;
        synchronized (this) {
            all = told ? List.of() : List.copyOf(waiting);
            if (waiting.isEmpty()) {
                return false;
            }
            waiting.clear();
            told = false;
        }
        pause.get().end();
        pauseEnded.run();
        all.forEach(each -> each.accept(false));
        return true;
    }
}
