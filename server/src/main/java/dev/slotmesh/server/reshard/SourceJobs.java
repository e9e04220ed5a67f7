package dev.slotmesh.server.reshard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The jobs by which one source gives its slots away, one after the other. For one thread. */
final class SourceJobs {
    private static final int MOST_FAILURES = 3;

    private final Member source;
    private final NodeConnection node;
    private final Progress progress;
    /** Names of jobs that are not ours to watch. */
    private final Set<String> others = new HashSet<>();

    private final Deque<Left> left = new ArrayDeque<>();
    /** The slots of the job under way, those of the first of {@link #left}; null when there is none. */
    private BitSet running;

    private long keysShown;
    private int failures;
    private boolean isCancelled;

    /** What is left of a move. */
    private record Left(String targetId, BitSet slots) {}

    SourceJobs(Member source, NodeConnection node, Progress progress) {
        this.source = source;
        this.node = node;
        this.progress = progress;
    }

    Member source() {
        return source;
    }

    void add(Move move) {
        left.add(new Left(move.targetId(), (BitSet) move.slots().clone()));
    }

    /**
     * Looks at the job under way, and starts the next one when that is wanted.
     *
     * @return whether there is more to do
     * @throws ReshardFailure when a job cannot be started or has failed too often
     */
    boolean turn(boolean startsMore) throws ReshardFailure {
        if (running != null) {
            look();
        }
        while (running == null && startsMore && !left.isEmpty()) {
            Optional<BitSet> slice = Slices.next(left.element().slots(), progress);
            if (slice.isPresent()) {
                start(slice.get());
            } else {
                left.remove();
            }
        }
        return running != null;
    }

    private void start(BitSet slots) throws ReshardFailure {
        jobs().forEach(job -> others.add(job.name()));
        node.call(order(slots, left.element().targetId()));
        running = slots;
        keysShown = 0;
    }

    private static String[] order(BitSet slots, String targetId) {
        List<String> words = new ArrayList<>(List.of("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE"));
        for (SlotRuns.Run run : SlotRuns.of(slots)) {
            words.add(Integer.toString(run.first()));
            words.add(Integer.toString(run.last()));
        }
        words.add("NODE");
        words.add(targetId);
        return words.toArray(String[]::new);
    }

    private List<MigrationJob> jobs() throws ReshardFailure {
        return MigrationJob.allOf(node)
                .orElseThrow(
                        () -> new ReshardFailure(source + " no longer tells of its migrations"));
    }

    private void look() throws ReshardFailure {
        MigrationJob job = jobs().stream()
                .filter(each -> each.operation().equals("EXPORT") && !others.contains(each.name()))
                .filter(each -> each.targetId().equals(left.element().targetId()))
                .findFirst()
                .orElseThrow(
                        () -> new ReshardFailure(source + " has forgotten the migration of slots "
                                + SlotRuns.text(running) + "; it may have been restarted"));
        if (!job.isOver()) {
            showKeys(Math.max(keysShown, job.keysSent()));
            return;
        }
        BitSet ended = running;
        running = null;
        if (job.state().equals(MigrationJob.SUCCESS)) {
            failures = 0;
            showKeys(ended.stream().mapToLong(progress::keysIn).sum());
            ended.stream().forEach(progress::slotMoved);
            left.element().slots().andNot(ended);
        } else {
            showKeys(0);
            failed(job, ended);
        }
    }

    /** Keys of the job under way, as they are counted so far. */
    private void showKeys(long keys) {
        progress.keysMoved(keys - keysShown);
        keysShown = keys;
    }

    /** It is as if it had never begun, so it may be tried again. */
    private void failed(MigrationJob job, BitSet slots) throws ReshardFailure {
        if (job.state().equals(MigrationJob.CANCELLED)) {
            if (!isCancelled) {
                throw new ReshardFailure("somebody else has cancelled the migration of slots "
                        + SlotRuns.text(slots) + " from " + source);
            }
            return;
        }
        failures++;
        if (failures == MOST_FAILURES) {
            throw new ReshardFailure(
                    "the migration of slots " + SlotRuns.text(slots) + " from " + source
                            + " failed " + failures + " times: " + job.message()
                            + "\nThey are where they were, and nothing is half-way.");
        }
    }

    /** Cancels the job under way; whether it still came to its end, the next turn tells. */
    void cancel() throws ReshardFailure {
        if (running != null) {
            isCancelled = true;
            // An error means that it is over already.
            node.ask("CLUSTER", "CANCELSLOTMIGRATIONS");
        }
    }
}
