package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.server.log.NodeLog;

import java.util.concurrent.TimeUnit;

/**
 * Holds rewrites back that the server begins by itself after several failed in a row, since each attempt leaves one more
 * increment behind: for a minute, then twice as long each time, an hour at most. For one thread, but for {@link #reset}.
 */
final class RewriteLimit {
    private static final int FAILURES = 3;
    private static final int LONGEST_MINUTES = 60;

    private final NodeLog log;
    private volatile int failures;
    private int minutes;
    private long untilMs;

    RewriteLimit(NodeLog log) {
        this.log = log;
    }

    /** A rewrite succeeded, or an operator wants one now. */
    void reset() {
        failures = 0;
    }

    void failed() {
        failures++;
    }

    /** Failures in a row. */
    int failures() {
        return failures;
    }

    /** Whether a rewrite must wait. */
    boolean holdsBack(long nowMs) {
        if (failures < FAILURES) {
            minutes = 0;
            untilMs = 0;
            return false;
        }
        if (untilMs != 0) {
            boolean waits = nowMs < untilMs;
            untilMs = waits ? untilMs : 0;
            return waits;
        }
        minutes = minutes == 0 ? 1 : Math.min(2 * minutes, LONGEST_MINUTES);
        untilMs = nowMs + TimeUnit.MINUTES.toMillis(minutes);
        log.warning(
                "Background AOF rewrite has repeatedly failed and triggered the limit, will retry in "
                        + minutes + " minutes");
        return true;
    }
}
