package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.log.NodeLog;

import java.io.IOException;
import java.util.List;

/** When the file is rewritten, how it went, and the deletion of what a rewrite leaves. Any thread. */
final class AofRewrites {
    private static final int PERCENT = 100;

    /** How a rewrite ended. */
    enum Ending {
        WELL,
        FAILED,
        /** Nobody wanted it any more. */
        GIVEN_UP
    }

    private final AppendOnlyFile owner;
    private final Configuration configuration;
    private final NodeLog log;
    private final RewriteLimit limit;
    private volatile boolean scheduled;
    private volatile long startedSecond = -1;
    private volatile long lastSeconds = -1;
    private volatile boolean lastWell = true;
    private volatile long count;

    AofRewrites(AppendOnlyFile owner, Configuration configuration, NodeLog log) {
        this.owner = owner;
        this.configuration = configuration;
        this.log = log;
        this.limit = new RewriteLimit(log);
    }

    boolean isRunning() {
        return startedSecond >= 0;
    }

    void started() {
        startedSecond = AppendOnlyFile.secondsNow();
        count++;
    }

    void ended(Ending how) {
        lastSeconds = AppendOnlyFile.secondsNow() - startedSecond;
        startedSecond = -1;
        if (how == Ending.WELL) {
            lastWell = true;
            limit.reset();
        } else if (how == Ending.FAILED) {
            lastWell = false;
            limit.failed();
        }
    }

    void schedule() {
        scheduled = true;
    }

    /** An operator wants one: earlier failures do not hold it back. */
    void scheduleByOperator() {
        limit.reset();
        scheduled = true;
    }

    void unschedule() {
        scheduled = false;
    }

    /** Whether one is to begin now, because it was scheduled or the file has grown. */
    boolean isDue(long nowMs, boolean on) {
        if (scheduled) {
            return !limit.holdsBack(nowMs);
        }
        long percentage = configuration.get(PersistenceDirectives.AUTO_AOF_REWRITE_PERCENTAGE);
        long least = configuration.get(PersistenceDirectives.AUTO_AOF_REWRITE_MIN_SIZE);
        long bytes = owner.currentBytes();
        if (!on || percentage == 0 || bytes <= least) {
            return false;
        }
        long base = Math.max(1, owner.rewrittenBytes());
        double growth = (double) bytes * PERCENT / base - PERCENT;
        if (growth < percentage || limit.holdsBack(nowMs)) {
            return false;
        }
        log.notice("Starting automatic rewriting of AOF on " + (long) growth + "% growth");
        return true;
    }

    /** Forgets and deletes the files of earlier times, unless they are to be kept. */
    void deleteHistory() {
        if (configuration.get(PersistenceDirectives.AOF_DISABLE_AUTO_GC)) {
            return;
        }
        List<AofFile> gone = owner.manifests().get().history();
        if (gone.isEmpty()) {
            return;
        }
        for (AofFile file : gone) {
            log.notice("Removing the history file " + file.name() + " in the background");
            owner.inBackground(() -> owner.delete(file));
        }
        try {
            owner.manifests().update(AofManifest::withoutHistory);
        } catch (IOException failure) {
            log.warning("Can't remove the history files from the AOF manifest: "
                    + failure.getMessage());
        }
    }

    AofFigures.Rewriting figures() {
        long started = startedSecond;
        return new AofFigures.Rewriting(
                started >= 0,
                scheduled,
                lastSeconds,
                started < 0 ? -1 : AppendOnlyFile.secondsNow() - started,
                new AofFigures.Outcomes(lastWell, count, limit.failures()));
    }
}
