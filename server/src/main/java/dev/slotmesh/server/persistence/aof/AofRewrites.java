package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.log.NodeLog;

/** When the file is rewritten, and how it went. Any thread. */
final class AofRewrites {
    private static final int PERCENT = 100;

    /** How a rewrite ended. */
    enum Ending {
        WELL,
        FAILED,
        /** Nobody wanted it any more. */
        GIVEN_UP
    }

    private final Configuration configuration;
    private final NodeLog log;
    private final RewriteLimit limit;
    private volatile boolean scheduled;
    private volatile long startedSecond = -1;
    private volatile long lastSeconds = -1;
    private volatile boolean lastWell = true;
    private volatile long count;

    AofRewrites(Configuration configuration, NodeLog log) {
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

    /** One could not even begin. */
    void notBegun() {
        lastWell = false;
        limit.failed();
    }

    void schedule() {
        scheduled = true;
    }

    /** An operator wants one: earlier failures do not hold it back. */
    void scheduleByOperator() {
        limit.reset();
        scheduled = true;
    }

    /** Returns whether one was. */
    boolean unschedule() {
        boolean was = scheduled;
        scheduled = false;
        return was;
    }

    /**
     * Whether one is to begin now, because it was scheduled or the files have grown.
     *
     * @param on whether growth counts
     * @param bytes of the files now
     * @param rewrittenBytes of the files after the last rewrite
     */
    boolean isDue(long nowMs, boolean on, long bytes, long rewrittenBytes) {
        if (scheduled) {
            return !limit.holdsBack(nowMs);
        }
        long percentage = configuration.get(PersistenceDirectives.AUTO_AOF_REWRITE_PERCENTAGE);
        long least = configuration.get(PersistenceDirectives.AUTO_AOF_REWRITE_MIN_SIZE);
        if (!on || percentage == 0 || bytes <= least) {
            return false;
        }
        long base = Math.max(1, rewrittenBytes);
        double growth = (double) bytes * PERCENT / base - PERCENT;
        if (growth < percentage || limit.holdsBack(nowMs)) {
            return false;
        }
        log.notice("Starting automatic rewriting of AOF on " + (long) growth + "% growth");
        return true;
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
