package dev.slotmesh.server.resharding;

import dev.slotmesh.server.resharding.SlotMover.Run;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CLUSTER MIGRATESLOTS: all keys of the slots and the slots themselves in one step. */
final class WholeSlots implements SlotMover.MoveOfSlots {
    private static final int LONGEST_RUN = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final Pattern STATE = Pattern.compile("\\$5\r\nstate\r\n\\$\\d+\r\n(\\S+)\r\n");

    @Override
    public int longestRun() {
        return LONGEST_RUN;
    }

    @Override
    public boolean move(Run run) {
        String accepted = run.source()
                .member()
                .ask(
                        "CLUSTER",
                        "MIGRATESLOTS",
                        "SLOTSRANGE",
                        "" + run.first(),
                        "" + run.last(),
                        "NODE",
                        run.target().id());
        if (!accepted.equals("+OK\r\n")) {
            return false;
        }
        long began = System.nanoTime();
        while (true) {
            String jobs = run.source().member().ask("CLUSTER", "GETSLOTMIGRATIONS");
            Matcher latest = STATE.matcher(jobs);
            String state = latest.find() ? latest.group(1) : "unknown after a restart";
            switch (state) {
                case "success" -> {
                    return true;
                }
                case "failed", "cancelled", "unknown after a restart" -> {
                    return false;
                }
                default -> LockSupport.parkNanos(POLL_NANOS);
            }
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new AssertionError(run + " does not end: " + jobs + "\n at the target: "
                        + run.target().member().ask("CLUSTER", "GETSLOTMIGRATIONS"));
            }
        }
    }
}
